"""FEEL's temporal values to and from Python's own, wherever Python can hold them exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.temporal.types import (
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    Time,
)
from engine.feel.temporal.zones import Zone, zone_info

_MAX_MICROS = timedelta.max // timedelta(microseconds=1)


def date_of(value: date) -> Date:
    return Date(value.year, value.month, value.day)


def time_of(value: time) -> Time:
    return Time(_nanos(value), _zone(value.tzinfo, value.utcoffset()))


def date_time_of(value: datetime) -> DateTime:
    return DateTime(date_of(value), Time(_nanos(value), _zone(value.tzinfo, value.utcoffset())))


def duration_of(value: timedelta) -> DaysDuration:
    return DaysDuration(value // timedelta(microseconds=1) * 1000)


def _nanos(value: time | datetime) -> int:
    clock = value.hour * HOUR + value.minute * MINUTE + value.second * SECOND
    return clock + value.microsecond * 1000


def _zone(zone: tzinfo | None, offset: timedelta | None) -> Zone:
    if isinstance(zone, ZoneInfo) and zone.key:
        return 0 if zone.key == "UTC" else zone.key
    return None if offset is None else int(offset.total_seconds())


def to_native(value: Any) -> Any:
    """Python's own value for a FEEL one, or the FEEL one where Python has none."""
    if isinstance(value, Date):
        return _native_date(value)
    if isinstance(value, Time):
        return _native_time(value)
    if isinstance(value, DateTime):
        return _native_date_time(value)
    if isinstance(value, DaysDuration):
        return _native_duration(value)
    return value


def _native_date(value: Date) -> date | Date:
    if 1 <= value.year <= 9999:
        return date(value.year, value.month, value.day)
    return value


def _native_time(value: Time) -> time | Time:
    if value.nanos % 1000:
        return value
    micros = value.nanos % SECOND // 1000
    return time(value.hour, value.minute, value.second, micros, _tzinfo(value.zone))


def _native_date_time(value: DateTime) -> datetime | DateTime:
    day, clock = _native_date(value.date), _native_time(value.time)
    if isinstance(day, Date) or isinstance(clock, Time):
        return value
    return datetime.combine(day, clock)


def _native_duration(value: DaysDuration) -> timedelta | DaysDuration:
    micros, rest = divmod(value.nanos, 1000)
    if rest or abs(micros) > _MAX_MICROS:
        return value
    return timedelta(microseconds=micros)


def _tzinfo(zone: Zone) -> tzinfo | None:
    if zone is None:
        return None
    if isinstance(zone, str):
        return zone_info(zone)
    return timezone(timedelta(seconds=zone)) if zone else UTC
