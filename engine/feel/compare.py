"""Equality and order of values (DMN 1.5, tables 42 to 44): true, false, or no answer (None)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.kinds import (
    BOOLEAN,
    CONTEXT,
    DATE_TIME,
    FUNCTION,
    LIST,
    NULL,
    RANGE,
    TIME,
    Range,
    kind,
)
from engine.feel.limits import Meter
from engine.feel.temporal.arithmetic import time_key
from engine.feel.temporal.types import SECOND, DateTime, Time

#: Kinds whose values have no order.
_UNORDERED = {NULL, BOOLEAN, LIST, CONTEXT, RANGE, FUNCTION}


def equal(one: Any, other: Any, meter: Meter) -> bool | None:
    """The meter counts the elements of lists and contexts: parts that are shared between them
    can make a small value as good as endless.
    """
    if type(one) is not type(other):
        return False if one is None or other is None else None
    deep = _DEEP.get(type(one))
    if deep is None:
        return bool(one == other)
    meter.step()
    return deep(one, other, meter)


def _lists(one: list[Any], other: list[Any], meter: Meter) -> bool:
    return len(one) == len(other) and all(
        equal(left, right, meter) is True for left, right in zip(one, other, strict=True)
    )


def _contexts(one: dict[str, Any], other: dict[str, Any], meter: Meter) -> bool:
    return one.keys() == other.keys() and all(
        equal(value, other[key], meter) is True for key, value in one.items()
    )


def _ranges(one: Range, other: Range, meter: Meter) -> bool:
    return (
        (one.form, one.low_included, one.high_included)
        == (other.form, other.low_included, other.high_included)
        and equal(one.low, other.low, meter) is True
        and equal(one.high, other.high, meter) is True
    )


def _times(one: Time, other: Time, _meter: Meter) -> bool:
    return (one.offset is None) == (other.offset is None) and _time_rank(one) == _time_rank(other)


def _moments(one: DateTime, other: DateTime, _meter: Meter) -> bool:
    return (one.offset is None) == (other.offset is None) and _moment_rank(one) == _moment_rank(
        other
    )


_DEEP: Mapping[type, Callable[[Any, Any, Meter], bool]] = {
    list: _lists,
    dict: _contexts,
    Range: _ranges,
    Time: _times,
    DateTime: _moments,
}


def _time_rank(value: Time) -> int:
    """The standard compares times by whole seconds."""
    return time_key(value) // SECOND


def _moment_rank(value: DateTime) -> int:
    return value.instant // SECOND


def order(one: Any, other: Any) -> int | None:
    """-1, 0 or 1; None where these have no order."""
    if type(one) is not type(other):
        return None
    if type(one) is Decimal or type(one) is str:
        return _sign(one, other)
    found = kind(one)
    if found in _UNORDERED:
        return None
    if found in (TIME, DATE_TIME):
        return _clock_order(one, other)
    return _sign(one, other)


def _clock_order(one: Time | DateTime, other: Time | DateTime) -> int | None:
    if (one.offset is None) != (other.offset is None):
        return None
    if isinstance(one, Time) and isinstance(other, Time):
        return _sign(_time_rank(one), _time_rank(other))
    assert isinstance(one, DateTime)
    assert isinstance(other, DateTime)
    return _sign(_moment_rank(one), _moment_rank(other))


def _sign(one: Any, other: Any) -> int:
    return -1 if one < other else int(one > other)


def both(one: bool | None, other: bool | None) -> bool | None:
    """Three-valued and."""
    if one is False or other is False:
        return False
    return True if one is True and other is True else None


def holds(operator: str, one: Any, other: Any, meter: Meter) -> bool | None:
    """`one operator other` for = != < <= > >=."""
    if operator in ("=", "!="):
        same = equal(one, other, meter)
        return same if same is None or operator == "=" else not same
    return _ordered(operator, one, other)


def _ordered(operator: str, one: Any, other: Any) -> bool | None:
    sign = order(one, other)
    return None if sign is None else _ORDERS[operator](sign)


_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def within(value: Any, interval: Range, meter: Meter) -> bool | None:
    """Whether a value lies in a range."""
    if value is None or _is_incomplete(interval):
        return None
    if interval.form == "!=":
        same = equal(value, interval.low, meter)
        return None if same is None else not same
    return both(_above(value, interval), _below(value, interval))


def _is_incomplete(interval: Range) -> bool:
    """An interval with null for an end: only a one-sided range may lack one."""
    return interval.form is None and (interval.low is None or interval.high is None)


def _above(value: Any, interval: Range) -> bool | None:
    if interval.low is None:
        return True
    return _ordered(">=" if interval.low_included else ">", value, interval.low)


def _below(value: Any, interval: Range) -> bool | None:
    if interval.high is None:
        return True
    return _ordered("<=" if interval.high_included else "<", value, interval.high)
