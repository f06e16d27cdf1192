"""Adding, subtracting and comparing dates, times and durations (DMN 1.5, 10.3.2.3)."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.errors import Nothing
from engine.feel.numeric import CONTEXT
from engine.feel.temporal import calendar
from engine.feel.temporal.types import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    date_from_ordinal,
    days_duration,
    from_local,
    make_date,
    months_duration,
)
from engine.feel.temporal.zones import offset_at

Duration = DaysDuration | MonthsDuration


def later(start: Date | Time | DateTime, by: Duration, sign: int = 1) -> Date | Time | DateTime:
    """`start` moved by a duration, `sign` -1 backwards."""
    if isinstance(by, MonthsDuration):
        return _months_later(start, sign * by.months)
    nanos = sign * by.nanos
    if isinstance(start, Time):
        return Time((start.nanos + nanos) % DAY, start.zone)
    if isinstance(start, Date):
        return date_from_ordinal(start.ordinal + nanos // DAY)
    return _moved(start, nanos)


def _months_later(start: Date | Time | DateTime, months: int) -> Date | DateTime:
    if isinstance(start, Time):
        raise Nothing("Expected days and time to add to a time, but got years and months.")
    if isinstance(start, DateTime):
        return DateTime(add_months(start.date, months), start.time)
    return add_months(start, months)


def add_months(date: Date, months: int) -> Date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    day = min(date.day, calendar.month_length(year, month + 1))
    return make_date(year, month + 1, day)


def _moved(start: DateTime, nanos: int) -> DateTime:
    """Elapsed time: across a change of summer time the clock shows another difference."""
    if isinstance(start.time.zone, str):
        return _at(start.instant + nanos, start.time.zone)
    return from_local(start.date.ordinal, start.time.nanos + nanos, start.time.zone)


def in_zone(moment: DateTime, zone: int | str) -> DateTime:
    """The same instant on another zone's clocks."""
    return _at(moment.instant, zone)


def _at(instant: int, zone: int | str) -> DateTime:
    days, rest = divmod(instant, DAY)
    offset = offset_at(zone, days, rest // SECOND)
    return from_local(days, rest + offset * SECOND, zone)


def as_date_time(value: Date | DateTime) -> DateTime:
    """A date among date-times is its midnight in UTC."""
    return value if isinstance(value, DateTime) else DateTime(value, Time(0, 0))


def between(end: Date | DateTime, start: Date | DateTime) -> DaysDuration:
    """What lies between two dates or date-times: `end - start`."""
    if isinstance(end, Date) and isinstance(start, Date):
        return days_duration((end.ordinal - start.ordinal) * DAY)
    one, other = as_date_time(end), as_date_time(start)
    _same_footing(one.offset, other.offset)
    return days_duration(one.instant - other.instant)


def between_times(end: Time, start: Time) -> DaysDuration:
    _same_footing(end.offset, start.offset)
    return days_duration(time_key(end) - time_key(start))


def _same_footing(one: int | None, other: int | None) -> None:
    if (one is None) != (other is None):
        raise Nothing("Expected both times with a zone or both without, but only one has it.")


def time_key(value: Time) -> int:
    return value.nanos - (value.offset or 0) * SECOND


def months_between(start: Date, end: Date) -> MonthsDuration:
    """Whole months from one date to another, negative backwards."""
    if end < start:
        return MonthsDuration(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months_duration(months - (1 if end.day < start.day else 0))


def negated(value: Duration) -> Duration:
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.nanos)
    return MonthsDuration(-value.months)


def summed(one: Duration, other: Duration, sign: int = 1) -> Duration:
    if isinstance(one, DaysDuration) and isinstance(other, DaysDuration):
        return days_duration(one.nanos + sign * other.nanos)
    if isinstance(one, MonthsDuration) and isinstance(other, MonthsDuration):
        return months_duration(one.months + sign * other.months)
    raise Nothing("Expected two durations of one kind.")


def scaled(value: Duration, factor: Decimal) -> Duration:
    if isinstance(value, DaysDuration):
        return days_duration(_whole(CONTEXT.multiply(Decimal(value.nanos), factor)))
    return months_duration(_whole(CONTEXT.multiply(Decimal(value.months), factor)))


def divided(value: Duration, divisor: Decimal) -> Duration:
    if isinstance(value, DaysDuration):
        return days_duration(_whole(CONTEXT.divide(Decimal(value.nanos), divisor)))
    return months_duration(_whole(CONTEXT.divide(Decimal(value.months), divisor)))


def ratio(one: Duration, other: Duration) -> Decimal:
    if isinstance(one, DaysDuration) and isinstance(other, DaysDuration):
        return CONTEXT.divide(Decimal(one.nanos), Decimal(other.nanos))
    if isinstance(one, MonthsDuration) and isinstance(other, MonthsDuration):
        return CONTEXT.divide(Decimal(one.months), Decimal(other.months))
    raise Nothing("Expected two durations of one kind.")


def _whole(number: Decimal) -> int:
    """Towards zero: half a month is no month."""
    if abs(number) > Decimal(10) ** 30:
        raise Nothing("Expected a shorter duration.")
    return int(number)
