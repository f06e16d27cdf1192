"""FEEL's dates, times and durations: exact to the nanosecond, years to ±999,999,999, named zones.

Python's own types end at the year 9999 and at microseconds; `native` translates at the border.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.errors import Nothing
from engine.feel.temporal import calendar
from engine.feel.temporal.zones import Zone, offset_of

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MAX_YEAR = 999_999_999
#: Durations beyond what any two dates can be apart have no use.
_MAX_MONTHS = 24 * MAX_YEAR
_MAX_NANOS = 2 * MAX_YEAR * 366 * DAY


@dataclass(frozen=True, slots=True, order=True)
class Date:
    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        return calendar.days_from_civil(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Time:
    """`nanos` since midnight; `zone` is None (local), an offset in seconds, or a zone's name."""

    nanos: int
    zone: Zone = None

    @property
    def hour(self) -> int:
        return self.nanos // HOUR

    @property
    def minute(self) -> int:
        return self.nanos // MINUTE % 60

    @property
    def second(self) -> int:
        return self.nanos // SECOND % 60

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC; for a named zone as it stood on 1970-01-01."""
        return offset_of(self.zone, 0, self.nanos // SECOND)


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        return offset_of(self.time.zone, self.date.ordinal, self.time.nanos // SECOND)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00Z; without a zone as if it were UTC."""
        return self.date.ordinal * DAY + self.time.nanos - (self.offset or 0) * SECOND


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration."""

    months: int


def make_date(year: int, month: int, day: int) -> Date:
    if not -MAX_YEAR <= year <= MAX_YEAR:
        raise Nothing(f"Expected a year within ±{MAX_YEAR}, but got {year}.")
    if not (1 <= month <= 12 and 1 <= day <= calendar.month_length(year, month)):
        raise Nothing(f"Expected a day of the calendar, but got {year}-{month}-{day}.")
    return Date(year, month, day)


def date_from_ordinal(days: int) -> Date:
    return make_date(*calendar.civil_from_days(days))


def make_time(hour: int, minute: int, nanos: int, zone: Zone = None) -> Time:
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= nanos < MINUTE):
        raise Nothing("Expected a time between 00:00:00 and 23:59:59.")
    return Time(hour * HOUR + minute * MINUTE + nanos, zone)


def from_local(days: int, nanos: int, zone: Zone) -> DateTime:
    """From a day number and nanoseconds of any size, carried over."""
    more, rest = divmod(nanos, DAY)
    return DateTime(date_from_ordinal(days + more), Time(rest, zone))


def days_duration(nanos: int) -> DaysDuration:
    if abs(nanos) > _MAX_NANOS:
        raise Nothing("Expected a shorter duration.")
    return DaysDuration(nanos)


def months_duration(months: int) -> MonthsDuration:
    if abs(months) > _MAX_MONTHS:
        raise Nothing("Expected a shorter duration.")
    return MonthsDuration(months)
