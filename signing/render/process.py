"""A process on paper: its picture, what it is for, what its steps ask for, how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from threading import Lock

from signing.archive import Description, finish
from signing.fonts import Typeface, built_in
from signing.pdf.content import Content, Piece
from signing.pdf.document import Document
from signing.render.process_picture import Pen, Shape, Way, blank, circle
from signing.render.process_sheets import EDGE, PAGE, TEXT, Sheets, clean

_HEAD = 92.0
_TITLE, _LEADING = 18.0, 16.0
#: names smaller than by this are not read on paper
_READABLE = 0.55
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Told:
    """Of one element, or of the whole: facts as (what, text); a text may have several lines."""

    title: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    parts: Sequence[Told] = ()


@dataclass(frozen=True, slots=True)
class Before:
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything that is on the paper, in words. `alt` tells the picture to who cannot see it.

    `about` stands before the table of steps, `details` behind it. `rows` have as many cells as
    `heads`, which is four; `before` is a table like it that tells how the process came to be as it
    is, under a heading of its own.
    """

    title: str
    facts: Sequence[str]
    alt: str
    width: float
    height: float
    shapes: Sequence[Shape]
    ways: Sequence[Way]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    author: str = ""
    before: Before | None = None
    about: Section = field(default_factory=lambda: Section(""))
    details: Section = field(default_factory=lambda: Section(""))
    #: over the table of steps, where another section stands before it
    steps: str = ""


def print_process(printed: Printed, typeface: Typeface | None = None) -> bytes:
    """A tagged PDF in the archive form. The same content gives the same bytes."""
    with _ONE_AT_A_TIME:
        document, face = Document(PAGE), typeface or built_in()
        _Picture(document, face).draw(printed)
        sheets = Sheets(document, face)
        _tell(sheets, printed.about)
        sheets.table(printed.heads, printed.rows, printed.steps)
        _tell(sheets, printed.details)
        if printed.before is not None:
            sheets.table(printed.before.heads, printed.before.rows, printed.before.title)
        sheets.end()
        return finish(document, Description(printed.title, printed.author), ())


def _tell(sheets: Sheets, section: Section) -> None:
    if section.parts:
        sheets.heading(section.title, "H2")
    for part in section.parts:
        if part.title:
            sheets.heading(part.title, "H3")
        for what, text in part.facts:
            sheets.fact(what, text)


class _Picture:
    def __init__(self, document: Document, face: Typeface) -> None:
        self.document, self._face = document, face
        self._ring = document.add_drawing(circle(0.03))
        self._thick = document.add_drawing(circle(0.1))
        self._blank = document.add_drawing(blank)

    def draw(self, printed: Printed) -> None:
        """On as many sheets, side by side, as its names need to be read."""
        room = (PAGE[0] - 2 * EDGE, PAGE[1] - _HEAD - EDGE)
        highest = min(room[1] / max(printed.height, 1), 1.0)
        scale = min(max(room[0] / max(printed.width, 1), _READABLE), highest)
        sheets = max(ceil(printed.width * scale / room[0] - 0.05), 1)
        for number in range(sheets):
            page = self.document.add_page()
            if number == 0:
                self._headings(page, printed)
            said = f"{printed.alt} ({number + 1}/{sheets})" if sheets > 1 else printed.alt
            self._part(page, printed, scale, number * room[0] / scale, room[0] / scale, said)

    def _part(
        self, page: Content, printed: Printed, scale: float, left: float, width: float, said: str
    ) -> None:
        """What of the picture is on one sheet; the paper's edge cuts what reaches beyond."""
        figure, top = self.document.root.add("Figure", said), PAGE[1] - _HEAD
        figure.box = (EDGE, top - printed.height * scale, PAGE[0] - EDGE, top)
        pen = Pen(page, self._face, scale, top, self._ring, self._thick, left, EDGE, self._blank)

        def here(*xs: float) -> bool:
            return max(xs) >= left and min(xs) <= left + width

        with page.tagged(figure):
            shapes = [one for one in printed.shapes if here(one.x, one.x + one.width)]
            ways = [one for one in printed.ways if here(*(x for x, _ in one.points))]
            behind = [one for one in shapes if one.form in ("pool", "container")]
            for shape in behind:
                pen.shape(shape)
            for way in ways:
                pen.way(way)
            for shape in (one for one in shapes if one not in behind):
                pen.shape(shape)
            for way in ways:
                pen.name(way)
        page.end_mark()

    def _headings(self, page: Content, printed: Printed) -> None:
        down = PAGE[1] - EDGE - _TITLE / 2
        with page.tagged(self.document.root.add("H1")):
            title = clean(printed.title, self._face)
            page.text(EDGE, down, [Piece(title, self._face.bold, _TITLE)])
        facts = self.document.root.add("P")
        for number, fact in enumerate(printed.facts, 1):
            with page.tagged(facts):
                piece = Piece(clean(fact, self._face), self._face.regular, TEXT)
                page.text(EDGE, down - number * _LEADING, [piece])
