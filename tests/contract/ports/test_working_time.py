"""Working time: the office's calendar value and the plain twin count alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ports import WorkingTime
from engine.twins import PlainWorkingTime
from office.calendar.rules import WorkingHours

BANGKOK = ZoneInfo("Asia/Bangkok")
HOLIDAY = date(2026, 12, 7)
REAL: WorkingTime = WorkingHours(BANGKOK, special={HOLIDAY: ()})
TWIN: WorkingTime = PlainWorkingTime(holidays=frozenset({HOLIDAY}))

IN_OFFICE = st.builds(
    lambda day, minutes: REAL.add(
        datetime(2026, 11, 2, 8, 30, tzinfo=BANGKOK) + timedelta(days=day),
        timedelta(minutes=minutes),
    ),
    st.integers(0, 60),
    st.integers(0, 479),
)


@pytest.mark.parametrize("time", [REAL, TWIN], ids=["office", "twin"])
def test_whole_days_are_working_days_and_the_rest_is_office_time(time: WorkingTime) -> None:
    friday = datetime(2026, 12, 4, 15, tzinfo=BANGKOK)
    assert time.add(friday, timedelta(days=2)) == datetime(2026, 12, 9, 15, tzinfo=BANGKOK)
    assert time.add(friday, timedelta(hours=4)) == datetime(2026, 12, 8, 11, tzinfo=BANGKOK)
    assert time.between(friday, datetime(2026, 12, 8, 11, tzinfo=BANGKOK)) == timedelta(hours=4)
    assert not time.is_working_day(datetime(2026, 12, 7, 9, tzinfo=BANGKOK))
    assert time.is_working_day(datetime(2026, 12, 7, 18, tzinfo=ZoneInfo("UTC")))


@given(IN_OFFICE, st.integers(0, 20), st.integers(0, 1439))
def test_from_a_moment_in_office_hours_both_find_the_same_deadline(
    start: datetime, days: int, minutes: int
) -> None:
    spell = timedelta(days=days, minutes=minutes)
    assert REAL.add(start, spell) == TWIN.add(start, spell)


@given(IN_OFFICE, IN_OFFICE)
def test_both_count_the_same_time_between(one: datetime, two: datetime) -> None:
    first, last = sorted((one, two))
    assert REAL.between(first, last) == TWIN.between(first, last)
