"""Calendars in the database: imported, edited by hand, and read anew when they change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from engine.errors import Rejected
from office.calendar import commands as calendar
from office.calendar import queries
from office.calendar.calendars import StoredCalendars
from office.calendar.rules import WorkingHours

BANGKOK = ZoneInfo("Asia/Bangkok")
FRIDAY = datetime(2026, 12, 4, 15, tzinfo=BANGKOK)


@pytest.fixture
def kept(rooms: Rooms) -> Rooms:
    """The agency with the calendar of 2026."""
    rooms.do(calendar.AddCalendar("central", "ปฏิทินกลาง"))
    rooms.do(calendar.ImportHolidays("central", 2026))
    return rooms


def _hours(rooms: Rooms, calendars: StoredCalendars | None = None) -> WorkingHours:
    with rooms.read() as db:
        return (calendars or StoredCalendars()).working_time(db, rooms.agency_id)


def _due(rooms: Rooms, calendars: StoredCalendars | None = None) -> str:
    due = _hours(rooms, calendars).add(FRIDAY, timedelta(days=2))
    return f"{due.astimezone(BANGKOK):%d %H:%M}"


def test_holidays_move_deadlines(kept: Rooms, other: Rooms) -> None:
    assert _due(kept) == "09 15:00"
    assert _due(other) == "08 15:00", "an agency without a calendar has weekdays alone"


def test_a_day_made_by_hand_survives_an_import(kept: Rooms) -> None:
    half = [["08:30", "12:00"]]
    kept.do(calendar.SetDay("central", date(2026, 12, 9), "งานกีฬา", spans=half))
    kept.do(calendar.SetDay("central", date(2026, 12, 7), "ทำงานชดเชย", spans=[["08:30", "16:30"]]))
    assert kept.do(calendar.ImportHolidays("central", 2026))["kept"] == 2
    assert _due(kept) == "08 15:00"
    kept.do(calendar.RemoveDay("central", date(2026, 12, 7)))
    kept.do(calendar.ImportHolidays("central", 2026))
    assert _due(kept) == "09 12:00"
    with kept.read() as db:
        days = queries.days(db, kept.agency_id, "central", date(2026, 12, 7), date(2026, 12, 9))
    assert [(row.day.day, row.source, list(row.spans)) for row in days] == [
        (7, "library", []),
        (9, "hand", half),
    ]


@contextmanager
def _statements(rooms: Rooms) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    sa.event.listen(rooms.bus.engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(rooms.bus.engine, "before_cursor_execute", note)


def test_a_kept_value_ends_with_its_version(kept: Rooms) -> None:
    calendars = StoredCalendars()
    assert _due(kept, calendars) == "09 15:00"
    with _statements(kept) as statements:
        assert _hours(kept, calendars) is _hours(kept, calendars)
    assert len([text for text in statements if "calendar" in text]) == 2, "one statement each"
    kept.do(calendar.SetDay("central", date(2026, 12, 8), "หยุดพิเศษ"))
    assert _due(kept, calendars) == "11 15:00"


def test_another_calendar_becomes_the_default(kept: Rooms) -> None:
    lunch = [[["08:30", "12:00"], ["13:00", "16:30"]]] * 5 + [[], []]
    kept.do(calendar.AddCalendar("province", "ปฏิทินจังหวัด", week=lunch))
    assert _hours(kept).week[0] != _hours_of(kept, "province").week[0]
    kept.do(calendar.ChangeCalendar("province", is_default=True))
    assert _hours(kept).week == _hours_of(kept, "province").week
    with kept.read() as db:
        assert [(row.code, row.is_default) for row in queries.calendars(db, kept.agency_id)] == [
            ("province", True),
            ("central", False),
        ]


def _hours_of(rooms: Rooms, code: str) -> WorkingHours:
    with rooms.read() as db:
        return StoredCalendars().named(db, rooms.agency_id, code)


def test_what_cannot_be_is_refused(kept: Rooms) -> None:
    bad = [["16:30", "08:30"]]
    for command, code in (
        (calendar.AddCalendar("central", "x"), "taken"),
        (calendar.AddCalendar("new", "x", week=[[]] * 7), "invalid"),
        (calendar.ChangeCalendar("central", week=[[bad[0]]] * 7), "invalid"),
        (calendar.ChangeCalendar("nothing"), "not_found"),
        (calendar.SetDay("central", date(2026, 1, 5), "x", spans=bad), "invalid"),
        (calendar.SetDay("nothing", date(2026, 1, 5), "x"), "not_found"),
        (calendar.RemoveDay("central", date(2026, 1, 5)), "not_found"),
        (calendar.ImportHolidays("nothing", 2026), "not_found"),
    ):
        with pytest.raises(Rejected) as refused:
            kept.do(command)
        assert refused.value.code == code, command


def test_only_who_has_the_right_changes_a_calendar(kept: Rooms) -> None:
    command = calendar.SetDay("central", date(2026, 12, 8), "หยุด")
    with pytest.raises(Rejected) as refused:
        kept.do(command, by="noi")
    assert refused.value.code == "forbidden"
    kept.empower("noi", "calendar")
    kept.do(command, by="noi")


def test_the_next_holiday(kept: Rooms, other: Rooms) -> None:
    with kept.read() as db:
        found = queries.next_holiday(db, kept.agency_id, date(2026, 11, 23))
        last = queries.next_holiday(db, kept.agency_id, date(2026, 12, 31))
        nothing = queries.next_holiday(db, other.agency_id, date(2026, 11, 23))
    assert found is not None
    assert found.day == date(2026, 12, 5)
    assert last is None
    assert nothing is None


def test_the_calendar_of_another_agency_is_not_there(kept: Rooms, other: Rooms) -> None:
    with pytest.raises(Rejected) as refused:
        other.do(calendar.SetDay("central", date(2026, 12, 8), "x"))
    assert refused.value.code == "not_found"
    with kept.read() as db:
        assert (
            queries.days(db, other.agency_id, "central", date(2026, 1, 1), date(2026, 12, 31)) == ()
        )
