"""One page's drawing on the canvas: text, lines, figures, each marked with its tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from signing.fonts.face import Face
from signing.pdf.line import Line
from signing.pdf.structure import Box, Element, Mark

Colour = tuple[float, float, float]
Point = tuple[float, float]
BLACK: Colour = (0.0, 0.0, 0.0)
_UNDERLINE_DROP = 0.12
_UNDERLINE_WIDTH = 0.05


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one face and size; `after` widens the place behind it (in points)."""

    text: str
    face: Face
    size: float
    after: float = 0.0
    underlined: bool = False

    @property
    def width(self) -> float:
        return self.face.width(self.text, self.size) + self.after


class Content:
    """The drawing of page `index`. Coordinates are PDF's own: points from the bottom left.

    A canvas has one page at a time: what is drawn here must be drawn before the next page is
    added. The canvas has no calls for marked content: those operators are given to it literally.
    """

    def __init__(self, index: int, canvas: Canvas) -> None:
        self.index = index
        self._canvas = canvas
        self._open: Element | None = None
        self._repeating = False
        self.marked: list[Element] = []
        """The element of each mark, by the mark's number."""

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn inside is this element's content."""
        if not self._repeating and self._open is not element:
            self.end_mark()
            self._canvas.addLiteral(f"/{element.tag} <</MCID {len(self.marked)}>> BDC")
            element.kids.append(Mark(self.index, len(self.marked)))
            self.marked.append(element)
            self._open = element
        yield

    def end_mark(self) -> None:
        """Ends the stretch of the last element, which is left open: it may go on."""
        if self._open is not None:
            self._canvas.addLiteral("EMC")
            self._open = None

    @contextmanager
    def furniture(self) -> Iterator[None]:
        """What is drawn inside is a repetition: its tags are left out."""
        with self.artifact():
            self._repeating = True
            yield
            self._repeating = False

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is furniture: readers pass over it."""
        if self._repeating:
            yield
            return
        self.end_mark()
        self._canvas.addLiteral("/Artifact BMC")
        yield
        self._canvas.addLiteral("EMC")

    def text(self, x: float, y: float, pieces: Sequence[Piece], colour: Colour = BLACK) -> None:
        """One line of text, its baseline at `y`."""
        with self._apart(colour != BLACK):
            if colour != BLACK:
                self._canvas.setFillColorRGB(*colour)
            line = Line(self._canvas, *_fine(x, y))
            for (face, size), run in groupby(pieces, key=_setting):
                line.write(face, size, [(piece.text, piece.after) for piece in run])
            self._canvas.drawText(line)
            self._underline(x, y, pieces)

    def _underline(self, x: float, y: float, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if piece.underlined:
                down = y - piece.size * _UNDERLINE_DROP
                self.line((x, down), (x + piece.width, down), piece.size * _UNDERLINE_WIDTH)
            x += piece.width

    def line(self, start: Point, end: Point, width: float, dash: Sequence[float] = ()) -> None:
        """A straight stroke; `dash` is how long its parts are, drawn and left out in turn."""
        with self._apart():
            self._canvas.setLineWidth(*_fine(width))
            if dash:
                self._canvas.setDash(dash)
            self._canvas.line(*_fine(*start, *end))

    def frame(self, box: Box, width: float, colour: Colour) -> None:
        """The outline of a rectangle."""
        left, bottom, right, top = box
        with self._apart():
            self._canvas.setStrokeColorRGB(*colour)
            self._canvas.setLineWidth(width)
            self._canvas.rect(*_fine(left, bottom, right - left, top - bottom))

    def ring(self, middle: Point, radius: float, width: float, colour: Colour) -> None:
        """The outline of a circle."""
        with self._apart():
            self._canvas.setStrokeColorRGB(*colour)
            self._canvas.setLineWidth(width)
            self._canvas.circle(*_fine(*middle, radius))

    def cells(self, box: Box, rows: Sequence[Sequence[bool]]) -> None:
        """A picture of black squares, rows from the top, made to fill the box."""
        left, bottom, right, top = box
        wide, high = (right - left) / len(rows[0]), (top - bottom) / len(rows)
        path = self._canvas.beginPath()
        for down, row in enumerate(rows):
            at = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    place = (left + at * wide, top - (down + 1) * high, length * wide, high)
                    path.rect(*_fine(*place))
                at += length
        with self._apart():
            self._canvas.drawPath(path, stroke=0, fill=1)

    def figure(self, name: str, box: Box) -> None:
        """A figure of the document, made to fill the box."""
        left, bottom, right, top = box
        with self._apart():
            self._canvas.transform(*_fine(right - left, 0, 0, top - bottom, left, bottom))
            self._canvas.doForm(name)

    @contextmanager
    def _apart(self, apart: bool = True) -> Iterator[None]:
        """What is set inside is forgotten after it."""
        if apart:
            self._canvas.saveState()
        yield
        if apart:
            self._canvas.restoreState()


def _setting(piece: Piece) -> tuple[Face, float]:
    return piece.face, piece.size


def _fine(*values: float) -> list[float]:
    """To a thousandth of a point: more is not seen, and takes room."""
    return [round(value, 3) for value in values]
