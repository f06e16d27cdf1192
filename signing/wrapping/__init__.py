"""A stranger's PDF as an official document: a cover before it, a field to sign, its bytes as they
were. All reading of it happens in a process apart with caps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from signing.errors import Unwrappable
from signing.nursery import ask_about

__all__ = ["MOST_BYTES", "MOST_PAGES", "Facts", "examine", "wrap"]

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 2_000
#: each is looked at whenever a signature is judged
MOST_OBJECTS = 20_000
_MEMORY = 1024 * 1024 * 1024
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What a PDF says of itself: `pdfa` is its own claim, as in "2b"; nobody has checked it."""

    pages: int
    pdfa: str | None


def examine(pdf: bytes) -> Facts:
    """Raises `Unwrappable` for what cannot be signed without being written anew."""
    digest = sha256(pdf).digest()
    if digest not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[digest] = _examined(pdf)
    return _known[digest]


def _examined(pdf: bytes) -> Facts:
    if len(pdf) > MOST_BYTES:
        raise Unwrappable("too_large", f"Expected at most {MOST_BYTES >> 20} MB.")
    if b"%PDF-" not in pdf[:1024]:
        raise Unwrappable("not_pdf", "Expected a PDF; print the file to PDF first.")
    head, _ = _asked({"verb": "examine"}, pdf)
    return Facts(head["pages"], head["pdfa"])


#: by hash: the files themselves would fill the memory
_known: dict[bytes, Facts] = {}
_MOST_KNOWN = 500


def wrap(pdf: bytes, cover: bytes, fields: Sequence[Any]) -> bytes:
    """The PDF with the cover's pages before its own, and the cover's signature fields, as one
    revision behind its bytes. Its claim to be PDF/A is not repeated: the whole is none.

    Equal files give equal bytes. Raises `Unwrappable`.
    """
    places = [{"name": one.name, "page": one.page, "box": list(one.box)} for one in fields]
    question = {"verb": "wrap", "cover": len(cover), "fields": places}
    _, revision = _asked(question, cover + pdf)
    return pdf + revision


def _asked(question: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    return ask_about(
        data,
        "signing.wrapping.child",
        question,
        Unwrappable,
        seconds=_SECONDS,
        memory=_MEMORY,
        to_be="read",
    )
