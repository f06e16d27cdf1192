"""Functions of this product's own: working time, from the agency's calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.scope import Run
from engine.feel.temporal.native import date_time_of, to_native
from engine.feel.temporal.types import Date, DateTime, DaysDuration

if TYPE_CHECKING:
    from engine.ports import WorkingTime

LIBRARY = Library()
define = LIBRARY.define

#: Days are counted one by one; ten years is more than any deadline.
_MOST_DAYS = 3_660


def _calendar(run: Run) -> WorkingTime:
    if run.working_time is None:
        raise Nothing("Expected a working-time calendar, but there is none here.")
    return run.working_time


def _moment(run: Run, value: Date | DateTime) -> datetime:
    """An aware moment; without a zone it is meant in the zone of this evaluation."""
    native = to_native(value)
    if isinstance(native, Date | DateTime):
        raise Nothing("Expected a year from 1 to 9999.")
    if not isinstance(native, datetime):
        native = datetime(native.year, native.month, native.day)  # noqa: DTZ001 - zone follows
    return native if native.tzinfo else native.replace(tzinfo=ZoneInfo(run.zone))


@define("add working time(from: date|date and time, duration: days and time duration)")
def add_working_time(run: Run, start: Date | DateTime, by: DaysDuration) -> DateTime:
    """Whole days are working days, the rest working hours."""
    length = to_native(by)
    if not isinstance(length, timedelta) or abs(length.days) > _MOST_DAYS:
        raise Nothing(f"Expected at most {_MOST_DAYS:,} days of working time.")
    run.meter.work(abs(length.days))
    ready = _calendar(run).add(_moment(run, start), length)
    return date_time_of(ready.astimezone(ZoneInfo(run.zone)))


@define("working days between(from: date|date and time, to: date|date and time)")
def working_days_between(run: Run, start: Date | DateTime, end: Date | DateTime) -> Decimal:
    """Working days after the first day, up to and with the last; negative backwards."""
    working_time = _calendar(run)
    first, last = _moment(run, start), _moment(run, end)
    if last < first:
        return -_count(working_time, last, first, run)
    return _count(working_time, first, last, run)


def _count(working_time: WorkingTime, first: datetime, last: datetime, run: Run) -> Decimal:
    days = (last.date() - first.date()).days
    if days > _MOST_DAYS:
        raise Nothing(f"Expected at most {_MOST_DAYS:,} days, but got {days:,}.")
    run.meter.work(days)
    following = (first + timedelta(days=day) for day in range(1, days + 1))
    return Decimal(sum(working_time.is_working_day(day) for day in following))
