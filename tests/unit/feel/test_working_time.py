"""Working days and hours, from the calendar that is handed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.feel import NOW

from engine import feel

_BANGKOK = ZoneInfo("Asia/Bangkok")


class Weekdays:
    """Monday to Friday, whole days only."""

    def add(self, start: datetime, duration: timedelta) -> datetime:
        moment = start
        for _ in range(duration.days):
            moment += timedelta(days=1)
            while not self.is_working_day(moment):
                moment += timedelta(days=1)
        return moment

    def between(self, start: datetime, end: datetime) -> timedelta:
        return end - start

    def is_working_day(self, day: datetime) -> bool:
        return day.astimezone(_BANGKOK).weekday() < 5


def value(text: str, **variables: Any) -> Any:
    return feel.evaluate(text, variables, now=NOW, working_time=Weekdays()).value


def test_adding_working_days() -> None:
    due = value('add working time(now(), duration("P5D"))')
    assert due == datetime(2026, 11, 30, 9, tzinfo=_BANGKOK)


def test_a_time_without_zone_is_meant_here() -> None:
    due = value('add working time(date("2026-11-27"), @"P1D")')
    assert due == datetime(2026, 11, 30, tzinfo=_BANGKOK)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-23", "2026-11-27", 4),
        ("2026-11-23", "2026-11-30", 5),
        ("2026-11-28", "2026-11-29", 0),
        ("2026-11-30", "2026-11-23", -5),
    ],
)
def test_counting_working_days(start: str, end: str, expected: int) -> None:
    assert value("working days between(date(a), date(b))", a=start, b=end) == expected


def test_limits_of_counting() -> None:
    assert value('working days between(@"1990-01-01", @"2026-01-01")') is None
    assert value('add working time(now(), @"P99999D")') is None
    assert value('working days between(@"12026-01-01", @"12026-01-02")') is None


def test_without_a_calendar_there_is_no_answer() -> None:
    text = 'add working time(now(), @"P1D")'
    result = feel.evaluate(text, {}, now=NOW)
    assert result.value is None
    assert "calendar" in result.warnings[0].message
