"""range(from): a range read from text, with only literals between its brackets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.builtins.signatures import Library
from engine.feel.compare import order
from engine.feel.errors import FeelError, Nothing
from engine.feel.kinds import Range
from engine.feel.parser import Dictionary, parse_expression
from engine.feel.scope import Run
from engine.feel.temporal import text as temporal

LIBRARY = Library()

#: Functions that may stand there, on a literal text.
_READERS: Mapping[str, Callable[[str], Any]] = {
    "date": temporal.read_date,
    "time": temporal.read_time,
    "date and time": temporal.read_date_time,
    "duration": temporal.read_duration,
}
_NAMES = Dictionary(_READERS)


@LIBRARY.define("range(from: string)")
def range_of(run: Run, text: str) -> Range:
    run.meter.work(len(text) // 8)
    node = _parsed(text)
    if not isinstance(node, syntax.RangeOf) or node.form or node.high is None:
        raise Nothing(f"Expected a range such as [1..10], but got {text[:40]!r}.")
    low, high = _end(node.low), _end(node.high)
    sign = order(low, high)
    if sign is None or sign > 0:
        raise Nothing("Expected a range from lower to higher, of one kind.")
    return Range(low, high, node.low_included, node.high_included)


def _parsed(text: str) -> syntax.Node:
    try:
        return parse_expression(text, _NAMES)
    except FeelError as wrong:
        raise Nothing(f"Expected a range, but: {wrong}") from None


def _end(node: syntax.Node) -> Any:
    match node:
        case syntax.Literal(value=value):
            return value
        case syntax.Negation(operand=syntax.Literal(value=Decimal() as number)):
            return -number
        case syntax.Call(
            callee=syntax.Name(name=name), arguments=(syntax.Literal(value=str() as text),)
        ) if name in _READERS:
            return _READERS[name](text)
        case _:
            raise Nothing("Expected only literal ends in a range's text.")
