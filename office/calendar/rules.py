"""Counting in working time: a pure value made of a week's hours and the days that differ.

Decisions, for whoever compares with another system:
- Office hours are what the calendar says; by default 08:30 to 16:30 on weekdays *without* taking
  a lunch break out, eight hours a day. A calendar with two spans a day takes it out.
- A whole day in a duration is a working day: 15:00 on Friday plus two days is 15:00 on Tuesday.
  A duration of 24 hours is one such day; eight hours are eight hours of office time.
- What starts outside office hours starts at the next opening.
- Time is counted in whole instants; a day that closes before the time of day cuts it to its close.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[time, time]

#: 08:30–16:30, Monday to Friday (regulation B.E. 2526 as amended, government office hours).
OFFICE_HOURS: tuple[tuple[Span, ...], ...] = (((time(8, 30), time(16, 30)),),) * 5 + ((), ())

_WEEK = 7
_DAY = timedelta(days=1)
#: A calendar without a working day in so many years is an error, not a long search.
_FARTHEST = 10


class NoWorkingTime(ValueError):
    """Expected a calendar with working time ahead, but it has none within ten years."""


@dataclass(frozen=True, slots=True)
class _Year:
    """One year's office time, laid end to end: spans, and how much time lies before each."""

    opens: Sequence[datetime]
    closes: Sequence[datetime]
    before: Sequence[timedelta]
    total: timedelta
    #: working days in order
    days: Sequence[date]


@dataclass(frozen=True)
class WorkingHours:
    """Satisfies `engine.ports.WorkingTime`. Equal calendars are equal values."""

    zone: ZoneInfo
    #: spans of Monday to Sunday, in order, not overlapping
    week: tuple[tuple[Span, ...], ...] = OFFICE_HOURS
    #: days that differ: nothing worked on a holiday, fewer hours on a half day
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    # -- the port ----------------------------------------------------------------------------

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """`start` plus working days and then working hours; see the module's decisions."""
        if duration < timedelta(0):
            raise ValueError(f"Expected a duration of zero or more, but got {duration}.")
        moment = self.next_open(start)
        if duration.days:
            moment = self._add_days(moment, duration.days)
        return self._add_time(moment, duration - duration.days * _DAY).astimezone(UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Office time from start to end; negative when end comes first."""
        if end < start:
            return -self.between(end, start)
        first, last = self._local(start).year, self._local(end).year
        whole = sum((self._year(year).total for year in range(first, last)), timedelta(0))
        return whole + self._passed(end) - self._passed(start)

    def is_working_day(self, day: datetime) -> bool:
        return bool(self.spans(self._local(day).date()))

    # -- more that rooms ask -----------------------------------------------------------------

    def spans(self, day: date) -> tuple[Span, ...]:
        found = self.special.get(day)
        return self.week[day.weekday()] if found is None else found

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when the office is open, else the next opening."""
        local = self._local(moment)
        for number in range(local.year, local.year + _FARTHEST):
            year = self._year(number)
            place = bisect_right(year.closes, local)
            if place < len(year.closes):
                return max(local, year.opens[place])
        raise NoWorkingTime(f"Expected working time after {moment.isoformat()}, but found none.")

    def deemed_received(self, moment: datetime) -> datetime:
        """When a letter that came in electronically counts as received.

        Inside the day's office hours (a lunch break too, both ends included): then. Outside: at
        the next opening, which before hours is the same day's.
        """
        local = self._local(moment)
        spans = self.spans(local.date())
        if spans and spans[0][0] <= local.time() <= spans[-1][1]:
            return moment.astimezone(UTC)
        return self.next_open(moment).astimezone(UTC)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`: "อีก 3 วันทำการ"."""
        if end < start:
            return -self.working_days_between(end, start)
        whole = sum(len(self._year(number).days) for number in range(start.year, end.year))
        return whole + self._day_number(end) - self._day_number(start)

    # -- within ------------------------------------------------------------------------------

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError(f"Expected an aware datetime, but got the naive {moment}.")
        return moment.astimezone(self.zone)

    def _year(self, number: int) -> _Year:
        if number not in self._years:
            self._years[number] = self._lay_out(number)
        return self._years[number]

    def _lay_out(self, number: int) -> _Year:
        opens: list[datetime] = []
        closes: list[datetime] = []
        before: list[timedelta] = []
        days: list[date] = []
        total = timedelta(0)
        day = date(number, 1, 1)
        while day.year == number:
            spans = self.spans(day)
            if spans:
                days.append(day)
            for open_at, close_at in spans:
                opens.append(datetime.combine(day, open_at, self.zone))
                closes.append(datetime.combine(day, close_at, self.zone))
                before.append(total)
                total += closes[-1] - opens[-1]
            day += _DAY
        return _Year(opens, closes, before, total, days)

    def _passed(self, moment: datetime) -> timedelta:
        """Office time of the moment's year that lies before it."""
        local = self._local(moment)
        year = self._year(local.year)
        place = bisect_right(year.opens, local) - 1
        if place < 0:
            return timedelta(0)
        return year.before[place] + min(local, year.closes[place]) - year.opens[place]

    def _add_time(self, moment: datetime, rest: timedelta) -> datetime:
        """`rest` of office time after an open moment; a deadline may stand at the close."""
        if not rest:
            return moment
        number = moment.year
        wanted = self._passed(moment) + rest
        while wanted > self._year(number).total:
            wanted -= self._year(number).total
            number += 1
            self._refuse_endless(number, moment)
        year = self._year(number)
        place = bisect_left(year.before, wanted) - 1
        return year.opens[place] + (wanted - year.before[place])

    def _add_days(self, moment: datetime, count: int) -> datetime:
        """The same time of day, `count` working days later, cut to that day's hours."""
        number = moment.year
        place = bisect_left(self._year(number).days, moment.date()) + count
        while place >= len(self._year(number).days):
            place -= len(self._year(number).days)
            number += 1
            self._refuse_endless(number, moment)
        return self._within(self._year(number).days[place], moment.time())

    def _within(self, day: date, wanted: time) -> datetime:
        """The time of day, or the nearest in that day's hours: into a break, the next opening."""
        spans = self.spans(day)
        for open_at, close_at in spans:
            if wanted <= close_at:
                return datetime.combine(day, max(wanted, open_at), self.zone)
        return datetime.combine(day, spans[-1][1], self.zone)

    def _refuse_endless(self, number: int, moment: datetime) -> None:
        nothing = not any(self._year(year).days for year in range(number, number + _FARTHEST))
        if nothing or number > date.max.year - _FARTHEST:
            raise NoWorkingTime(f"Expected working time after {moment.isoformat()}, found none.")

    def _day_number(self, day: date) -> int:
        return bisect_right(self._year(day.year).days, day)


def read_spans(raw: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    """Spans from stored text, [["08:30", "12:00"], …]; ValueError says what is wrong with them."""
    spans = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in raw)
    times = [moment for span in spans for moment in span]
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise ValueError(f"Expected hours in order and apart, but got {raw}.")
    return spans


def write_spans(spans: Sequence[Span]) -> list[list[str]]:
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in spans]


def read_week(raw: Sequence[Sequence[Sequence[str]]]) -> tuple[tuple[Span, ...], ...]:
    """The seven days of a week from stored text, Monday first."""
    if len(raw) != _WEEK or not any(raw):
        raise ValueError("Expected seven days of hours, at least one of them worked.")
    return tuple(read_spans(day) for day in raw)
