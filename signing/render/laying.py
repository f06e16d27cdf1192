"""Strips on the pages of a document: the way that letters and slips have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from signing.errors import Unrenderable
from signing.pdf.content import Content
from signing.pdf.document import Document
from signing.pdf.structure import Box
from signing.render.furniture import Furniture
from signing.render.pagination import Placed, paginate
from signing.render.sheet import CM, LEFT, WIDTH, Window
from signing.render.strips import Strip

#: pikepdf is used by one thread at a time.
ONE_AT_A_TIME = Lock()
_BOTTOM = 2 * CM
_NEXT_TOP = 2.5 * CM
_MOST_PAGES = 1000
#: Tried in turn until one gives the fewest pages: how much of the shrinkable space is given up.
_SHRINKING = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field in the PDF; `box` is (left, bottom, right, top) in points."""

    name: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF/A-3a with its empty signature fields.

    `lines` are the text lines of each page in reading order, page furniture left out.
    """

    pdf: bytes
    pages: int
    fields: tuple[SignatureField, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Page:
    """The page being drawn, the `number`th of all (from 0), and the signature fields so far."""

    content: Content
    signatures: list[SignatureField]
    number: int
    left: float = field(default=LEFT)
    width: float = field(default=WIDTH)

    def signature(self, name: str, box: Box) -> None:
        self.signatures.append(SignatureField(name, self.content.index, box))


@dataclass(frozen=True, slots=True)
class Laid:
    """As of `Rendered`, before the file is finished."""

    signatures: tuple[SignatureField, ...]
    lines: tuple[tuple[str, ...], ...]


def lay(
    document: Document,
    strips: Sequence[Strip],
    furniture: Furniture,
    top: float,
    last: Callable[[Page], None] | None = None,
    window: Window | None = None,
) -> Laid:
    """Draw the strips, `top` from the edge of the first page; `last` draws on the last page. Of
    the pages in `window` alone, where that is given: the others are laid out and not drawn.

    Raises `Unrenderable` for more than 1,000 pages.
    """
    pages = _pages(strips, top)
    if len(pages) > _MOST_PAGES:
        raise Unrenderable("paragraphs", f"Expected at most {_MOST_PAGES} pages of text.")
    signatures: list[SignatureField] = []
    for number in range(len(pages)) if window is None else window.of(len(pages)):
        placed = pages[number]
        height = document.size[1] - (_NEXT_TOP if number else top)
        page = Page(document.add_page(), signatures, number)
        following = pages[number + 1] if number + 1 < len(pages) else None
        furniture.draw(page, document.size, following, pages=len(pages))
        for item in placed:
            _draw(item, page, height)
        if following is None and last is not None:
            last(page)
    return Laid(tuple(signatures), tuple(tuple(_lines(placed)) for placed in pages))


def _pages(strips: Sequence[Strip], top: float) -> list[list[Placed]]:
    """The fewest pages that giving up shrinkable space allows, and the most space for those."""
    height = 841.89 - _BOTTOM
    tries = []
    for share in _SHRINKING:
        shrunk = [replace(s, before=s.before - share * s.shrink) if s.shrink else s for s in strips]
        tries.append(paginate(shrunk, height - top, height - _NEXT_TOP))
    return min(tries, key=len)


def _draw(item: Placed, page: Page, top: float) -> None:
    if not item.again:
        item.strip.draw(page, top - item.down)
        return
    with page.content.furniture():
        item.strip.draw(page, top - item.down)


def _lines(placed: Sequence[Placed]) -> list[str]:
    return [item.strip.text for item in placed if item.strip.text and not item.again]
