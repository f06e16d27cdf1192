"""Built-in functions that take lists apart and make new ones (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.signatures import Library
from engine.feel.compare import equal, order
from engine.feel.errors import Nothing
from engine.feel.functions import call
from engine.feel.kinds import LIST, Function, expect, kind, truncated, whole
from engine.feel.scope import Run
from engine.feel.temporal.types import Date, DaysDuration, MonthsDuration

LIBRARY = Library()
define = LIBRARY.define

Values = list[Any]


def _made(run: Run, values: Values) -> Values:
    run.meter.grow(len(values))
    run.meter.work(len(values) // 8)
    return values


def _place(values: Values, position: Decimal) -> int:
    """A position counted from 1, or from -1 backwards, as an index."""
    at = whole(position)
    if at == 0 or abs(at) > len(values):
        raise Nothing(f"Expected a position within ±{len(values)}, but got {at}.")
    return at - 1 if at > 0 else len(values) + at


@define("list contains(list: list, element: any)")
def list_contains(run: Run, values: Values, element: Any) -> bool:
    run.meter.work(len(values))
    return any(equal(value, element, run.meter) is True for value in values)


@define("count(list: list)", "count(...list: any)")
def count(_run: Run, *values: Any) -> Decimal:
    return Decimal(len(spread(values)))


def spread(arguments: tuple[Any, ...]) -> Values:
    """The list in place of many arguments, or the arguments as a list."""
    if len(arguments) != 1:
        return list(arguments)
    if arguments[0] is None:
        raise Nothing("Expected a list, but got null.")
    return arguments[0] if type(arguments[0]) is list else [arguments[0]]


@define("sublist(list: list, start position: number, length?: number?)")
def sublist(run: Run, values: Values, position: Decimal, length: Decimal | None = None) -> Values:
    start = _place(values, position)
    if length is None:
        return _made(run, values[start:])
    size = truncated(length)
    if size < 1 or start + size > len(values):
        raise Nothing(f"Expected a length within the list, but got {size}.")
    return _made(run, values[start : start + size])


@define("append(list: list, ...item: any)")
def append(run: Run, values: Values, *items: Any) -> Values:
    return _made(run, [*values, *items])


@define("concatenate(...list: list)")
def concatenate(run: Run, *lists: Values) -> Values:
    run.meter.grow(sum(map(len, lists)))
    return [value for each in lists for value in each]


@define("insert before(list: list, position: number, newItem: any)")
def insert_before(run: Run, values: Values, position: Decimal, item: Any) -> Values:
    at = _place(values, position)
    return _made(run, [*values[:at], item, *values[at:]])


@define("remove(list: list, position: number)")
def remove(run: Run, values: Values, position: Decimal) -> Values:
    at = _place(values, position)
    return _made(run, values[:at] + values[at + 1 :])


@define(
    "list replace(list: list, position: number, newItem: any)",
    "list replace(list: list, match: function, newItem: any)",
)
def list_replace(run: Run, values: Values, where: Decimal | Function, item: Any) -> Values:
    if isinstance(where, Function):
        return _made(run, [item if _says(run, where, old, item) else old for old in values])
    at = _place(values, where)
    return _made(run, [*values[:at], item, *values[at + 1 :]])


def _says(run: Run, decide: Function, *arguments: Any) -> bool:
    answer = call(decide, run, arguments)
    if type(answer) is not bool:
        raise Nothing(f"Expected true or false from the function, but got a {kind(answer)}.")
    return answer


@define("reverse(list: list)")
def reverse(run: Run, values: Values) -> Values:
    return _made(run, values[::-1])


@define("index of(list: list, match: any)")
def index_of(run: Run, values: Values, match: Any) -> Values:
    run.meter.work(len(values))
    places = enumerate(values, start=1)
    found = [Decimal(at) for at, value in places if equal(value, match, run.meter) is True]
    return _made(run, found)


#: Kinds whose values are equal exactly when Python says so, and can be looked up by hash.
_HASHED = frozenset({str, bool, Decimal, Date, DaysDuration, MonthsDuration, type(None)})


def _distinct(run: Run, values: Iterable[Any]) -> Iterator[Any]:
    seen: set[tuple[type, Any]] = set()
    odd_ones: Values = []
    for value in values:
        run.meter.step()
        if type(value) in _HASHED:
            if (type(value), value) not in seen:
                seen.add((type(value), value))
                yield value
        elif not _among(run, value, odd_ones):
            odd_ones.append(value)
            yield value


def _among(run: Run, value: Any, values: Values) -> bool:
    run.meter.work(len(values))
    return any(equal(value, each, run.meter) is True for each in values)


@define("union(...list: list)")
def union(run: Run, *lists: Values) -> Values:
    return _made(run, list(_distinct(run, (value for each in lists for value in each))))


@define("distinct values(list: list)")
def distinct_values(run: Run, values: Values) -> Values:
    return _made(run, list(_distinct(run, values)))


@define("flatten(list: list)")
def flatten(run: Run, values: Values) -> Values:
    return list(_flat(run, values))


def _flat(run: Run, values: Values) -> Iterator[Any]:
    for value in values:
        run.meter.step()
        if type(value) is list:
            yield from _flat(run, value)
        else:
            run.meter.grow(1)
            yield value


@define("sort(list: list, precedes?: function?)")
def sort(run: Run, values: Values, precedes: Function | None = None) -> Values:
    def compared(one: Any, other: Any) -> int:
        run.meter.step()
        if precedes is None:
            return _ordered(one, other)
        if call(precedes, run, (one, other)) is True:
            return -1
        return int(call(precedes, run, (other, one)) is True)

    return _made(run, sorted(expect(values, LIST), key=cmp_to_key(compared)))


def _ordered(one: Any, other: Any) -> int:
    sign = order(one, other)
    if sign is None:
        raise Nothing(f"Expected values with an order, but got a {kind(one)} and a {kind(other)}.")
    return sign
