"""Dates, times and durations as ISO 8601 text, read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.errors import Nothing
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
    date_from_ordinal,
    days_duration,
    make_date,
    make_time,
    months_duration,
)
from engine.feel.temporal.zones import read_zone, write_zone

Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(|[Zz]|[+-][\d:]+|@.+)", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,10})Y)?(?:(\d{1,10})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?=[\dT])(?:(\d{1,12})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,14})(?:\.(\d{0,9}))?S)?)?",
    re.ASCII,
)
#: Longer text is no date, and need not be looked at.
_MAX = 100


def read_date(text: str) -> Date:
    found = _match(_DATE, text, "a date such as 2026-01-31")
    year = int(found[2]) * (-1 if found[1] else 1)
    return make_date(year, int(found[3]), int(found[4]))


def read_time(text: str) -> Time:
    found = _match(_TIME, text, "a time such as 09:30:00+07:00")
    nanos = int(found[3]) * SECOND + _fraction(found[4])
    return make_time(int(found[1]), int(found[2]), nanos, read_zone(found[5]))


def read_date_time(text: str) -> DateTime:
    """A date alone is its midnight; 24:00:00 is the next day's."""
    day, separator, clock = text.partition("T")
    date = read_date(day)
    if not separator:
        return DateTime(date, Time(0))
    if clock.startswith("24:00:00"):
        midnight = read_time("00" + clock[2:])
        return DateTime(date_from_ordinal(date.ordinal + 1), midnight)
    return DateTime(date, read_time(clock))


def read_duration(text: str) -> DaysDuration | MonthsDuration:
    if len(text) <= _MAX and (found := _MONTHS.fullmatch(text)):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return months_duration(-months if found[1] else months)
    found = _match(_DAYS, text, "a duration such as P1DT12H or P1Y6M")
    days, hours, minutes, seconds = (int(found[part] or 0) for part in (2, 3, 4, 5))
    nanos = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + _fraction(found[6])
    return days_duration(-nanos if found[1] else nanos)


def read_any(text: str) -> Temporal:
    """What an at-literal holds: the kind is told from the shape."""
    if text.startswith(("P", "-P")):
        return read_duration(text)
    if "T" in text.partition("@")[0]:
        return read_date_time(text)
    if text[2:3] == ":":
        return read_time(text)
    return read_date(text)


def _match(pattern: re.Pattern[str], text: str, expected: str) -> re.Match[str]:
    found = pattern.fullmatch(text) if len(text) <= _MAX else None
    if not found:
        raise Nothing(f"Expected {expected}, but got {text[:40]!r}.")
    return found


def _fraction(digits: str | None) -> int:
    return int((digits or "").ljust(9, "0"))


def write(value: Temporal) -> str:
    return _WRITERS[type(value)](value)


def _date(value: Date) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _time(value: Time) -> str:
    clock = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    return clock + _decimals(value.nanos % SECOND) + write_zone(value.zone)


def _date_time(value: DateTime) -> str:
    return f"{_date(value.date)}T{_time(value.time)}"


def _months(value: MonthsDuration) -> str:
    years, months = divmod(abs(value.months), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + "P" + (parts or "0M")


def _days(value: DaysDuration) -> str:
    if value.nanos == 0:
        return "PT0S"
    days, rest = divmod(abs(value.nanos), DAY)
    clock = _clock_part(rest)
    sign = "-" if value.nanos < 0 else ""
    return sign + "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def _clock_part(nanos: int) -> str:
    hours, rest = divmod(nanos, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds = f"{rest // SECOND}{_decimals(rest % SECOND)}S" if rest else ""
    return (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + seconds


def _decimals(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    Date: _date,
    Time: _time,
    DateTime: _date_time,
    MonthsDuration: _months,
    DaysDuration: _days,
}
