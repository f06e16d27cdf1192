"""What copies bear, drawn by our own layout: the receiving stamp, the words of certification and
the note that says what the copy is. Each is one page of a small PDF, as large as itself.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from signing.copies.measures import FOOT, HEAD, NOTE, SIGNATURE, STAMP, WORDS, Size
from signing.fonts import Typeface
from signing.fonts.face import Face
from signing.pdf.content import BLACK, Colour, Content, Piece
from signing.pdf.document import Document
from signing.thai import opportunities

_INK: Colour = (0.08, 0.2, 0.42)
_GREY: Colour = (0.25, 0.25, 0.25)
_AGENCY, _LINE = 14.0, 14.0
_INSIDE = 5.0
#: a name stays on one line while it is this large; on several it begins with that size, and leaves
#: the rows below it their room
_ONE_LINE, _SEVERAL, _NAME_HEIGHT = 10.5, 11.5, 34.0
_SHRINK = 0.96
_NOTE_SIZE, _NOTE_LEADING = 8.0, 9.2
_CERTIFIED, _POST = 15.0, 13.0
_LEADING = 1.2


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receiving stamp says, in words as printed: whose, เลขที่รับ, วันที่, เวลา."""

    agency: str
    number: str
    day: str
    time: str

    def lines(self) -> Sequence[str]:
        return self.agency, self.number, self.day, self.time


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who certifies a copy: name, lines of the post (acting-for lines included), the day. `marks`
    stand beside it: a degree of secrecy, the copy's number.
    """

    name: str
    position_lines: Sequence[str]
    day: str
    marks: Sequence[str] = ()

    def lines(self) -> Sequence[str]:
        return self.name, *self.position_lines, self.day, *self.marks


def receipt_figures(
    receipt: Receipt, note: Sequence[str], faces: Typeface
) -> tuple[bytes, Sequence[Size]]:
    """The stamp and the note, and how large each is (points)."""
    figures: list[tuple[Size, Callable[[Content], None]]] = [
        (STAMP, lambda content: _stamp(content, receipt, faces)),
        (NOTE, lambda content: _note(content, note, faces)),
    ]
    return _drawn(figures)


def certificate_figures(
    certificate: Certificate, note: Sequence[str], faces: Typeface
) -> tuple[bytes, Sequence[Size]]:
    """The word above the page, the foot of the first page, and that of all others."""

    def foot(content: Content, first: bool) -> None:
        _note(content, note, faces)
        _certification(content, certificate, faces)
        if not first:
            _centred(content, ["ลายมือชื่อผู้รับรองอยู่ที่หน้า ๑"], SIGNATURE, faces.regular, _GREY)

    return _drawn(
        [
            (HEAD, lambda content: _copy(content, faces)),
            (FOOT, lambda content: foot(content, True)),
            (FOOT, lambda content: foot(content, False)),
        ]
    )


def _drawn(
    figures: Sequence[tuple[Size, Callable[[Content], None]]],
) -> tuple[bytes, Sequence[Size]]:
    """A page for each, all as large as the largest: each stands at the bottom left of its own."""
    sizes = [size for size, _ in figures]
    document = Document((max(size[0] for size in sizes), max(size[1] for size in sizes)))
    for _, draw in figures:
        draw(document.add_page())
    out = io.BytesIO()
    document.build().save(out)
    return out.getvalue(), sizes


def _stamp(content: Content, receipt: Receipt, faces: Typeface) -> None:
    width, height = STAMP
    content.frame((0.6, 0.6, width - 0.6, height - 0.6), 1.2, _INK)
    name = _name(receipt.agency, faces.bold, width - 2 * _INSIDE)
    line = max(name[0].size * _LEADING, (height - 4) / 4 if len(name) == 1 else 0.0)
    y = height - 2
    for piece in name:
        content.text((width - piece.width) / 2, y - line * 0.72, [piece], _INK)
        y -= line
    row = (y - 2) / 3
    rows = (("เลขที่รับ", receipt.number), ("วันที่", receipt.day), ("เวลา", receipt.time))
    for n, (label, value) in enumerate(rows):
        _row(content, label, value, (y - row * (n + 0.72), min(_LINE, row / _LEADING)), faces)


def _name(text: str, face: Face, room: float) -> Sequence[Piece]:
    """Its lines, as large as the frame has room for: whatever its length, it stays inside."""
    one = _fitting(Piece(text, face, _AGENCY), room)
    if one.size >= _ONE_LINE:
        return [one]
    size = _SEVERAL
    lines = _filled(text, face, size, room)
    while len(lines) * size * _LEADING > _NAME_HEIGHT or max(map(_width, lines)) > room:
        size *= _SHRINK
        lines = _filled(text, face, size, room)
    return lines


def _width(piece: Piece) -> float:
    return piece.width


def _filled(text: str, face: Face, size: float, room: float) -> list[Piece]:
    """Lines of this size, each as full as it can be; a word that is wider than all stands alone."""
    ends = [*sorted(opportunities(text)), len(text)]
    lines, begin, last = [], 0, 0
    for end in ends:
        if last > begin and face.width(text[begin:end].rstrip(), size) > room:
            lines.append(Piece(text[begin:last].rstrip(), face, size))
            begin = last
        last = end
    return [*lines, Piece(text[begin:].rstrip(), face, size)]


def _row(
    content: Content, label: str, value: str, at: tuple[float, float], faces: Typeface
) -> None:
    """A label, and what was written behind it on a dotted line. `at`: its height, and its size."""
    width, (y, size) = STAMP[0], at
    said = Piece(label, faces.regular, size)
    begin, end = _INSIDE + said.width + 4, width - _INSIDE
    content.text(_INSIDE, y, [said], _INK)
    content.line((begin, y - 1.5), (end, y - 1.5), 0.5, (0.6, 1.8))
    written = _fitting(Piece(value, faces.bold, size), end - begin)
    content.text(begin + (end - begin - written.width) / 2, y, [written], _INK)


def _note(content: Content, lines: Sequence[str], faces: Typeface) -> None:
    """From the left, its last line lowest."""
    y = 2.0 + _NOTE_LEADING * (len(lines) - 1)
    for line in lines:
        content.text(0, y, [_fitting(Piece(line, faces.regular, _NOTE_SIZE), NOTE[0])], _GREY)
        y -= _NOTE_LEADING


def _copy(content: Content, faces: Typeface) -> None:
    word = Piece("สำเนา", faces.bold, 18.0)
    content.text((HEAD[0] - word.width) / 2, 5.0, [word])


def _certification(content: Content, certificate: Certificate, faces: Typeface) -> None:
    lines = [
        Piece("สำเนาถูกต้อง", faces.bold, _CERTIFIED),
        Piece(f"({certificate.name})", faces.regular, _POST),
        *(Piece(line, faces.regular, _POST) for line in certificate.position_lines),
        Piece(certificate.day, faces.regular, _POST),
        *(Piece(line, faces.bold, _POST) for line in certificate.marks),
    ]
    left, bottom, right, top = WORDS
    wanted = sum(line.size * _LEADING for line in lines)
    share = min((top - bottom) / wanted, 1.0)
    y = top - (top - bottom - wanted * share) / 2
    for line in lines:
        size = line.size * share
        drawn = _fitting(Piece(line.text, line.face, size), right - left)
        y -= size * _LEADING
        x = left + (right - left - drawn.width) / 2
        content.text(x, y + size * 0.32, [drawn], BLACK)


def _centred(
    content: Content,
    lines: Sequence[str],
    box: tuple[float, float, float, float],
    face: Face,
    colour: Colour,
) -> None:
    left, bottom, right, top = box
    y = (top + bottom) / 2 + _NOTE_LEADING * (len(lines) - 1) / 2
    for line in lines:
        piece = _fitting(Piece(line, face, _NOTE_SIZE + 2), right - left)
        content.text(left + (right - left - piece.width) / 2, y, [piece], colour)
        y -= _NOTE_LEADING


def _fitting(piece: Piece, width: float) -> Piece:
    """Smaller where there is too little room."""
    if piece.width <= width:
        return piece
    return Piece(piece.text, piece.face, piece.size * width / piece.width)
