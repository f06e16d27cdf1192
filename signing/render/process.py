"""A process on paper: its picture on one sheet, then what each step asks for, as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from threading import Lock
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

from signing.archive import Description, finish
from signing.fonts import Typeface, built_in
from signing.pdf.content import Content, Piece
from signing.pdf.document import Document
from signing.pdf.structure import Element
from signing.render.lines import Line as TextLine
from signing.render.lines import Run, lines, tokens
from signing.thai import syllables

Form = Literal["task", "container", "pool", "diamond", "circle", "note"]
Point = tuple[float, float]

_PAGE = (841.89, 595.276)
_EDGE, _HEAD = 42.0, 92.0
_TITLE, _TEXT, _LEADING = 18.0, 13.0, 16.0
#: the share of a table's width that each column has
_COLUMNS = (0.26, 0.28, 0.2, 0.26)
_PAD = 4.0
#: points of text on a picture that is not made smaller
_NAME = 11.0
#: from one line of a name to the next, in its size; and how many stand beneath an event
_STEP, _BENEATH = 1.25, 3
#: names smaller than by this are not read on paper
_READABLE = 0.62
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Shape:
    """Places from the top left of the picture. `ring`: 1 thin, 2 double, 3 thick; `mark`, a short
    sign of what it is, stands inside.
    """

    form: Form
    name: str
    x: float
    y: float
    width: float
    height: float
    ring: int = 1
    mark: str = ""
    #: of the element, for whoever shows more of it
    id: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    points: Sequence[Point]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything that is on the paper, in words. `alt` tells the picture to who cannot see it.

    `rows` have as many cells as `heads`, which is four; `before` is a table like it that tells
    how the process came to be as it is, under a heading of its own.
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


@dataclass(frozen=True, slots=True)
class Before:
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def print_process(printed: Printed, typeface: Typeface | None = None) -> bytes:
    """A tagged PDF in the archive form. The same content gives the same bytes."""
    with _ONE_AT_A_TIME:
        press = _Press(Document(_PAGE), typeface or built_in())
        press.picture(printed)
        press.table(printed.heads, printed.rows)
        if printed.before is not None:
            press.table(printed.before.heads, printed.before.rows, printed.before.title)
        return finish(press.document, Description(printed.title, printed.author), ())


class _Press:
    def __init__(self, document: Document, face: Typeface) -> None:
        self.document, self._face = document, face
        self._ring = document.add_drawing(_circle(0.03))
        self._thick = document.add_drawing(_circle(0.1))

    # -- the picture --------------------------------------------------------------------------

    def picture(self, printed: Printed) -> None:
        """On as many sheets, side by side, as its names need to be read."""
        room = (_PAGE[0] - 2 * _EDGE, _PAGE[1] - _HEAD - _EDGE)
        highest = min(room[1] / max(printed.height, 1), 1.0)
        scale = min(max(room[0] / max(printed.width, 1), _READABLE), highest)
        sheets = max(ceil(printed.width * scale / room[0] - 0.02), 1)
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
        figure, top = self.document.root.add("Figure", said), _PAGE[1] - _HEAD
        figure.box = (_EDGE, top - printed.height * scale, _PAGE[0] - _EDGE, top)
        pen = _Pen(page, self._face, scale, top, self._ring, self._thick, left)

        def here(*xs: float) -> bool:
            return max(xs) >= left and min(xs) <= left + width

        with page.tagged(figure):
            for shape in printed.shapes:
                if here(shape.x, shape.x + shape.width):
                    pen.shape(shape)
            for way in printed.ways:
                if here(*(x for x, _ in way.points)):
                    pen.way(way)
        page.end_mark()

    def _headings(self, page: Content, printed: Printed) -> None:
        down = _PAGE[1] - _EDGE - _TITLE / 2
        with page.tagged(self.document.root.add("H1")):
            page.text(_EDGE, down, [Piece(self._clean(printed.title), self._face.bold, _TITLE)])
        facts = self.document.root.add("P")
        for number, fact in enumerate(printed.facts, 1):
            with page.tagged(facts):
                piece = Piece(self._clean(fact), self._face.regular, _TEXT)
                page.text(_EDGE, down - number * _LEADING, [piece])

    # -- the table ----------------------------------------------------------------------------

    def table(
        self, said_heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = ""
    ) -> None:
        """On sheets of its own."""
        heading = self.document.root.add("H2") if title else None
        table = self.document.root.add("Table")
        heads = self._cells(said_heads, bold=True)
        page, down = self._sheet(table, heads, again=False, heading=heading, title=title)
        for row in rows:
            cells = self._cells(row)
            if down - _height(cells) < _EDGE:
                page, down = self._sheet(table, heads, again=True)
            down = self._row(page, table.add("TR"), cells, down, "TD")
        page.end_mark()

    def _sheet(
        self,
        table: Element,
        heads: list[list[TextLine]],
        *,
        again: bool,
        heading: Element | None = None,
        title: str = "",
    ) -> tuple[Content, float]:
        page = self.document.add_page()
        top = _PAGE[1] - _EDGE
        if heading is not None:
            with page.tagged(heading):
                piece = Piece(self._clean(title), self._face.bold, _LEADING)
                page.text(_EDGE, top - _LEADING, [piece])
            top -= 2 * _LEADING
        if not again:
            return page, self._row(page, table.add("TR"), heads, top, "TH")
        with page.furniture():
            return page, self._row(page, Element("TR"), heads, top, "TH")

    def _row(
        self,
        page: Content,
        row: Element,
        cells: list[list[TextLine]],
        top: float,
        tag: Literal["TH", "TD"],
    ) -> float:
        left, down = _EDGE, top - _height(cells)
        for number, found in enumerate(cells):
            element = row.add("TH" if number == 0 else tag)
            for place, line in enumerate(found, 1):
                with page.tagged(element):
                    page.text(left + _PAD, top - place * _LEADING, _pieces(line))
            left += _width(number)
        with page.artifact():
            page.line((_EDGE, down), (_PAGE[0] - _EDGE, down), 0.5)
        return down

    def _cells(self, texts: Sequence[str], *, bold: bool = False) -> list[list[TextLine]]:
        face = self._face.bold if bold else self._face.regular
        runs = [Run(self._clean(text) or "–", face, _TEXT) for text in texts]
        return [
            lines(tokens([run]), _width(number) - 2 * _PAD, spread=False)
            for number, run in enumerate(runs)
        ]

    def _clean(self, text: str) -> str:
        """What the typeface cannot print is left out: names of elements are anybody's."""
        return "".join(c for c in text if c in self._face.printable or c == " ").strip()


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws on the picture's own measure."""

    page: Content
    face: Typeface
    scale: float
    top: float
    ring: str
    thick: str
    #: where of the picture the sheet begins
    left: float

    def _at(self, x: float, y: float) -> Point:
        return _EDGE + (x - self.left) * self.scale, self.top - y * self.scale

    def shape(self, one: Shape) -> None:
        left, top = self._at(one.x, one.y)
        right, bottom = self._at(one.x + one.width, one.y + one.height)
        middle, centre = (left + right) / 2, (top + bottom) / 2
        if one.form == "circle":
            name = self.thick if one.ring > 2 else self.ring
            self.page.figure(name, (left, bottom, right, top))
        elif one.form == "diamond":
            corners = ((middle, top), (right, centre), (middle, bottom), (left, centre))
            for start, end in zip(corners, (*corners[1:], corners[0]), strict=True):
                self.page.line(start, end, 0.8)
            self._name(one.mark, middle, centre - _NAME * self.scale / 3, right - left)
        else:
            grey = 0.6 if one.form in ("pool", "container", "note") else 0.0
            self.page.frame((left, bottom, right, top), 0.9, (grey, grey, grey))
        self._label(one, middle, top, centre, bottom)

    def _label(self, one: Shape, middle: float, top: float, centre: float, bottom: float) -> None:
        if one.form in ("pool", "container"):
            down = top - _NAME * self.scale * 1.2
            self._name(one.name, middle, down, (one.width - 8) * self.scale, most=1)
        elif one.form in ("circle", "diamond"):
            down = bottom - _NAME * self.scale * 1.1
            self._name(one.name, middle, down, 120 * self.scale, most=_BENEATH)
        else:
            most = max(int(one.height / (_NAME * _STEP)), 1)
            width = (one.width - 8) * self.scale
            self._name(one.name, middle, centre, width, most=most, around=True)

    def _name(
        self,
        text: str,
        middle: float,
        down: float,
        width: float,
        *,
        most: int = 1,
        around: bool = False,
    ) -> None:
        clean = "".join(c for c in text if c in self.face.printable or c == " ").strip()
        size = _NAME * self.scale
        found = fitting(Run(clean, self.face.regular, size), width, most)
        step = size * _STEP
        if around:
            down += (len(found) - 1) * step / 2 - size / 3
        for number, line in enumerate(found):
            self.page.text(middle - line.width / 2, down - number * step, _pieces(line))

    def way(self, way: Way) -> None:
        points = [self._at(*point) for point in way.points]
        for start, end in pairwise(points):
            self.page.line(start, end, 0.8, (3, 2) if way.dashed else ())
        self._arrow(points[-2], points[-1])

    def _arrow(self, before: Point, end: Point) -> None:
        across, along = before[0] - end[0], before[1] - end[1]
        length = max((across**2 + along**2) ** 0.5, 0.001)
        x, y = across / length, along / length
        size = 6 * self.scale + 1
        for side in (0.45, -0.45):
            tip = (end[0] + size * (x - side * y), end[1] + size * (y + side * x))
            self.page.line(end, tip, 1.0)


def fitting(run: Run, width: float, most: int) -> list[TextLine]:
    """The lines of a name, at most so many: the last ends with … where there is more, which the
    table beside the picture says whole.
    """
    found = lines(tokens([run]), width, spread=False)
    if len(found) <= most:
        return found
    letters = syllables(found[most - 1].text)
    while letters:
        last = lines(tokens([replace(run, text="".join(letters).rstrip() + "…")]), width)
        if len(last) == 1 and last[0].width <= width:
            return [*found[: most - 1], *last]
        letters = letters[:-1]
    return found[:most]


def _circle(width: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(width)
        canvas.circle(0.5, 0.5, 0.5 - width / 2)

    return draw


def _width(number: int) -> float:
    return (_PAGE[0] - 2 * _EDGE) * _COLUMNS[number]


def _height(cells: list[list[TextLine]]) -> float:
    return max(len(found) for found in cells) * _LEADING + 2 * _PAD


def _pieces(line: TextLine) -> list[Piece]:
    return [Piece(token.text, token.run.face, token.run.size) for token in line.tokens]
