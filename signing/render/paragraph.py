"""A paragraph as strips: one for each line, justified as officials do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from signing.pdf.content import BLACK, Colour, Piece
from signing.pdf.structure import Element
from signing.render.lines import Line, Run, Seen, Token, lines, tokens
from signing.render.strips import Draw, Stage, Strip
from signing.thai import clusters

Align = Literal["left", "centre", "right", "justify"]

#: The baseline's place in a line, from its top, in shares of the line's height.
BASELINE = 0.72


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph stands; lengths in points."""

    leading: float = 21.0
    align: Align = "left"
    left: float = 0.0
    """From the text area's left edge."""
    width: float | None = None
    """None: to the text area's right edge."""
    first_indent: float = 0.0
    before: float = 0.0
    colour: Colour = BLACK
    keep: bool = False
    """No page ends inside it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A paragraph's number: its tag, and how many letters of the first line it takes."""

    element: Element
    letters: int


def paragraph(
    runs: Sequence[Run],
    shape: Shape,
    element: Element,
    text_width: float,
    number: Number | None = None,
    seen: Seen | None = None,
) -> list[Strip]:
    """The strips of a paragraph; neither its first nor its last line stands alone on a page."""
    width = shape.width if shape.width is not None else text_width - shape.left
    spread = shape.align == "justify"
    if seen is None:
        broken = lines(tokens(runs), width, shape.first_indent, spread=spread)
    else:
        broken = seen.lines(runs, width, shape.first_indent, spread=spread)
    count = len(broken)
    return [
        Strip(
            shape.leading,
            _drawn(line, shape, width, shape.first_indent, element, number)
            if n == 0
            else _Drawn(line, shape, width, 0.0, element),
            before=shape.before if n == 0 else 0.0,
            glued=n > 0 and (shape.keep or n in (1, count - 1)),
            text=line.text,
        )
        for n, line in enumerate(broken)
    ]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Draws one line."""

    line: Line
    shape: Shape
    width: float
    indent: float
    element: Element

    def __call__(self, stage: Stage, top: float) -> None:
        shape, line = self.shape, self.line
        slack = self.width - self.indent - line.width
        pieces = _pieces(line, slack if shape.align == "justify" and not line.last else 0.0)
        x = stage.left + shape.left + self.indent + _shift(shape.align, slack)
        y = top - shape.leading * BASELINE
        with stage.content.tagged(self.element):
            stage.content.text(x, y, pieces, shape.colour)


def _drawn(
    line: Line, shape: Shape, width: float, indent: float, element: Element, number: Number | None
) -> Draw:
    """Draws the first line; a number before it under its own tag, and as wide on every line."""
    if number is None:
        return _Drawn(line, shape, width, indent, element)
    label, text = _divided(line, number.letters)
    first = _Drawn(replace(label, last=True), shape, width, indent, number.element)
    after = _Drawn(text, shape, width, indent + label.width, element)

    def draw(stage: Stage, top: float) -> None:
        first(stage, top)
        after(stage, top)

    return draw if text.tokens else first


def _divided(line: Line, letters: int) -> tuple[Line, Line]:
    """The tokens that hold the first `letters` of a line, and those after them."""
    end = 0
    while letters > 0 and end < len(line.tokens):
        letters -= len(line.tokens[end].text)
        end += 1
    parts = (line.tokens[:end], line.tokens[end:])
    label, text = (
        replace(
            line,
            tokens=part,
            width=sum(token.width for token in part),
            stretch=sum(token.stretch for token in part),
        )
        for part in parts
    )
    return label, text


def _shift(align: Align, slack: float) -> float:
    if align == "centre":
        return slack / 2
    return slack if align == "right" else 0.0


def _pieces(line: Line, slack: float) -> list[Piece]:
    """The line's text, letters and spaces grown alike to take up `slack`.

    A line that would have to grow more than it may stays a little short.
    """
    share = min(slack / line.stretch, 1.0) if slack > 0 and line.stretch else 0.0
    pieces = [piece for token in line.tokens for piece in _grown(token, share)]
    return [*pieces[:-1], *(replace(piece, after=0.0) for piece in pieces[-1:])]


def _grown(token: Token, share: float) -> list[Piece]:
    run = token.run
    if token.space or not share:
        after = token.stretch * share
        return [Piece(token.text, run.face, run.size, after, run.underlined)]
    letters = clusters(token.text)
    after = token.stretch * share / len(letters)
    return [Piece(letter, run.face, run.size, after, run.underlined) for letter in letters]
