"""Where the differences between two versions stand on their pictures: a sign and a number each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from api.pages.difference_words import Tale, Told, Version
from api.picture import Line, Picture, read
from office.modeling.differences import Verb
from signing.render.process_picture import Point, Shape

#: what stands beside the number, so that nobody needs to tell colours apart
SIGNS: Mapping[Verb, str] = {"added": "+", "changed": "≠", "removed": "−"}
#: user units: as tall as a finger's target may at least be, and as wide as a sign and its digits
HEIGHT, _SIGN, _DIGIT = 24.0, 26.0, 9.0


@dataclass(frozen=True, slots=True)
class Mark:
    """`number`: which of the list it is, from 1; (`x`, `y`): the top left corner of its badge."""

    number: int
    told: Told
    x: float
    y: float
    width: float

    @property
    def text(self) -> str:
        return f"{SIGNS[self.told.verb]} {self.number}"


@dataclass(frozen=True, slots=True)
class Side:
    """One version's picture with the marks on it, by element."""

    picture: Picture
    marks: Mapping[str, Mark]


def sides(tale: Tale, before: Version, after: Version) -> tuple[Side, Side]:
    """Removed is marked where it was, added where it is, changed on both."""
    return _side(read(before.xml), tale.differences), _side(read(after.xml), tale.differences)


def _side(picture: Picture, differences: Sequence[Told]) -> Side:
    corners = dict(_corners(picture))
    marks = {}
    for number, told in enumerate(differences, 1):
        at = None if told.file else corners.get(told.id)
        if at is not None:
            width = _SIGN + _DIGIT * len(str(number))
            x = max(0.0, min(at[0], picture.width - width))
            marks[told.id] = Mark(number, told, x, max(0.0, at[1]), width)
    return Side(picture, marks)


def _corners(picture: Picture) -> Iterator[tuple[str, Point]]:
    for line in picture.lines:
        yield line.id, _middle(line)
    for shape in picture.shapes:
        yield shape.id, _right(shape)


def _middle(line: Line) -> Point:
    """Of its longest stretch: the ends are crowded."""
    (x, y), (u, v) = max(pairwise(line.points), key=lambda ends: dist(*ends))
    return (x + u) / 2 - _SIGN / 2, (y + v) / 2 - HEIGHT / 2


def _right(shape: Shape) -> Point:
    return shape.x + shape.width - 20, shape.y - HEIGHT / 2
