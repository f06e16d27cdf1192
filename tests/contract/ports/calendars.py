"""The contract of working time: what every implementation of the port promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.ports import WorkingTime

BANGKOK = ZoneInfo("Asia/Bangkok")


def at(day: int, clock: str) -> datetime:
    """A moment of November 2026; the 23rd is a Monday, and no day from the 16th on is a holiday."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=BANGKOK)


class WorkingTimeContract:
    """Subclasses give the fixture `working`: Monday to Friday, at least from 09:00 to 11:00."""

    def test_hours_within_a_day(self, working: WorkingTime) -> None:
        assert working.add(at(23, "09:00"), timedelta(hours=2)) == at(23, "11:00")
        assert working.add(at(21, "12:00"), timedelta(hours=1)) > at(23, "00:00")  # a Saturday

    def test_whole_days_are_working_days(self, working: WorkingTime) -> None:
        assert working.add(at(20, "09:30"), timedelta(days=1)) == at(23, "09:30")
        assert working.add(at(23, "09:30"), timedelta(days=5)) == at(30, "09:30")

    def test_answers_are_aware(self, working: WorkingTime) -> None:
        assert working.add(at(23, "09:00"), timedelta(hours=30)).tzinfo is not None

    def test_weekends_are_no_working_days(self, working: WorkingTime) -> None:
        assert [working.is_working_day(at(day, "12:00")) for day in (20, 21, 22, 23)] == [
            True, False, False, True,
        ]  # fmt: skip

    def test_between_is_what_add_has_added(self, working: WorkingTime) -> None:
        start = at(20, "09:15")
        for hours in (1, 5, 9, 20):
            end = start
            for _ in range(hours):
                end = working.add(end, timedelta(hours=1))
            assert working.between(start, end) == timedelta(hours=hours)

    def test_later_starts_end_no_earlier(self, working: WorkingTime) -> None:
        starts = [at(20, "06:00") + timedelta(hours=n) for n in range(100)]
        ends = [working.add(start, timedelta(hours=3)) for start in starts]
        assert ends == sorted(ends)
