"""A column's values cut into pieces that no test of the table tells apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import Any

from engine.feel import compare, kinds
from engine.feel.border import outward
from engine.feel.limits import EXPRESSION
from engine.feel.temporal.types import Date


@dataclass(frozen=True, slots=True)
class Span:
    """Values between two ends; an end of None is open to infinity. Equal ends: one value."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool

    @property
    def single(self) -> bool:
        return self.low is not None and self.low == self.high

    def follows(self, before: Span) -> bool:
        """Whether nothing lies between `before` and this."""
        touching = before.high is not None and before.high == self.low
        return touching and (before.high_included or self.low_included)

    def holds(self, inner: Span) -> bool:
        """Whether every value of `inner`, a piece of a cut column, is one of these."""
        return _low_enough(self, inner) and _high_enough(self, inner)


@dataclass(frozen=True, slots=True)
class Others:
    """Texts that the table does not name."""

    but: Sequence[str]


Piece = Span | Others

ORDERED = frozenset({kinds.NUMBER, kinds.DATE, kinds.DATE_TIME, kinds.DAYS, kinds.MONTHS})
NAMED = frozenset({kinds.STRING, kinds.BOOLEAN})


def value(one: Any) -> Span:
    return Span(one, one, True, True)


def cut(kind: str, spans: Sequence[Span]) -> Sequence[Piece]:
    """All values of a kind, parted wherever one of the spans begins or ends, in their order."""
    ends = [end for span in spans for end in (span.low, span.high) if end is not None]
    if kind == kinds.BOOLEAN:
        return [value(True), value(False)]
    if kind == kinds.STRING:
        named = list(dict.fromkeys(ends))
        return [*map(value, named), Others(tuple(named))]
    return _between(_sorted(ends))


def _sorted(ends: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for end in sorted(ends, key=cmp_to_key(_order)):
        if not found or _order(found[-1], end):
            found.append(end)
    return found


def _order(one: Any, other: Any) -> int:
    return compare.order(one, other) or 0


def _between(ends: Sequence[Any]) -> Sequence[Piece]:
    made: list[Piece] = []
    before = None
    for end in ends:
        if not _nothing_between(before, end):
            made.append(Span(before, end, False, False))
        made.append(value(end))
        before = end
    return [*made, Span(before, None, False, False)]


def _nothing_between(low: Any, high: Any) -> bool:
    """Days follow one another; numbers and moments do not."""
    return isinstance(low, Date) and isinstance(high, Date) and high.ordinal - low.ordinal == 1


def _low_enough(outer: Span, inner: Span) -> bool:
    if outer.low is None:
        return True
    if inner.low is None:
        return False
    sign = _sign(outer.low, inner.low)
    return sign < 0 or (sign == 0 and (outer.low_included or not inner.low_included))


def _high_enough(outer: Span, inner: Span) -> bool:
    if outer.high is None:
        return True
    if inner.high is None:
        return False
    sign = _sign(outer.high, inner.high)
    return sign > 0 or (sign == 0 and (outer.high_included or not inner.high_included))


def _sign(one: Any, other: Any) -> int:
    """Values without an order are the same or not."""
    return 0 if one == other else compare.order(one, other) or 1


def joined(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Neighbours as one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if isinstance(last, Span) and isinstance(piece, Span) and _together(last, piece):
            found[-1] = Span(last.low, piece.high, last.low_included, piece.high_included)
        else:
            found.append(piece)
    return found


def _together(last: Span, piece: Span) -> bool:
    if isinstance(last.high, str | bool):
        return False
    consecutive = _nothing_between(last.high, piece.low)
    return piece.follows(last) or (consecutive and last.high_included and piece.low_included)


def plain(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The same with their ends as plain Python."""
    return [replace(one, **_outside(one)) if isinstance(one, Span) else one for one in pieces]


def _outside(span: Span) -> dict[str, Any]:
    return {name: outward(getattr(span, name), EXPRESSION) for name in ("low", "high")}
