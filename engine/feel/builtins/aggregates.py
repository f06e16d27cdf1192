"""Built-in functions that make one value of many (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.feel.builtins.lists import spread
from engine.feel.builtins.signatures import Library
from engine.feel.compare import order
from engine.feel.errors import Nothing
from engine.feel.kinds import NUMBER, expect, kind
from engine.feel.numeric import CONTEXT
from engine.feel.scope import Run

LIBRARY = Library()


def define(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return LIBRARY.define(f"{name}(list: list)", f"{name}(...list: any)")


def _numbers(run: Run, arguments: tuple[Any, ...]) -> list[Decimal]:
    values = spread(arguments)
    run.meter.work(len(values))
    return [expect(value, NUMBER) for value in values]


def _some(run: Run, arguments: tuple[Any, ...]) -> list[Decimal]:
    numbers = _numbers(run, arguments)
    if not numbers:
        raise Nothing("Expected at least one number, but the list is empty.")
    return numbers


def _extreme(run: Run, arguments: tuple[Any, ...], wanted: int) -> Any:
    values = spread(arguments)
    run.meter.work(len(values))
    if not values:
        raise Nothing("Expected at least one value, but the list is empty.")
    best = values[0]
    for value in values:
        sign = order(value, best)
        if sign is None:
            raise Nothing(
                f"Expected values with an order, but got a {kind(value)} and a {kind(best)}."
            )
        best = value if sign == wanted else best
    return best


@define("min")
def least(run: Run, *values: Any) -> Any:
    return _extreme(run, values, -1)


@define("max")
def most(run: Run, *values: Any) -> Any:
    return _extreme(run, values, 1)


@define("sum")
def total(run: Run, *values: Any) -> Decimal:
    return reduce(CONTEXT.add, _some(run, values))


@define("product")
def product(run: Run, *values: Any) -> Decimal:
    return reduce(CONTEXT.multiply, _some(run, values))


def _mean(numbers: list[Decimal]) -> Decimal:
    return CONTEXT.divide(reduce(CONTEXT.add, numbers), Decimal(len(numbers)))


@define("mean")
def mean(run: Run, *values: Any) -> Decimal:
    return _mean(_some(run, values))


@define("median")
def median(run: Run, *values: Any) -> Decimal:
    ordered = sorted(_some(run, values))
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else _mean(ordered[middle - 1 : middle + 1])


@define("stddev")
def stddev(run: Run, *values: Any) -> Decimal:
    """Of a sample."""
    numbers = _numbers(run, values)
    if len(numbers) < 2:
        raise Nothing("Expected at least two numbers.")
    middle = _mean(numbers)
    gaps = [CONTEXT.subtract(number, middle) for number in numbers]
    squares = reduce(CONTEXT.add, [CONTEXT.multiply(gap, gap) for gap in gaps])
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(numbers) - 1)))


@define("mode")
def mode(run: Run, *values: Any) -> list[Decimal]:
    counts = Counter(_numbers(run, values))
    highest = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == highest)


@define("all")
def every(run: Run, *values: Any) -> bool:
    return _decide(run, values, decisive=False)


@define("any")
def some(run: Run, *values: Any) -> bool:
    return _decide(run, values, decisive=True)


def _decide(run: Run, arguments: tuple[Any, ...], *, decisive: bool) -> bool:
    values = spread(arguments)
    run.meter.work(len(values))
    if any(value is decisive for value in values):
        return decisive
    if all(type(value) is bool for value in values):
        return not decisive
    raise Nothing("Expected only true and false in the list.")
