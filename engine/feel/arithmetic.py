"""What + - * / ** and the minus sign do to values of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.errors import Nothing
from engine.feel.kinds import kind
from engine.feel.limits import MAX_EXPONENT, Meter
from engine.feel.numeric import CONTEXT
from engine.feel.temporal import arithmetic as temporal
from engine.feel.temporal.types import Date, DateTime, DaysDuration, MonthsDuration, Time

_DURATIONS = (DaysDuration, MonthsDuration)
_POINTS = (Date, Time, DateTime)


def negated(value: Any) -> Any:
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, _DURATIONS):
        return temporal.negated(value)
    raise Nothing(f"Expected a number or a duration to negate, but got a {kind(value)}.")


def _unfit(operator: str, left: Any, right: Any) -> Nothing:
    return Nothing(
        f"Expected operands that fit {operator!r}, but got {kind(left)} {operator} {kind(right)}."
    )


def add(left: Any, right: Any, meter: Meter) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        meter.write(len(left) + len(right))
        return left + right
    if isinstance(left, _DURATIONS) and isinstance(right, _DURATIONS):
        return temporal.summed(left, right)
    if isinstance(left, _POINTS) and isinstance(right, _DURATIONS):
        return temporal.later(left, right)
    if isinstance(left, _DURATIONS) and isinstance(right, _POINTS):
        return temporal.later(right, left)
    raise _unfit("+", left, right)


def subtract(left: Any, right: Any, _meter: Meter) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.subtract(left, right)
    if isinstance(left, _DURATIONS) and isinstance(right, _DURATIONS):
        return temporal.summed(left, right, -1)
    if isinstance(left, _POINTS) and isinstance(right, _DURATIONS):
        return temporal.later(left, right, -1)
    if isinstance(left, Time) and isinstance(right, Time):
        return temporal.between_times(left, right)
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        return temporal.between(left, right)
    raise _unfit("-", left, right)


def multiply(left: Any, right: Any, _meter: Meter) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.multiply(left, right)
    if isinstance(left, _DURATIONS) and isinstance(right, Decimal):
        return temporal.scaled(left, right)
    if isinstance(left, Decimal) and isinstance(right, _DURATIONS):
        return temporal.scaled(right, left)
    raise _unfit("*", left, right)


def divide(left: Any, right: Any, _meter: Meter) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.divide(left, right)
    if isinstance(left, _DURATIONS) and isinstance(right, Decimal):
        return temporal.divided(left, right)
    if isinstance(left, _DURATIONS) and isinstance(right, _DURATIONS):
        return temporal.ratio(left, right)
    raise _unfit("/", left, right)


def power(left: Any, right: Any, _meter: Meter) -> Any:
    if not (isinstance(left, Decimal) and isinstance(right, Decimal)):
        raise _unfit("**", left, right)
    if abs(right) > MAX_EXPONENT:
        raise Nothing(f"Expected an exponent within ±{MAX_EXPONENT:,}, but got {right}.")
    if left == 0 and right < 0:
        raise Nothing("Expected another number than 0 to divide by.")
    return CONTEXT.power(left, right)


OPERATIONS: Mapping[str, Callable[[Any, Any, Meter], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
