"""Built-in functions on numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal

from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.kinds import truncated, whole
from engine.feel.numeric import CONTEXT, ONE
from engine.feel.scope import Run
from engine.feel.temporal.types import DaysDuration, MonthsDuration

LIBRARY = Library()
define = LIBRARY.define

#: Wide enough to round any number of CONTEXT to any scale that the standard allows.
_ROUNDING = decimal.Context(
    prec=13_000, Emin=-20_000, Emax=20_000, traps=[decimal.InvalidOperation]
)
_LEAST_SCALE, _MOST_SCALE = -6_111, 6_176


def rounded(number: Decimal, scale: Decimal | None, mode: str) -> Decimal:
    places = truncated(scale) if scale is not None else 0
    if not _LEAST_SCALE <= places <= _MOST_SCALE:
        raise Nothing(f"Expected a scale from {_LEAST_SCALE} to {_MOST_SCALE}, but got {places}.")
    if places >= -number.as_tuple().exponent:  # type: ignore[operator]  # numbers are finite here
        return number
    return CONTEXT.plus(
        number.quantize(ONE.scaleb(-places, _ROUNDING), rounding=mode, context=_ROUNDING)
    )


def _rounding(mode: str) -> Callable[..., Decimal]:
    def body(_run: Run, number: Decimal, scale: Decimal | None = None) -> Decimal:
        return rounded(number, scale, mode)

    return body


for _name, _mode in {
    "decimal": decimal.ROUND_HALF_EVEN,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
}.items():
    define(f"{_name}(n: number, scale: number)")(_rounding(_mode))
for _name, _mode in {"floor": decimal.ROUND_FLOOR, "ceiling": decimal.ROUND_CEILING}.items():
    define(f"{_name}(n: number, scale?: number)")(_rounding(_mode))


@define("abs(n: number|days and time duration|years and months duration)")
def absolute(
    _run: Run, value: Decimal | DaysDuration | MonthsDuration
) -> Decimal | DaysDuration | MonthsDuration:
    if isinstance(value, DaysDuration):
        return DaysDuration(abs(value.nanos))
    if isinstance(value, MonthsDuration):
        return MonthsDuration(abs(value.months))
    return value.copy_abs()


@define("modulo(dividend: number, divisor: number)")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Of the divisor's sign: dividend - divisor * floor(dividend / divisor)."""
    rest = CONTEXT.remainder(dividend, divisor)
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@define("sqrt(number: number)")
def sqrt(_run: Run, number: Decimal) -> Decimal:
    return CONTEXT.sqrt(number)


@define("log(number: number)")
def log(_run: Run, number: Decimal) -> Decimal:
    if number <= 0:
        raise Nothing("Expected a number above 0.")
    return CONTEXT.ln(number)


@define("exp(number: number)")
def exp(_run: Run, number: Decimal) -> Decimal:
    return CONTEXT.exp(number)


@define("odd(number: number)")
def odd(_run: Run, number: Decimal) -> bool:
    return whole(number) % 2 == 1


@define("even(number: number)")
def even(_run: Run, number: Decimal) -> bool:
    return whole(number) % 2 == 0
