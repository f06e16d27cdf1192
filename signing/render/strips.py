"""The unit of layout: a strip of the page, as high as one line or one figure.

A document is a flat list of strips. Each knows its height, the space before it and whether a page
may end before it; pagination knows nothing else, so closings stay with the body, signatures with
closings and table rows whole by the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Protocol

from signing.pdf.content import Content
from signing.pdf.structure import Box


class Stage(Protocol):
    """Where strips are drawn: one page, and what they report while drawing."""

    @property
    def content(self) -> Content: ...
    @property
    def left(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def number(self) -> int:
        """Of all pages of the document, drawn or not, from 0."""

    def signature(self, name: str, box: Box) -> None:
        """An empty signature field stands here."""


#: Draws a strip whose top is at this height of the page.
Draw = Callable[[Stage, float], None]


@dataclass(frozen=True, slots=True)
class Strip:
    """`before` is dropped at the top of a page; `glued` forbids a page to end before the strip.

    `shrink` is how much of `before` may be given up where that saves a page. `head` is drawn
    above the strip again where it begins a page (a table's head).
    """

    height: float
    draw: Draw
    before: float = 0.0
    glued: bool = False
    shrink: float = 0.0
    head: Strip | None = None
    text: str = ""


def blank(height: float) -> Strip:
    return Strip(height, lambda _stage, _top: None)


def glue(strips: Sequence[Strip]) -> list[Strip]:
    """All on one page: none but the first may begin a page."""
    return [*strips[:1], *(replace(strip, glued=True) for strip in strips[1:])]


def glue_to_previous(strips: Sequence[Strip]) -> list[Strip]:
    """All on one page, and on the page of what comes before."""
    return [replace(strip, glued=True) for strip in strips]


def spaced(strips: Sequence[Strip], before: float) -> list[Strip]:
    """The strips with this space before the first."""
    return [*(replace(strip, before=before) for strip in strips[:1]), *strips[1:]]


def beside(one: Sequence[Strip], other: Sequence[Strip], *, bottom: bool = False) -> list[Strip]:
    """Two columns as one: their first strips level, or with `bottom` their last."""
    short = len(one) - len(other)
    if bottom and short > 0:
        other = [*[blank(0.0)] * short, *other]
    return [_joined(left, right) for left, right in zip_longest(one, other, fillvalue=blank(0.0))]


def _joined(left: Strip, right: Strip) -> Strip:
    def draw(stage: Stage, top: float) -> None:
        left.draw(stage, top)
        right.draw(stage, top)

    return Strip(
        height=max(left.height, right.height),
        draw=draw,
        before=max(left.before, right.before),
        glued=left.glued or right.glued,
        shrink=max(left.shrink, right.shrink),
        text=f"{left.text} {right.text}".strip(),
    )
