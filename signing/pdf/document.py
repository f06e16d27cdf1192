"""A document being written: its pages, fonts, figures and tags, and their PDF objects."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from signing.fonts.subset import subset
from signing.pdf.content import Content, Fonts
from signing.pdf.structure import Element
from signing.pdf.text import UsedFace

A4 = (595.276, 841.89)
_SYMBOLIC = 4


class Document:
    """Pages are added in order; nothing is a PDF object before `build`."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.size = size
        self.fonts = Fonts()
        self.pages: list[Content] = []
        self.root = Element("Document")
        self.pdf = Pdf.new()
        self._figures: dict[str, Object] = {}

    def add_page(self) -> Content:
        page = Content(len(self.pages), self.fonts)
        self.pages.append(page)
        return page

    def add_figure(self, figure: Object) -> str:
        """A form or image to be drawn; the name to draw it by."""
        name = f"X{len(self._figures)}"
        self._figures[name] = self.pdf.make_indirect(figure)
        return name

    def build(self) -> Pdf:
        """The pages as PDF objects; tags and archive form come after."""
        resources = self.pdf.make_indirect(self._resources())
        for content in self.pages:
            self._add(content, resources)
        return self.pdf

    def _add(self, content: Content, resources: Object) -> None:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *self.size]),
            Resources=resources,
            Contents=compressed(self.pdf, content.data()),
        )
        self.pdf.pages.append(pikepdf.Page(page))

    def _resources(self) -> Dictionary:
        fonts = {f"/{used.name}": embedded(self.pdf, used) for used in self.fonts}
        resources = Dictionary(Font=Dictionary(fonts))
        if self._figures:
            resources.XObject = Dictionary({f"/{k}": v for k, v in self._figures.items()})
        return resources


def compressed(pdf: Pdf, data: bytes, **entries: Any) -> Stream:
    return Stream(pdf, _deflated(data), Dictionary(Filter=Name.FlateDecode, **entries))


@lru_cache(maxsize=128)
def _deflated(data: bytes) -> bytes:
    """Kept, because fonts and emblems repeat from one document to the next."""
    return zlib.compress(data, 6)


def embedded(pdf: Pdf, used: UsedFace) -> Object:
    """A composite font with the drawings that were used, reading back as plain characters."""
    name = Name(f"/{_tag(used)}+{used.face.name}")
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        CIDToGIDMap=Name.Identity,
        DW=0,
        W=Array([1, Array(used.widths)]),
        FontDescriptor=pdf.make_indirect(_descriptor(pdf, used, name)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=compressed(pdf, used.to_unicode()),
        )
    )


def _identity() -> Dictionary:
    return Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)


def _descriptor(pdf: Pdf, used: UsedFace, name: Name) -> Dictionary:
    metrics = used.face.metrics
    file = subset(used.face.outlines, used.glyph_ids)
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=_SYMBOLIC,
        FontBBox=Array(list(metrics.box)),
        ItalicAngle=0,
        Ascent=metrics.ascent,
        Descent=metrics.descent,
        CapHeight=metrics.cap_height,
        StemV=metrics.stem,
        FontFile2=compressed(pdf, file, Length1=len(file)),
    )


def _tag(used: UsedFace) -> str:
    """Six letters, the same for the same drawings."""
    value = zlib.crc32(repr(used.glyph_ids).encode())
    letters = []
    for _ in range(6):
        value, letter = divmod(value, 26)
        letters.append(chr(ord("A") + letter))
    return "".join(letters)
