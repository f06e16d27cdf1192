"""A document being written: its pages on one canvas, its figures and tags."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Pdf
from reportlab.pdfbase.pdfdoc import PDFDictionary
from reportlab.pdfgen.canvas import Canvas

from signing.pdf.content import Content
from signing.pdf.font import no_font
from signing.pdf.streams import stream
from signing.pdf.structure import Element

A4 = (595.276, 841.89)
_PDF_VERSION = (1, 7)


class Document:
    """Pages are drawn one after the other; nothing is a file before `build`."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.size = size
        self.pages: list[Content] = []
        self.root = Element("Document")
        self._figures = 0
        self._canvas = Canvas(
            io.BytesIO(),
            pagesize=size,
            pageCompression=0,  # what finishes the file compresses it
            invariant=True,
            pdfVersion=_PDF_VERSION,
            initialFontName=no_font(),
        )

    def add_page(self) -> Content:
        """The next page; the one before it is done."""
        self._end_page()
        page = Content(len(self.pages), self._canvas)
        self.pages.append(page)
        return page

    def _end_page(self) -> None:
        if self.pages:
            self.pages[-1].end_mark()
            self._canvas.showPage()

    def add_drawing(self, draw: Callable[[Canvas], None]) -> str:
        """A figure of lines and areas in a unit square; the name to draw it by."""
        name = self._figure_name()
        self._canvas.beginForm(name, 0, 0, 1, 1)
        draw(self._canvas)
        self._canvas.endForm(Resources=PDFDictionary())
        return name

    def add_picture(self, width: int, height: int, pixels: bytes) -> str:
        """A figure of red, green and blue pixels; the name to draw it by."""
        name = self._figure_name()
        picture = stream(
            pixels,
            Type="/XObject",
            Subtype="/Image",
            Width=width,
            Height=height,
            ColorSpace="/DeviceRGB",
            BitsPerComponent=8,
        )
        # Not by drawImage: it deflates the picture anew for each document.
        self._canvas._doc.addForm(name, picture)  # noqa: SLF001 - the canvas has no call for it
        return name

    def _figure_name(self) -> str:
        self._figures += 1
        return f"figure{self._figures}"

    def build(self) -> Pdf:
        """The pages as PDF objects; tags and archive form come after. Done once."""
        self._end_page()
        pdf = pikepdf.open(io.BytesIO(self._canvas.getpdfdata()))
        _tidy(pdf)
        return pdf


def _tidy(pdf: Pdf) -> None:
    """Without what reportlab writes into every file: the same identifier, empty entries."""
    del pdf.trailer.ID, pdf.trailer.Info, pdf.Root.PageMode
    for page in pdf.pages:
        del page.obj.Trans, page.obj.Rotate, page.obj.Resources.ProcSet
