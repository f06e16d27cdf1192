"""Dates, times and durations: exact, with zones, for years of any size."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.feel import NOW, value

from engine import feel
from engine.feel.temporal import calendar
from engine.feel.values import to_json


@given(st.dates())
def test_the_calendar_is_pythons_where_python_has_one(day: date) -> None:
    days = calendar.days_from_civil(day.year, day.month, day.day)
    assert days == day.toordinal() - date(1970, 1, 1).toordinal()
    assert calendar.civil_from_days(days) == (day.year, day.month, day.day)
    assert calendar.weekday(days) == day.isoweekday()
    assert calendar.iso_week(day.year, day.month, day.day) == day.isocalendar().week


@given(st.integers(-(10**11), 10**11))
def test_the_calendar_goes_on_beyond(days: int) -> None:
    assert calendar.days_from_civil(*calendar.civil_from_days(days)) == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-01-31" + @"P1M"', "2026-02-28"),
        ('@"2024-02-29" - @"P1Y"', "2023-02-28"),
        ('@"2026-01-31" + @"PT36H"', "2026-02-01"),
        ('@"9999-12-31" + @"P1D"', "10000-01-01"),
        ('@"0001-01-01" - @"P1D"', "0000-12-31"),
        ('@"2026-03-01" - @"2026-02-01"', "P28D"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"10:00:00Z" - @"10:00:00+07:00"', "PT7H"),
        ('@"P1D" * 2.5', "P2DT12H"),
        ('@"P1Y" / 5', "P2M"),
        ('@"P3D" / @"PT36H"', 2),
        ('-@"P1Y2M"', "-P1Y2M"),
        ('@"2026-01-01T10:00:00" - @"2026-01-01T10:00:00Z"', None),
        ('@"P1Y" + @"P1D"', None),
        ('@"999999999-12-31" + @"P1D"', None),
        ('date and time(@"2026-01-01", @"10:00:00@Asia/Bangkok").time offset', "PT7H"),
        ('time(9, 30, 15.123456789, @"PT7H")', "09:30:15.123456789+07:00"),
        ('date and time("2026-01-01T24:00:00")', "2026-01-02T00:00:00"),
        ('years and months duration(@"2024-02-29", @"2026-02-28")', "P1Y11M"),
        ('day of week(@"2026-11-23")', "Monday"),
        ('week of year(@"2027-01-01")', 53),
        ('@"-PT1M30.5S".seconds', "-30.5"),
        ('@"2026-11-23".weekday', 1),
    ],
)
def test_value(text: str, expected: Any) -> None:
    found = to_json(value(text))
    assert found == expected or str(found) == expected


def test_elapsed_time_is_added_across_a_change_of_summer_time() -> None:
    start = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Paris"))
    found = value('start + duration("PT1H")', start=start)
    assert found.isoformat() == "2026-03-29T03:30:00+02:00"


def test_now_is_what_was_handed_in_on_the_clocks_of_bangkok() -> None:
    assert value("now()") == NOW
    assert value("now().hour") == 9
    assert value("today()") == date(2026, 11, 23)
    late = NOW.replace(hour=18)
    assert feel.evaluate("today()", {}, now=late).value == date(2026, 11, 24)
    assert feel.evaluate("today()", {}, now=late, zone="UTC").value == date(2026, 11, 23)


def test_times_are_compared_as_instants() -> None:
    assert value('@"2026-01-01T09:00:00+07:00" = @"2026-01-01T02:00:00Z"') is True
    assert value('is(@"2026-01-01T09:00:00+07:00", @"2026-01-01T02:00:00Z")') is False
    assert value('@"2026-01-01T09:00:00@Asia/Bangkok" < @"2026-01-01T02:00:01Z"') is True
    assert value('@"09:00:00" < @"09:00:00Z"') is None


@given(st.datetimes(timezones=st.sampled_from([ZoneInfo("Asia/Bangkok"), ZoneInfo("UTC")])))
def test_a_moment_survives_the_way_in_and_out(moment: datetime) -> None:
    assert value("x", x=moment) == moment


@given(st.timedeltas(), st.timedeltas(max_value=timedelta(days=10**6)))
def test_durations_add_as_pythons_do(one: timedelta, other: timedelta) -> None:
    try:
        expected = one + other
    except OverflowError:
        return
    assert value("a + b", a=one, b=other) == expected


@given(st.timedeltas() | st.dates() | st.times() | st.datetimes())
def test_iso_text_and_back(kept: Any) -> None:
    assert feel.from_text(feel.to_text(kept)) == kept
