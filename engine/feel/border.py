"""Values at FEEL's border: from Python into an evaluation, and out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.errors import LimitExceeded, UnfitValue
from engine.feel.kinds import Function, Range
from engine.feel.limits import Limits
from engine.feel.numeric import CONTEXT, NoNumber
from engine.feel.temporal import native
from engine.feel.temporal.types import Date, DateTime, DaysDuration, MonthsDuration, Time

MAX_DEPTH = 100
#: Whole numbers up to here leave as int, larger ones as Decimal: JSON readers stop at 64 bits.
_INT = 10**18


def inward(value: Any, depth: int = 0) -> Any:
    """A Python value as FEEL holds it. Raises UnfitValue for what FEEL cannot hold."""
    convert = _INWARD.get(type(value))
    if convert is not None:
        return convert(value, depth)
    return _inward_of_subclass(value, depth)


def _inward_of_subclass(value: Any, depth: int) -> Any:
    for kind, convert in _INWARD.items():
        if kind is not type(None) and isinstance(value, kind):
            return convert(value, depth)
    if isinstance(value, Mapping):
        return _context(value, depth)
    raise UnfitValue(f"Expected a value that FEEL knows, but got a {type(value).__name__}.")


def _same(value: Any, _depth: int) -> Any:
    return value


def check_text(value: str, _depth: int = 0) -> str:
    """Text without NUL and half surrogate pairs: no database stores them."""
    if value.isascii() and "\0" not in value:
        return value
    if "\0" in value or any("\ud800" <= each <= "\udfff" for each in value):
        raise UnfitValue("Expected text without NUL and unpaired surrogates.")
    return value


def _number(value: Decimal | float, _depth: int = 0) -> Decimal:
    try:
        number = CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value)
    except NoNumber:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UnfitValue(f"Expected a finite number of at most 34 digits, but got {value}.")
    return number


def _list(value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    _check_depth(depth)
    return [inward(each, depth + 1) for each in value]


def _context(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    _check_depth(depth)
    return {_key(key): inward(each, depth + 1) for key, each in value.items()}


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise UnfitValue(f"Expected a text as key, but got a {type(key).__name__}.")
    return check_text(key)


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise UnfitValue(f"Expected data of at most {MAX_DEPTH} levels.")


#: Order matters for subclasses: a bool is an int, a datetime is a date.
_INWARD: Mapping[type, Callable[[Any, int], Any]] = {
    bool: lambda value, _: bool(value),
    str: check_text,
    int: lambda value, _: CONTEXT.create_decimal(value),
    Decimal: _number,
    float: _number,
    list: _list,
    tuple: _list,
    dict: _context,
    type(None): _same,
    datetime: lambda value, _: native.date_time_of(value),
    date: lambda value, _: native.date_of(value),
    time: lambda value, _: native.time_of(value),
    timedelta: lambda value, _: native.duration_of(value),
    Date: _same,
    Time: _same,
    DateTime: _same,
    DaysDuration: _same,
    MonthsDuration: _same,
    Range: _same,
    Function: _same,
}


class _Exit:
    """Counts a result's nodes on its way out: lists that share parts grow when written out."""

    def __init__(self, limits: Limits) -> None:
        self._nodes = limits.nodes
        self._text = limits.text
        self._depth = limits.depth

    def convert(self, value: Any, depth: int = 0) -> Any:
        self._count(value, depth)
        if isinstance(value, Decimal):
            return plain_number(value)
        if isinstance(value, list):
            return [self.convert(each, depth + 1) for each in value]
        if isinstance(value, dict):
            return {key: self.convert(each, depth + 1) for key, each in value.items()}
        if isinstance(value, Range):
            return value
        if isinstance(value, Function):
            raise UnfitValue("Expected a value, but the result is or holds a function. Call it.")
        return native.to_native(value)

    def _count(self, value: Any, depth: int) -> None:
        self._nodes -= 1
        if isinstance(value, str):
            self._text -= len(value)
        if self._nodes < 0 or self._text < 0 or depth > self._depth:
            raise LimitExceeded("Expected a smaller result. Keep only what is needed of it.")


def outward(value: Any, limits: Limits) -> Any:
    """A result as plain Python: int or Decimal, text, bool, None, list, dict, date, datetime,
    time, timedelta. What Python lacks stays FEEL's own: MonthsDuration, Range, far dates.
    """
    return _Exit(limits).convert(value)


def plain_number(number: Decimal) -> int | Decimal:
    if abs(number) < _INT and number == number.to_integral_value():
        return int(number)
    return number
