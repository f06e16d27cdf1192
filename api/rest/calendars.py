"""/calendars: working hours, and the days that differ from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import FIRST_DAY, LAST_DAY, Text
from api.rest.frame import Resource, Tagged, execute, expected_version, read
from engine.errors import NotFound
from office.calendar import queries
from office.calendar.commands import (
    AddCalendar,
    ChangeCalendar,
    ImportHolidays,
    RemoveDay,
    SetDay,
)
from office.calendar.queries import CalendarRow, DayRow

resource = Resource(
    "calendars", __name__, url_prefix="/api/v1/calendars", description="Working time."
)


@dataclass(frozen=True, slots=True)
class Calendars:
    items: Sequence[CalendarRow]


@dataclass(frozen=True, slots=True)
class Calendar(CalendarRow):
    """One calendar with its special days of a year."""

    days: Sequence[DayRow]


@dataclass(frozen=True, slots=True)
class ChangedDay:
    day: date


@dataclass(frozen=True, slots=True)
class ChangedCalendar:
    code: str


@dataclass(frozen=True, slots=True)
class ImportedHolidays:
    """How many days came from the library, and how many made by hand were kept."""

    imported: int
    kept: int


def _week(**options: Any) -> fields.List[Any]:
    day = fields.List(
        fields.List(Text(5), validate=validate.Length(equal=2)), validate=validate.Length(max=10)
    )
    return fields.List(day, validate=validate.Length(equal=7), **options)


class NewCalendar(Schema):
    """`week`: seven lists of ["08:30", "12:00"] pairs, Monday first; left out: office hours."""

    code = Text(40, required=True)
    name = Text(required=True)
    week = _week(load_default=None)


class CalendarChange(Schema):
    name = Text()
    week = _week()
    is_default = fields.Boolean()


class HolidayYear(Schema):
    """In the Common Era."""

    year = fields.Integer(required=True, validate=validate.Range(min=2000, max=2100))


class Year(Schema):
    """In the Common Era; left out: this year."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=1900, max=2400))


class DayHours(Schema):
    """No `spans`: a holiday. Else working hours as ["08:30", "12:00"] pairs."""

    name = Text(required=True)
    name_en = Text(shortest=0, load_default="")
    spans = fields.List(
        fields.List(Text(5), validate=validate.Length(equal=2)),
        load_default=list, validate=validate.Length(max=10),
    )  # fmt: skip


@resource.get("", gives=Calendars)
def listing() -> Any:
    """List the agency's calendars, the default one first."""
    return Calendars(read(queries.calendars, g.actor.agency_id))


@resource.get("/<code>", query=Year, gives=Calendar, tagged=True)
def one(query: dict[str, Any], code: str) -> Any:
    """Read a calendar with the days of a year that differ from its week."""
    year = query["year"] or g.now.year
    found = read(_one, code, year)
    return Tagged(found, f"{found.version}-{year}")


def _one(db: Connection, code: str, year: int) -> Calendar:
    agency = g.actor.agency_id
    row = queries.one(db, agency, code)
    days = queries.days(db, agency, code, date(year, 1, 1), date(year, 12, 31))
    values = {name: getattr(row, name) for name in CalendarRow.__dataclass_fields__}
    return Calendar(**values, days=days)


@resource.post("", takes=NewCalendar, gives=ChangedCalendar, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a calendar (right: calendar). The first of an agency is its default."""
    return ChangedCalendar(execute(AddCalendar(**body))["code"])


@resource.put("/<code>", takes=CalendarChange, gives=ChangedCalendar, guarded=True, scope="operate")
def change(body: dict[str, Any], code: str) -> Any:
    """Change name, weekly hours, or make it the default (right: calendar)."""
    version = expected_version().partition("-")[0]
    expected = int(version) if version.isdecimal() and len(version) < 10 else -1
    execute(ChangeCalendar(code, expected=expected, **body))
    return ChangedCalendar(code)


@resource.post("/<code>/holidays", takes=HolidayYear, gives=ImportedHolidays, scope="operate")
def import_holidays(body: dict[str, Any], code: str) -> Any:
    """Take a year's public holidays; days made by hand stay as they are (right: calendar)."""
    return ImportedHolidays(**execute(ImportHolidays(code, **body)))


@resource.put("/<code>/days/<day>", takes=DayHours, gives=ChangedDay, scope="operate")
def set_day(body: dict[str, Any], code: str, day: str) -> Any:
    """Make a day (`2026-12-31`) a holiday, a half day or a working day (right: calendar)."""
    return execute(SetDay(code, _day(day), **body))


@resource.delete("/<code>/days/<day>", gives=ChangedDay, scope="operate")
def remove_day(code: str, day: str) -> Any:
    """Let a day be again as the week says (right: calendar)."""
    return execute(RemoveDay(code, _day(day)))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise NotFound(f"Expected a day such as 2026-12-31, but got {text!r:.40}.")
    return day
