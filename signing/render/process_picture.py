"""A process's picture on paper: shapes, ways and names, on as many sheets as names need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

from signing.fonts import Typeface
from signing.pdf.content import Content, Piece
from signing.render.lines import Line as TextLine
from signing.render.lines import Run, lines, tokens
from signing.thai import syllables

Form = Literal["task", "container", "pool", "diamond", "circle", "note"]
Point = tuple[float, float]

#: of the picture's measure: a page's letters within a shape and beside one, from one line of them
#: to the next, and what is kept free beside and above them within a shape
_INSIDE, _OUTSIDE, _LEADING, _FREE, _ABOVE = 12.0, 11.0, 1.3, 10.0, 8.0
#: the size at which the paper's face is as wide as a page's letters of 1 (1,140.6 and 1,714.7 for
#: “ผู้อำนวยการสำนักพิจารณาให้ความเห็นชอบ” at 100), so that names end their lines alike on both
_AS_ON_A_PAGE = 1.5
#: what stands beneath an event or a gateway: how wide, and lines of it
_BENEATH_WIDTH, _BENEATH = 120.0, 3
#: how far a name on a way may reach over a gateway's corner, where that is thin
_CORNER = 8.0


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
    name: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the name of a way stands, in so many lines at most. `beside`: at the right of an
    upright way, in the middle of the place; else at the foot of it, on the way.
    """

    x: float
    y: float
    width: float
    height: float
    lines: int
    beside: bool


def spot(points: Sequence[Point]) -> Spot:
    """At the first stretch, as a reader looks for it where the way begins. Between two shapes that
    are close it is as wide as the way (and what a gateway's corner leaves free), and grows upward:
    a name that is wider would lie under or over the next step.
    """
    (x, y), (to_x, to_y) = points[:2]
    middle, line = ((x + to_x) / 2, (y + to_y) / 2), _OUTSIDE * _LEADING
    if abs(x - to_x) < 2:
        return Spot(x + 5, middle[1] - line, 100, 2 * line, 2, True)
    long = abs(x - to_x)
    width, lines = max(min(long + _CORNER, _BENEATH_WIDTH), 30.0), 2 if long >= 100 else 3
    left = middle[0] - width / 2 - (_CORNER / 2 if to_x > x else -_CORNER / 2) * (long < 100)
    return Spot(left, middle[1] - lines * line, width, lines * line, lines, False)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on the picture's own measure."""

    page: Content
    face: Typeface
    scale: float
    top: float
    ring: str
    thick: str
    #: where of the picture the sheet begins
    left: float
    #: points from the paper's edge to the picture
    edge: float
    #: white, for names that stand on ways
    blank: str

    def _at(self, x: float, y: float) -> Point:
        return self.edge + (x - self.left) * self.scale, self.top - y * self.scale

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
            mark = self._lines(one.mark, _INSIDE, one.width, 1)
            self._write(mark, _INSIDE, middle, centre - _INSIDE * self.scale / 2)
        else:
            grey = 0.6 if one.form in ("pool", "container", "note") else 0.0
            self.page.frame((left, bottom, right, top), 0.9, (grey, grey, grey))
        self._label(one, middle, top, centre, bottom)

    def _label(self, one: Shape, middle: float, top: float, centre: float, bottom: float) -> None:
        if one.form in ("pool", "container"):
            name = self._lines(one.name, _INSIDE, one.width - 8, 1)
            self._write(name, _INSIDE, middle, top - _INSIDE * self.scale * 1.2)
        elif one.form in ("circle", "diamond"):
            name = self._lines(one.name, _OUTSIDE, _BENEATH_WIDTH, _BENEATH)
            self._write(name, _OUTSIDE, middle, bottom - _OUTSIDE * self.scale * 1.1, on_ways=True)
        else:
            most = max(int((one.height - _ABOVE) / (_INSIDE * _LEADING)), 1)
            name = self._lines(one.name, _INSIDE, one.width - _FREE, most)
            over = (len(name) - 1) * _LEADING / 2 - 1 / 3
            self._write(name, _INSIDE, middle, centre + over * _INSIDE * self.scale)

    def _lines(self, text: str, size: float, width: float, most: int) -> list[TextLine]:
        clean = "".join(c for c in text if c in self.face.printable or c == " ").strip()
        run = Run(clean, self.face.regular, size * self.scale * _AS_ON_A_PAGE)
        return fitting(run, width * self.scale, most)

    def _write(
        self,
        found: Sequence[TextLine],
        size: float,
        x: float,
        down: float,
        *,
        on_ways: bool = False,
        beside: bool = False,
    ) -> None:
        """The first line's foot at `down`; around `x`, or, `beside` it, from there on."""
        step = size * self.scale * _LEADING
        for number, line in enumerate(found):
            left, foot = x if beside else x - line.width / 2, down - number * step
            if on_ways and line.width:
                box = (left, foot - step / 4, left + line.width, foot + step * 3 / 4)
                self.page.figure(self.blank, box)
            self.page.text(left, foot, _pieces(line))

    def name(self, way: Way) -> None:
        """What the way is called: drawn last, so that no shape covers it."""
        if not way.name:
            return
        at = spot(way.points)
        found, size = self._lines(way.name, _OUTSIDE, at.width, at.lines), _OUTSIDE * self.scale
        left, foot = self._at(at.x, at.y + at.height)
        if at.beside:
            over = (at.height / 2 + (len(found) / 2 - 1) * _OUTSIDE * _LEADING) * self.scale
            self._write(found, _OUTSIDE, left, foot + over + size / 4, beside=True)
        else:
            over = (len(found) - 1) * size * _LEADING + size / 3
            self._write(found, _OUTSIDE, left + at.width * self.scale / 2, foot + over)

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


def circle(width: float) -> Callable[[Canvas], None]:
    """White inside: an event on the border of a task stands before it."""

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(width)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.circle(0.5, 0.5, 0.5 - width / 2, fill=1)

    return draw


def blank(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0, 0, 1, 1, stroke=0, fill=1)


def _pieces(line: TextLine) -> list[Piece]:
    return [Piece(token.text, token.run.face, token.run.size) for token in line.tokens]
