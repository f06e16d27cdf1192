"""A face as a font of reportlab: Thai in two-byte codes, embedded with just what was drawn."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObjectReference,
    PDFString,
)

from signing.fonts.face import Face
from signing.fonts.subset import subset
from signing.pdf.codes import Codes
from signing.pdf.streams import stream

_SYMBOLIC = 4


@cache
def font_of(face: Face) -> FaceFont:
    """The face as canvases know it.

    reportlab knows fonts by name, for the whole process: a face that has been used stays known.
    A process has few.
    """
    font = FaceFont(face)
    pdfmetrics.registerFont(font)
    return font


@cache
def no_font() -> str:
    """The name of the font of a page before any is set.

    Without it reportlab would put Helvetica there, which is not embedded.
    """
    font = _DynamicFont("none")
    pdfmetrics.registerFont(font)
    return font.fontName


class _DynamicFont:
    """What reportlab asks of a font that is embedded with the part of it that was used."""

    _dynamicFont = True  # noqa: N815 - reportlab's name
    _multiByte = True  # noqa: N815 - the same
    shapable = False

    def __init__(self, name: str) -> None:
        self.fontName = f"{name}@{id(self):x}"
        self.face = SimpleNamespace(name=self.fontName)  # fonts of equal face are one to reportlab


class FaceFont(_DynamicFont):
    """One face. What a document has used of it is kept by the document until that is written."""

    def __init__(self, face: Face) -> None:
        super().__init__(face.name)
        self._face = face
        self._used: WeakKeyDictionary[PDFDocument, Codes] = WeakKeyDictionary()

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802 - reportlab's name
        del encoding  # texts are characters here
        return self._face.width(text, size)

    def splitString(  # noqa: N802 - reportlab's name
        self, text: str, doc: PDFDocument, encoding: str = "utf-8"
    ) -> list[tuple[int, bytes]]:
        """`text` in codes; all of them are in the one subset 0."""
        del encoding
        return [(0, self._codes(doc).write(text))]

    def writer(self, doc: PDFDocument) -> Callable[[str], bytes]:
        """`splitString` for many texts of one document."""
        return self._codes(doc).write

    def getSubsetInternalName(self, subset: int, doc: PDFDocument) -> str:  # noqa: N802 - the same
        """The name of the font in the pages' resources."""
        del subset  # there is one
        name = doc.fontMapping.get(self.fontName)
        if name is None:
            name = doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        return str(name)

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 - the same
        """Embeds what the document has used; reportlab calls this when it writes the file."""
        font = _embedded(doc, self._face, self._codes(doc))
        name = self.getSubsetInternalName(0, doc).removeprefix("/")
        doc.idToObject["BasicFonts"].dict[name] = doc.Reference(font)
        del self._used[doc]

    def _codes(self, doc: PDFDocument) -> Codes:
        codes = self._used.get(doc)
        if codes is None:
            codes = self._used[doc] = Codes(self._face)
        return codes


def _embedded(doc: PDFDocument, face: Face, codes: Codes) -> PDFDictionary:
    """A composite font with the drawings that were used, reading back as plain characters."""
    name = PDFName(f"{_tag(codes.glyph_ids)}+{face.name}")
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": name,
        "CIDSystemInfo": _identity(),
        "CIDToGIDMap": "/Identity",
        "DW": 0,
        "W": PDFArray([1, PDFArray(codes.widths)]),
        "FontDescriptor": _descriptor(doc, face, codes, name),
    }
    return PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": PDFArray([doc.Reference(PDFDictionary(descendant))]),
            "ToUnicode": doc.Reference(stream(codes.to_unicode())),
        }
    )


def _identity() -> PDFDictionary:
    return PDFDictionary(
        {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
    )


def _descriptor(doc: PDFDocument, face: Face, codes: Codes, name: str) -> PDFObjectReference:
    metrics = face.metrics
    file = subset(face.outlines, codes.glyph_ids)
    entries = {
        "Type": "/FontDescriptor",
        "FontName": name,
        "Flags": _SYMBOLIC,
        "FontBBox": PDFArray(metrics.box),
        "ItalicAngle": 0,
        "Ascent": metrics.ascent,
        "Descent": metrics.descent,
        "CapHeight": metrics.cap_height,
        "StemV": metrics.stem,
        "FontFile2": doc.Reference(stream(file, Length1=len(file))),
    }
    return doc.Reference(PDFDictionary(entries))


def _tag(glyph_ids: tuple[int, ...]) -> str:
    """Six letters, the same for the same drawings."""
    value = zlib.crc32(repr(glyph_ids).encode())
    letters = []
    for _ in range(6):
        value, letter = divmod(value, 26)
        letters.append(chr(ord("A") + letter))
    return "".join(letters)
