"""A paragraph as strips: one for each line, justified as officials do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from signing.pdf.content import BLACK, Colour, Piece
from signing.pdf.structure import Element
from signing.render.lines import JUSTIFIED, RAGGED, Line, Run, lines, tokens
from signing.render.strips import Stage, Strip
from signing.thai import clusters

Align = Literal["left", "centre", "right", "justify"]

#: Letters are spaced by this much at most (in em). Poppler begins to see spaces at 0.03.
MOST_LETTER_SPACE = 0.018
#: A space grows by this much at most; a line that would need more stays short.
MOST_SPACE = 1.4
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


def paragraph(
    runs: Sequence[Run], shape: Shape, element: Element, text_width: float
) -> list[Strip]:
    """The strips of a paragraph; neither its first nor its last line stands alone on a page."""
    width = shape.width if shape.width is not None else text_width - shape.left
    inside_phrase = JUSTIFIED if shape.align == "justify" else RAGGED
    broken = lines(tokens(runs), width, shape.first_indent, inside_phrase)
    count = len(broken)
    return [
        Strip(
            shape.leading,
            _Drawn(line, shape, width, shape.first_indent if n == 0 else 0.0, element),
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


def _shift(align: Align, slack: float) -> float:
    if align == "centre":
        return slack / 2
    return slack if align == "right" else 0.0


def _pieces(line: Line, slack: float) -> list[Piece]:
    """The line's text, spread over `slack`."""
    letter, space = _spread(line, slack)
    pieces: list[Piece] = []
    for token in line.tokens:
        run = token.run
        cut = clusters(token.text) if letter and not token.space else [token.text]
        after = space if token.space else letter
        pieces += [Piece(text, run.face, run.size, after, run.underlined) for text in cut]
    return [*pieces[:-1], *(replace(piece, after=0.0) for piece in pieces[-1:])]


def _spread(line: Line, slack: float) -> tuple[float, float]:
    """What each letter and each space grows by, in points; nothing where it would look torn."""
    if slack <= 0 or not line.tokens:
        return 0.0, 0.0
    size = line.tokens[0].run.size
    spaces = sum(token.space for token in line.tokens)
    letters = sum(len(clusters(token.text)) for token in line.tokens if not token.space) - 1
    most = MOST_LETTER_SPACE * size
    letter = min(most, slack / max(letters + 8 * spaces, 1))
    left = slack - letter * letters
    if not spaces:
        return (letter, 0.0) if left < size / 4 else (most, 0.0)
    space = left / spaces
    return (letter, space) if space <= MOST_SPACE * size else (most, 0.0)
