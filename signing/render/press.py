"""What a rendered document is, and the way to it: check, lay out, paginate, draw, archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signing.fonts import Typeface


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field in the PDF; `box` is (left, bottom, right, top) in points."""

    name: str
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF/A-2a with its empty signature fields.

    `lines` are the text lines of each page in reading order, page furniture left out.
    """

    pdf: bytes
    pages: int
    fields: tuple[SignatureField, ...]
    lines: tuple[tuple[str, ...], ...]


def render(
    document: Mapping[str, Any],
    *,
    typeface: Typeface | None = None,
    emblem: bytes | None = None,
    draft: bool = False,
    preparers: bool = True,
) -> Rendered:
    """The official PDF of one document (shape of the sample documents).

    The same content gives the same bytes. `draft` leaves number and date blank, whatever the
    content says; without it both are required. `preparers` prints the names of those who
    drafted, typed and checked. `emblem` is the agency's own artwork (PNG, JPEG, SVG or PDF); without
    it a neutral placeholder stands in. Raises `Unrenderable` naming the field.
    """
    raise NotImplementedError
