"""Deadlines land where a Thai office expects them; counting forward and back agree."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.calendar.holidays import public_holidays
from office.calendar.rules import OFFICE_HOURS, NoWorkingTime, WorkingHours, read_spans, read_week

BANGKOK = ZoneInfo("Asia/Bangkok")
HOLIDAYS = {one.day: () for year in (2025, 2026, 2027) for one in public_holidays(year)}
HALF_DAY = {date(2026, 12, 30): ((time(8, 30), time(12, 0)),)}
OFFICE = WorkingHours(BANGKOK, OFFICE_HOURS, {**HOLIDAYS, **HALF_DAY})
LUNCH = WorkingHours(
    BANGKOK, ((((time(8, 30), time(12)), (time(13), time(16, 30))),) * 5 + ((), ()))
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        # Friday plus two working days passes a week-end and a substitution holiday.
        ("2026-12-04 15:00", timedelta(days=2), "2026-12-09 15:00"),
        ("2026-11-23 09:00", timedelta(hours=4), "2026-11-23 13:00"),
        ("2026-11-23 09:00", timedelta(hours=8), "2026-11-24 09:00"),
        ("2026-11-23 08:30", timedelta(hours=8), "2026-11-23 16:30"),
        ("2026-11-27 15:00", timedelta(hours=4), "2026-11-30 11:00"),
        ("2026-11-23 09:00", timedelta(days=1), "2026-11-24 09:00"),
        ("2026-11-23 09:00", timedelta(days=1, hours=2), "2026-11-24 11:00"),
        # Outside office hours the clock starts at the next opening.
        ("2026-11-23 20:00", timedelta(hours=1), "2026-11-24 09:30"),
        ("2026-11-23 06:00", timedelta(hours=1), "2026-11-23 09:30"),
        ("2026-11-28 12:00", timedelta(days=3), "2026-12-03 08:30"),
        # A half day cuts what is due in its afternoon.
        ("2026-12-29 15:00", timedelta(days=1), "2026-12-30 12:00"),
        ("2026-12-30 11:00", timedelta(hours=2), "2027-01-04 09:30"),
        ("2026-11-23 09:00", timedelta(0), "2026-11-23 09:00"),
    ],
)
def test_deadlines(start: str, duration: timedelta, due: str) -> None:
    assert OFFICE.add(local(start), duration).astimezone(BANGKOK) == local(due)


def test_a_calendar_may_take_the_lunch_break_out() -> None:
    assert LUNCH.add(local("2026-11-23 11:00"), timedelta(hours=2)) == local("2026-11-23 14:00")
    assert LUNCH.between(local("2026-11-23 08:30"), local("2026-11-23 16:30")) == timedelta(hours=7)
    assert LUNCH.add(local("2026-11-23 11:30"), timedelta(days=1)) == local("2026-11-24 11:30")


def test_hours_left_are_counted_in_office_time() -> None:
    assert OFFICE.between(local("2026-12-04 15:00"), local("2026-12-09 15:00")) == timedelta(
        hours=16
    )
    assert OFFICE.between(local("2026-11-28 09:00"), local("2026-11-29 20:00")) == timedelta(0)


@pytest.mark.parametrize(
    ("came", "counts"),
    [
        ("2025-01-23 17:05", "2025-01-24 08:30"),  # the twelfth sample
        ("2026-11-23 10:15", "2026-11-23 10:15"),
        ("2026-11-23 16:30", "2026-11-23 16:30"),
        ("2026-11-23 06:00", "2026-11-23 08:30"),
        ("2026-11-28 10:00", "2026-11-30 08:30"),
        ("2026-12-30 13:00", "2027-01-04 08:30"),
    ],
)
def test_deemed_received(came: str, counts: str) -> None:
    assert OFFICE.deemed_received(local(came)).astimezone(BANGKOK) == local(counts)


def test_a_lunch_break_is_within_the_days_hours_for_receiving() -> None:
    noon = local("2026-11-23 12:30")
    assert LUNCH.deemed_received(noon) == noon


def test_working_days_left() -> None:
    count = OFFICE.working_days_between
    assert count(date(2026, 12, 4), date(2026, 12, 9)) == 2
    assert count(date(2026, 12, 9), date(2026, 12, 4)) == -2
    assert count(date(2026, 12, 30), date(2027, 1, 4)) == 1
    assert count(date(2026, 11, 23), date(2026, 11, 23)) == 0


def test_offices_work_on_labour_day_and_rest_on_the_kings_birthday() -> None:
    assert OFFICE.is_working_day(local("2026-05-01 09:00"))
    assert not OFFICE.is_working_day(local("2026-07-28 09:00"))
    names = {one.day: (one.name, one.name_en) for one in public_holidays(2026)}
    assert names[date(2026, 12, 10)] == ("วันรัฐธรรมนูญ", "Constitution Day")


def test_a_calendar_without_working_time_says_so() -> None:
    idle = WorkingHours(BANGKOK, ((),) * 7)
    for count in (
        lambda: idle.next_open(local("2026-11-23 09:00")),
        lambda: idle.add(local("2026-11-23 09:00"), timedelta(days=1)),
    ):
        with pytest.raises(NoWorkingTime):
            count()


def test_a_naive_moment_is_a_bug() -> None:
    with pytest.raises(ValueError, match="aware"):
        OFFICE.add(datetime(2026, 11, 23, 9), timedelta(hours=1))  # noqa: DTZ001 - the point


@pytest.mark.parametrize(
    "raw", [[["12:00", "08:30"]], [["08:30", "12:00"], ["11:00", "16:30"]], [["x", "y"]]]
)
def test_bad_hours_are_refused(raw: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"Expected|Invalid"):
        read_spans(raw)


def test_a_week_has_seven_days_and_one_of_them_is_worked() -> None:
    for raw in ([[]] * 7, [[["08:30", "16:30"]]] * 6):
        with pytest.raises(ValueError, match="seven"):
            read_week(raw)


MOMENTS = st.datetimes(
    min_value=datetime(2025, 6, 1),  # noqa: DTZ001 - the zone is drawn apart
    max_value=datetime(2027, 6, 30),  # noqa: DTZ001 - the zone is drawn apart
    timezones=st.just(BANGKOK),
)
SPELLS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40))
HOURS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=23, minutes=59))
CALENDARS = st.sampled_from([OFFICE, LUNCH])


@settings(max_examples=200)
@given(CALENDARS, MOMENTS, HOURS)
def test_between_undoes_add(calendar: WorkingHours, start: datetime, hours: timedelta) -> None:
    assert calendar.between(start, calendar.add(start, hours)) == hours


@settings(max_examples=200)
@given(CALENDARS, MOMENTS, SPELLS)
def test_a_deadline_lies_ahead_in_office_hours(
    calendar: WorkingHours, start: datetime, spell: timedelta
) -> None:
    due = calendar.add(start, spell)
    assert due >= start.astimezone(due.tzinfo)
    clock = due.astimezone(BANGKOK)
    assert any(a <= clock.time() <= b for a, b in calendar.spans(clock.date()))


@settings(max_examples=200)
@given(CALENDARS, MOMENTS, MOMENTS, SPELLS)
def test_whoever_starts_later_is_due_no_earlier(
    calendar: WorkingHours, one: datetime, two: datetime, spell: timedelta
) -> None:
    first, second = sorted((one, two))
    assert calendar.add(first, spell) <= calendar.add(second, spell)


@settings(max_examples=200)
@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_office_time_adds_up(
    calendar: WorkingHours, one: datetime, two: datetime, three: datetime
) -> None:
    a, b, c = sorted((one, two, three))
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(c, a) == -calendar.between(a, c)


@settings(max_examples=100)
@given(MOMENTS, st.integers(0, 30))
def test_counting_days_agrees_with_a_walk_through_the_calendar(start: datetime, count: int) -> None:
    day = OFFICE.next_open(start).date()
    for _ in range(count):
        day += timedelta(days=1)
        while not OFFICE.spans(day):
            day += timedelta(days=1)
    assert OFFICE.add(start, timedelta(days=count)).astimezone(BANGKOK).date() == day
