"""Pages as pictures and as text, for previews and for checks."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

import pypdfium2
from PIL import Image, ImageChops

from signing.errors import Unreadable

_WIDEST = 4000
#: Taller than this times its width is no page of paper.
_TALLEST = 5
#: PDFium may be used by one thread at a time.
_ONE_AT_A_TIME = Lock()


def page_count(pdf: bytes) -> int:
    """How many pages; raises `Unreadable`."""
    with _opened(pdf) as document:
        return len(document)


def page_png(pdf: bytes, page: int, width: int) -> bytes:
    """One page (from 0) as PNG, `width` pixels wide (at most 4000), with the signatures' blocks.

    Raises `Unreadable`, and `IndexError` for a page that there is not.
    """
    with _opened(pdf) as document:
        found = _page(document, page)
        paper_width, paper_height = found.get_size()
        if not 0 < paper_height <= _TALLEST * paper_width:
            raise Unreadable("Expected a page of paper, but its shape is another.")
        scale = min(width, _WIDEST) / paper_width
        out = io.BytesIO()
        found.render(scale=scale, may_draw_forms=True).to_pil().save(out, "PNG", compress_level=1)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page: `digest` tells pictures apart, `png` is None where the asker has it."""

    digest: str
    png: bytes | None


def pictures(pdf: bytes, width: int, *, known: Collection[str] = (), most: int) -> list[Picture]:
    """The first pages, at most `most`, `width` pixels wide; those of known digests are not made
    anew, which saves most of the time. Raises `Unreadable`.
    """
    drawn: list[tuple[str, Image.Image | None]] = []
    with _opened(pdf) as document:
        for number in range(min(len(document), most)):
            page = document[number]
            bitmap = page.render(scale=min(width, _WIDEST) / page.get_size()[0])
            # of the pixels as they lie: making a picture of a known page is a third of the time
            name = blake2b(bitmap.buffer, digest_size=8).hexdigest()
            drawn.append((name, None if name in known else bitmap.to_pil()))
    return [Picture(name, None if image is None else _png(image)) for name, image in drawn]


def _png(image: Image.Image) -> bytes:
    """Without colours where there are none: a third of the bytes and of the time."""
    red, green, blue = image.convert("RGB").split()
    grey = not any(ImageChops.difference(red, one).getbbox() for one in (green, blue))
    out = io.BytesIO()
    (red if grey else image).save(out, "PNG", compress_level=1)
    return out.getvalue()


def page_text(pdf: bytes, page: int | None = None) -> str:
    """The text of one page, or of all, pages divided by form feeds."""
    with _opened(pdf) as document:
        numbers = range(len(document)) if page is None else [page]
        return "\f".join(_text(_page(document, number)) for number in numbers)


def _page(document: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 0 <= page < len(document):
        raise IndexError(f"Expected a page from 0 to {len(document) - 1}, but it is {page}.")
    return document[page]


def _text(page: pypdfium2.PdfPage) -> str:
    text: str = page.get_textpage().get_text_range()
    return text.replace("\r\n", "\n")


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise Unreadable(f"Expected a PDF that can be shown, but: {error}") from error
        try:
            document.init_forms()
            yield document
        finally:
            document.close()
