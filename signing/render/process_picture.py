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

#: points of text on a picture that is not made smaller
_NAME = 11.0
#: from one line of a name to the next, in its size; and how many stand beneath an event
_STEP, _BENEATH = 1.25, 3


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


def circle(width: float) -> Callable[[Canvas], None]:
    """White inside: an event on the border of a task stands before it."""

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(width)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.circle(0.5, 0.5, 0.5 - width / 2, fill=1)

    return draw


def _pieces(line: TextLine) -> list[Piece]:
    return [Piece(token.text, token.run.face, token.run.size) for token in line.tokens]
