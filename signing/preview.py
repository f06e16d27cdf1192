"""Pages as pictures and as text, for previews and for checks."""

from __future__ import annotations


def page_count(pdf: bytes) -> int:
    """How many pages; raises `Unreadable`."""
    raise NotImplementedError


def page_png(pdf: bytes, page: int, width: int) -> bytes:
    """One page (from 0) as PNG, `width` pixels wide (at most 4000); raises `Unreadable`, `IndexError`."""
    raise NotImplementedError


def page_text(pdf: bytes, page: int | None = None) -> str:
    """The text of one page, or of all."""
    raise NotImplementedError
