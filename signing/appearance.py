"""The visible block of a signature: who signed, in which post, when."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AnnotAppearances
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStampStyle

from signing.fonts import Typeface, built_in
from signing.pdf.content import Colour, Content, Piece
from signing.pdf.document import Document
from signing.render.fields import Fields
from signing.thai import thai_moment

_INK: Colour = (0.08, 0.2, 0.42)
_GREY: Colour = (0.25, 0.25, 0.25)
_MARGIN = 4.0
_NAME_SIZE, _POST_SIZE, _TIME_SIZE = 14.0, 12.0, 11.0
_SMALLEST = 5.0
#: no line is set smaller than by this to fit beside another
_NARROW = 0.75
_LEADING = 1.12
_BASELINE = 0.32


@dataclass(frozen=True, slots=True)
class SignerBlock:
    """What the visible block says: who signs, and in which post (acting-for lines included)."""

    name: str
    position_lines: Sequence[str] = ()


@dataclass(frozen=True)
class VisibleBlock(BaseStampStyle):
    """For one signature only: pyHanko's ready-made styles keep state between documents, and their
    text is no PDF/A.
    """

    signer: SignerBlock | None = None
    at: datetime | None = None
    typeface: Typeface | None = None

    def create_stamp(  # type: ignore[override] # pyHanko asks a stamp only to apply itself
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, str]
    ) -> Stamp | None:
        del text_params  # pyHanko's own words, in English
        if self.signer is None or self.at is None or not (box.width and box.height):
            return None
        drawing = draw(self.signer, self.at, (float(box.width), float(box.height)), self.typeface)
        return Stamp(writer, drawing)


class Stamp:
    """Puts the drawing into the field, as pyHanko asks."""

    def __init__(self, writer: BasePdfFileWriter, drawing: bytes) -> None:
        self._writer = writer
        self._drawing = drawing

    def apply_appearance(self, annotation: generic.DictionaryObject) -> None:
        reader = PdfFileReader(io.BytesIO(self._drawing))
        form = self._writer.import_page_as_xobject(reader)
        annotation["/AP"] = AnnotAppearances(form).as_pdf_object()


def check(signer: SignerBlock, typeface: Typeface | None = None) -> None:
    """Raises `Unrenderable` when the block cannot be printed."""
    fields = Fields({}, (typeface or built_in()).printable)
    fields.checked("signer.name", signer.name)
    for n, line in enumerate(signer.position_lines):
        fields.checked(f"signer.position_lines.{n}", line)


def draw(
    signer: SignerBlock, at: datetime, size: tuple[float, float], typeface: Typeface | None
) -> bytes:
    """A one-page PDF as large as the field."""
    faces = typeface or built_in()
    document = Document(size)
    content = document.add_page()
    _frame(content, size)
    lines = [
        (Piece(signer.name, faces.bold, _NAME_SIZE), _INK),
        *((Piece(line, faces.regular, _POST_SIZE), _INK) for line in signer.position_lines),
        *((Piece(line, faces.regular, _TIME_SIZE), _GREY) for line in _moment(at, faces, size[0])),
    ]
    write_lines(content, lines, size)
    out = io.BytesIO()
    document.build().save(out)
    return out.getvalue()


def _moment(at: datetime, faces: Typeface, width: float) -> list[str]:
    """On one line; in a narrow field on two, rather than too small to be read."""
    parts = ["ลงลายมือชื่ออิเล็กทรอนิกส์", thai_moment(at)]
    whole = " ".join(parts)
    return [whole] if Piece(whole, faces.regular, _TIME_SIZE).width * _NARROW <= width else parts


def _frame(content: Content, size: tuple[float, float]) -> None:
    width, height = size
    content.frame((1, 1, width - 1, height - 1), 0.5, _INK)


def write_lines(
    content: Content,
    lines: Sequence[tuple[Piece, Colour]],
    size: tuple[float, float],
    room: tuple[float, float] | None = None,
) -> None:
    """The lines in the middle of the field, made smaller where there is little room."""
    width, height = room or (size[0] - 2 * _MARGIN, size[1] - _MARGIN)
    wanted = sum(piece.size * _LEADING for piece, _ in lines)
    share = min(height / wanted, 1.0)
    down = size[1] - (size[1] - wanted * share) / 2
    for piece, colour in lines:
        down -= piece.size * _LEADING * share
        fitting = min(share, width / max(piece.width, 1.0))
        drawn = Piece(piece.text, piece.face, max(piece.size * fitting, _SMALLEST))
        x = (size[0] - drawn.width) / 2
        content.text(x, down + piece.size * share * _BASELINE, [drawn], colour)
