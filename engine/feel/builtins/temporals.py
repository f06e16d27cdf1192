"""Built-in functions on dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.kinds import STRING, expect, whole
from engine.feel.numeric import CONTEXT
from engine.feel.scope import Run
from engine.feel.temporal import arithmetic, calendar, text
from engine.feel.temporal.types import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    make_date,
    make_time,
)
from engine.feel.temporal.zones import Zone, check_offset, read_zone

LIBRARY = Library()
define = LIBRARY.define

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@define("date(from: string|date|date and time)", "date(year: number, month: number, day: number)")
def date(_run: Run, source: Any, month: Decimal | None = None, day: Decimal | None = None) -> Date:
    if month is not None:
        return make_date(whole(source), whole(month), whole(day))
    if isinstance(source, str):
        return text.read_date(source)
    return _day(source)


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@define(
    "time(from: string|date|date and time|time)",
    "time(hour: number, minute: number, second: number, offset?: days and time duration?)",
)
def time(_run: Run, source: Any, *clock: Any) -> Time:
    if clock:
        return _clock(source, *clock)
    if isinstance(source, str):
        return text.read_time(source)
    return source if isinstance(source, Time) else arithmetic.as_date_time(source).time


def _clock(
    hour: Decimal, minute: Decimal, second: Decimal, zone: DaysDuration | str | None = None
) -> Time:
    nanos = CONTEXT.multiply(second, Decimal(SECOND))
    if not 0 <= nanos < 60 * SECOND:
        raise Nothing(f"Expected seconds from 0 to under 60, but got {second}.")
    return make_time(whole(hour), whole(minute), int(nanos), _zone(zone))


def _zone(zone: DaysDuration | str | None) -> Zone:
    if zone is None:
        return None
    if isinstance(zone, str):
        return read_zone("@" + zone)
    seconds, rest = divmod(zone.nanos, SECOND)
    if rest:
        raise Nothing("Expected an offset of whole seconds.")
    return check_offset(seconds)


_MOMENT = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@define(
    "date and time(from: string|date|date and time)",
    "date and time(date: date|date and time, time: time)",
    "date and time(date: date and time, timezone: string)",
    f"date and time({_MOMENT}, offset?: days and time duration?)",
    f"date and time({_MOMENT}, timezone?: string?)",
)
def date_and_time(_run: Run, source: Any, *rest: Any) -> DateTime:
    if len(rest) > 1:
        return DateTime(make_date(*map(whole, (source, *rest[:2]))), _clock(*rest[2:]))
    if rest and isinstance(rest[0], Time):
        return DateTime(_day(source), rest[0])
    if rest:
        zone = read_zone("@" + expect(rest[0], STRING))
        assert zone is not None
        return arithmetic.in_zone(source, zone)
    if isinstance(source, str):
        return text.read_date_time(source)
    return arithmetic.as_date_time(source)


@define("duration(from: string|days and time duration|years and months duration)")
def duration(_run: Run, source: Any) -> DaysDuration | MonthsDuration:
    return text.read_duration(source) if isinstance(source, str) else source


@define("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(
    _run: Run, start: Date | DateTime, end: Date | DateTime
) -> MonthsDuration:
    return arithmetic.months_between(_day(start), _day(end))


@define("now()")
def now(run: Run) -> DateTime:
    return run.now


@define("today()")
def today(run: Run) -> Date:
    return run.now.date


@define("day of year(date: date|date and time)")
def day_of_year(_run: Run, value: Date | DateTime) -> Decimal:
    day = _day(value)
    return Decimal(calendar.day_of_year(day.year, day.month, day.day))


@define("day of week(date: date|date and time)")
def day_of_week(_run: Run, value: Date | DateTime) -> str:
    return _DAYS[calendar.weekday(_day(value).ordinal) - 1]


@define("month of year(date: date|date and time)")
def month_of_year(_run: Run, value: Date | DateTime) -> str:
    return _MONTHS[_day(value).month - 1]


@define("week of year(date: date|date and time)")
def week_of_year(_run: Run, value: Date | DateTime) -> Decimal:
    day = _day(value)
    return Decimal(calendar.iso_week(day.year, day.month, day.day))
