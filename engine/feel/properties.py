"""The properties of dates, times, durations and ranges (DMN 1.5, table 65), and of contexts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.errors import Nothing
from engine.feel.kinds import Range, kind
from engine.feel.limits import Meter
from engine.feel.numeric import CONTEXT
from engine.feel.temporal import calendar
from engine.feel.temporal.types import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from engine.feel.temporal.zones import Zone


def property_of(value: Any, name: str, meter: Meter) -> Any:
    """A list's property is the list of its elements' properties."""
    if type(value) is list:
        meter.grow(len(value))
        meter.work(len(value))
        return [_of_element(element, name, meter) for element in value]
    found = _PROPERTIES.get(type(value), {}).get(name)
    if found is None:
        raise Nothing(f"Expected a property {name!r}, but a {kind(value)} has none of this name.")
    return found(value)


def _of_element(value: Any, name: str, meter: Meter) -> Any:
    if type(value) is dict:
        return value.get(name)
    if type(value) is list or name in _PROPERTIES.get(type(value), {}):
        return property_of(value, name, meter)
    return None


def _offset(seconds: int | None) -> DaysDuration | None:
    return None if seconds is None else DaysDuration(seconds * SECOND)


def _zone_name(zone: Zone) -> str | None:
    return zone if isinstance(zone, str) else None


def _signed(total: int, part: Callable[[int], int]) -> Decimal:
    """A part of a duration, negative where the whole is."""
    return Decimal(-part(-total) if total < 0 else part(total))


def _seconds(nanos: int) -> Decimal:
    size = CONTEXT.divide(Decimal(abs(nanos) % MINUTE), Decimal(SECOND))
    return -size if nanos < 0 else size


_DATE: Mapping[str, Callable[[Date], Any]] = {
    "year": lambda it: Decimal(it.year),
    "month": lambda it: Decimal(it.month),
    "day": lambda it: Decimal(it.day),
    "weekday": lambda it: Decimal(calendar.weekday(it.ordinal)),
}
_TIME: Mapping[str, Callable[[Time], Any]] = {
    "hour": lambda it: Decimal(it.hour),
    "minute": lambda it: Decimal(it.minute),
    "second": lambda it: Decimal(it.second),
    "time offset": lambda it: _offset(it.offset),
    "timezone": lambda it: _zone_name(it.zone),
}


def _through(
    part: Callable[[DateTime], Any], read: Callable[[Any], Any]
) -> Callable[[DateTime], Any]:
    return lambda it: read(part(it))


_DATE_TIME: Mapping[str, Callable[[DateTime], Any]] = {
    **{name: _through(lambda it: it.date, read) for name, read in _DATE.items()},
    **{name: _through(lambda it: it.time, read) for name, read in _TIME.items()},
    "time offset": lambda it: _offset(it.offset),
}
_DAYS: Mapping[str, Callable[[DaysDuration], Any]] = {
    "days": lambda it: _signed(it.nanos, lambda nanos: nanos // DAY),
    "hours": lambda it: _signed(it.nanos, lambda nanos: nanos % DAY // HOUR),
    "minutes": lambda it: _signed(it.nanos, lambda nanos: nanos % HOUR // MINUTE),
    "seconds": lambda it: _seconds(it.nanos),
}
_MONTHS: Mapping[str, Callable[[MonthsDuration], Any]] = {
    "years": lambda it: _signed(it.months, lambda months: months // 12),
    "months": lambda it: _signed(it.months, lambda months: months % 12),
}
_RANGE: Mapping[str, Callable[[Range], Any]] = {
    "start": lambda it: it.low,
    "end": lambda it: it.high,
    "start included": lambda it: it.low_included,
    "end included": lambda it: it.high_included,
}
_PROPERTIES: Mapping[type, Mapping[str, Callable[[Any], Any]]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: _DATE_TIME,
    DaysDuration: _DAYS,
    MonthsDuration: _MONTHS,
    Range: _RANGE,
}
