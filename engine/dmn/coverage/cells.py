"""A cell of a table as the spans that it lets through, where that can be told from its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.dmn.compiler import compiled
from engine.dmn.coverage.pieces import NAMED, ORDERED, Span, value
from engine.feel import kinds
from engine.feel.analysis import references
from engine.feel.errors import FeelError, Nothing
from engine.feel.scope import Run, root
from engine.feel.syntax import Node, RangeOf, Test, UnaryTests

#: Functions that make a constant of constants.
_MAKE = frozenset({"date", "date and time", "duration", "number"})
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class CannotTell(Exception):
    """The cell says something other than values, ranges and lists of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`negated`: everything but the spans. No spans and negated: anything."""

    spans: Sequence[Span]
    negated: bool = False

    @property
    def kinds(self) -> frozenset[str]:
        ends = (end for span in self.spans for end in (span.low, span.high) if end is not None)
        return frozenset(kinds.kind(end) for end in ends)

    @property
    def anything(self) -> bool:
        return self.negated and not self.spans


def cell(tests: UnaryTests) -> Cell:
    """CannotTell where the text is more than constants."""
    if not tests.tests:
        return Cell((), negated=True)
    found = Cell([span for test in tests.tests for span in _spans(test)], tests.negated)
    if len(found.kinds) > 1 or found.kinds - ORDERED - NAMED:
        raise CannotTell
    if found.kinds & NAMED and not all(span.single for span in found.spans):
        raise CannotTell
    return found


def _spans(test: Test) -> Sequence[Span]:
    if isinstance(test.operand, RangeOf):
        if test.operator:
            raise CannotTell
        return [_interval(test.operand)]
    end = constant(test.operand)
    if end is None:
        return []  # null: no value that is given
    if isinstance(end, list):
        return [value(one) for one in end]
    return _compared(test.operator or "=", end)


def _interval(node: RangeOf) -> Span:
    if node.form is not None or node.high is None:
        (span,) = _compared(node.form or "=", constant(node.low))
        return span
    low, high = constant(node.low), constant(node.high)
    if low is None or high is None:
        raise CannotTell
    return Span(low, high, node.low_included, node.high_included)


def _compared(operator: str, end: Any) -> Sequence[Span]:
    match operator:
        case "=":
            return [value(end)]
        case "<" | "<=":
            return [Span(None, end, False, operator == "<=")]
        case ">" | ">=":
            return [Span(end, None, operator == ">=", False)]
        case _:
            raise CannotTell


def constant(node: Node) -> Any:
    """The value of a text that needs nothing from outside."""
    used = references(node)
    if used.variables or used.maybe or used.functions - _MAKE:
        raise CannotTell
    try:
        found = compiled(node)(root(Run(_MOMENT, strict=False), {}))
    except (FeelError, Nothing, RecursionError):
        raise CannotTell from None
    simple = found if isinstance(found, list) else [found]
    if not all(one is None or kinds.kind(one) in ORDERED | NAMED for one in simple):
        raise CannotTell
    return found
