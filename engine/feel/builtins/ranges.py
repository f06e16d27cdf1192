"""Built-in functions on ranges: how points and intervals lie to one another (DMN 1.5, 10.3.4.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import compare
from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.kinds import Range, kind
from engine.feel.scope import Run

LIBRARY = Library()

Relation = Callable[[Range, Range], bool]


def _relation(name: str, *shapes: str) -> Callable[[Relation], Relation]:
    """Declares a relation; a point counts as the range that holds only it."""

    def register(holds: Relation) -> Relation:
        def body(_run: Run, one: Any, other: Any) -> bool:
            left, right = _as_range(one), _as_range(other)
            _same_kind(left, right)
            return holds(left, right)

        LIBRARY.define(*(f"{name}({shape})" for shape in shapes))(body)
        return holds

    return register


def _as_range(value: Any) -> Range:
    if isinstance(value, Range):
        return value
    if value is None:
        raise Nothing("Expected a point or a range, but got null.")
    return Range(value, value, low_included=True, high_included=True)


def _same_kind(one: Range, other: Range) -> None:
    ends = [end for each in (one, other) for end in (each.low, each.high) if end is not None]
    if any(compare.order(ends[0], end) is None for end in ends):
        raise Nothing(f"Expected ends of one kind, but got {', '.join(sorted(map(kind, ends)))}.")


_BOTH = ("point1: any, point2: any", "point: any, range: range", "range: range, point: any")
_RANGES = "range1: range, range2: range"


def _less(one: Any, other: Any) -> bool:
    return compare.order(one, other) == -1


def _same(one: Any, other: Any) -> bool:
    return one is not None and compare.order(one, other) == 0


@_relation("before", *_BOTH, _RANGES)
def before(one: Range, other: Range) -> bool:
    if one.high is None or other.low is None:
        return False
    touching = one.high_included and other.low_included
    return _less(one.high, other.low) or (_same(one.high, other.low) and not touching)


@_relation("after", *_BOTH, _RANGES)
def after(one: Range, other: Range) -> bool:
    return before(other, one)


@_relation("meets", _RANGES)
def meets(one: Range, other: Range) -> bool:
    return one.high_included and other.low_included and _same(one.high, other.low)


@_relation("met by", _RANGES)
def met_by(one: Range, other: Range) -> bool:
    return meets(other, one)


def _starts_within(one: Range, other: Range) -> bool:
    """Whether `one` begins no earlier than `other`."""
    if other.low is None or one.low is None:
        return other.low is None
    included = other.low_included or not one.low_included
    return _less(other.low, one.low) or (_same(one.low, other.low) and included)


def _ends_within(one: Range, other: Range) -> bool:
    """Whether `one` ends no later than `other`."""
    if other.high is None or one.high is None:
        return other.high is None
    included = other.high_included or not one.high_included
    return _less(one.high, other.high) or (_same(one.high, other.high) and included)


@_relation("overlaps", _RANGES)
def overlaps(one: Range, other: Range) -> bool:
    return not before(one, other) and not before(other, one)


@_relation("overlaps before", _RANGES)
def overlaps_before(one: Range, other: Range) -> bool:
    return overlaps(one, other) and not _starts_within(one, other) and _ends_within(one, other)


@_relation("overlaps after", _RANGES)
def overlaps_after(one: Range, other: Range) -> bool:
    return overlaps_before(other, one)


@_relation("during", "point: any, range: range", _RANGES)
def during(one: Range, other: Range) -> bool:
    return _starts_within(one, other) and _ends_within(one, other)


@_relation("includes", "range: range, point: any", _RANGES)
def includes(one: Range, other: Range) -> bool:
    return during(other, one)


@_relation("starts", "point: any, range: range", _RANGES)
def starts(one: Range, other: Range) -> bool:
    same = _same(one.low, other.low) and one.low_included == other.low_included
    return same and _ends_within(one, other)


@_relation("started by", "range: range, point: any", _RANGES)
def started_by(one: Range, other: Range) -> bool:
    return starts(other, one)


@_relation("finishes", "point: any, range: range", _RANGES)
def finishes(one: Range, other: Range) -> bool:
    same = _same(one.high, other.high) and one.high_included == other.high_included
    return same and _starts_within(one, other)


@_relation("finished by", "range: range, point: any", _RANGES)
def finished_by(one: Range, other: Range) -> bool:
    return finishes(other, one)


@_relation("coincides", "point1: any, point2: any", _RANGES)
def coincides(one: Range, other: Range) -> bool:
    same_edges = (one.low_included, one.high_included) == (
        other.low_included,
        other.high_included,
    )
    return same_edges and _same(one.low, other.low) and _same(one.high, other.high)
