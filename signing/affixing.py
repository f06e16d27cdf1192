"""The electronic seal of an organisation: a signature of its own key, of nobody in person.

It is one revision more behind those of the officials, and goes where the document leaves a place
for it; else it is not seen on the page.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.stamp import BaseStampStyle

from signing.appearance import Stamp, write_lines
from signing.errors import Unreadable
from signing.fonts import Typeface, built_in
from signing.keys import KeyProvider
from signing.pdf.content import Colour, Content, Piece
from signing.pdf.document import Document
from signing.render.blocks.closing import SEAL_FIELD
from signing.render.fields import Fields
from signing.sign import Signed, finish, made_ready, seal
from signing.stages import Prepared
from signing.thai import between_words, thai_moment
from signing.timestamp import Timestamps

_RED: Colour = (0.68, 0.09, 0.12)
_NAME_SIZE, _WORDS_SIZE = 13.0, 10.0
#: what words may take of the ring's diameter
_WIDE, _HIGH = 0.78, 0.6
_OUTER_LINE, _INNER_LINE = 1.6, 0.7


def affix(
    pdf: bytes,
    key: KeyProvider,
    *,
    organisation: str,
    at: datetime,
    timestamps: Timestamps | None,
    typeface: Typeface | None = None,
) -> Signed:
    """The document with the seal: B-T, or B-B without `timestamps`.

    Raises what `signing.sign` raises. After `TimestampUnavailable` it is done anew: nothing of it
    waits for a person.
    """
    prepared = prepare_seal(pdf, organisation, at, typeface)
    return finish(seal(prepared, key), timestamps)


def prepare_seal(
    pdf: bytes, organisation: str, at: datetime, typeface: Typeface | None = None
) -> Prepared:
    """The document ready to be sealed. Raises `FieldLocked`, `Unreadable` or `Unrenderable`."""
    faces = typeface or built_in()
    Fields({}, faces.printable).checked("organisation", organisation)
    name, there = _field(pdf)
    mark = _Mark(0, organisation=organisation, at=at, faces=faces)
    return made_ready(pdf, name, mark, organisation, at, anew=not there)


def awaits_seal(pdf: bytes) -> bool:
    """Whether its pages show room for a seal that is not there yet. Raises `Unreadable`."""
    return _field(pdf)[1]


def _field(pdf: bytes) -> tuple[str, bool]:
    """The empty field that waits for it, else the name of one to be made."""
    try:
        found = enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf)))
        fields = {name: value for name, value, _ in found}
    except (PdfError, ValueError, KeyError, RecursionError) as error:
        raise Unreadable(f"Expected a PDF that can be sealed, but: {error}") from error
    if SEAL_FIELD in fields and fields[SEAL_FIELD] is None:
        return SEAL_FIELD, True
    names = (f"seal_{n:04}" for n in range(1, len(fields) + 2))
    return next(name for name in names if name not in fields), False


@dataclass(frozen=True)
class _Mark(BaseStampStyle):
    """As round as a seal, for one document only."""

    organisation: str = ""
    at: datetime | None = None
    faces: Typeface | None = None

    def create_stamp(  # type: ignore[override] # pyHanko asks a stamp only to apply itself
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, str]
    ) -> Stamp | None:
        del text_params  # pyHanko's own words, in English
        if self.at is None or self.faces is None or not (box.width and box.height):
            return None
        size = (float(box.width), float(box.height))
        return Stamp(writer, _drawn(self.organisation, self.at, size, self.faces))


def _drawn(organisation: str, at: datetime, size: tuple[float, float], faces: Typeface) -> bytes:
    """A one-page PDF as large as the field."""
    document = Document(size)
    content = document.add_page()
    across = min(size) - _OUTER_LINE
    _rings(content, size, across / 2)
    room = (across * _WIDE, across * _HIGH)
    lines = [Piece("ตราประทับอิเล็กทรอนิกส์", faces.regular, _WORDS_SIZE)]
    lines += [Piece(line, faces.bold, _NAME_SIZE) for line in _broken(organisation, room[0], faces)]
    lines += [Piece(text, faces.regular, _WORDS_SIZE) for text in thai_moment(at).split(" เวลา ")]
    write_lines(content, [(line, _RED) for line in lines], size, room)
    out = io.BytesIO()
    document.build().save(out)
    return out.getvalue()


def _rings(content: Content, size: tuple[float, float], radius: float) -> None:
    middle = (size[0] / 2, size[1] / 2)
    content.ring(middle, radius, _OUTER_LINE, _RED)
    content.ring(middle, radius - 2.2 * _OUTER_LINE, _INNER_LINE, _RED)


def _broken(text: str, width: float, faces: Typeface) -> list[str]:
    """In lines that are as long as they may be; what has no break is made smaller when drawn."""
    breaks = sorted({*between_words(text), len(text)})
    lines, begun, last = [], 0, 0
    for offset in breaks:
        if last > begun and faces.bold.width(text[begun:offset].rstrip(), _NAME_SIZE) > width:
            lines.append(text[begun:last].strip())
            begun = last
        last = offset
    return [*lines, text[begun:].strip()]
