"""Calendars and their special days, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.joint import APART
from office.calendar.models import calendar, calendar_day

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    id: UUID
    code: str
    name: str
    timezone: str
    #: seven lists of [from, to] texts, Monday first
    week: Sequence[Sequence[Sequence[str]]]
    is_default: bool
    version: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that differs from the week: a holiday works nothing, a half day has hours."""

    day: date
    name: str
    name_en: str
    spans: Sequence[Sequence[str]]
    #: "library" or "hand"
    source: str


_CALENDARS = (
    sa.select(
        calendar.c.id,
        calendar.c.code,
        calendar.c.name,
        calendar.c.timezone,
        calendar.c.week,
        calendar.c.is_default,
        calendar.c.version,
    )
    .where(calendar.c.agency_id == _AGENCY)
    .order_by(calendar.c.is_default.desc(), calendar.c.code)
)
_DAYS = (
    sa.select(
        calendar_day.c.day,
        calendar_day.c.name,
        calendar_day.c.name_en,
        calendar_day.c.spans,
        calendar_day.c.source,
    )
    .join_from(
        calendar_day,
        calendar,
        sa.and_(
            calendar.c.agency_id == calendar_day.c.agency_id,
            calendar.c.id == calendar_day.c.calendar_id,
        ),
    )
    .where(calendar.c.agency_id == _AGENCY, calendar.c.code == sa.bindparam("code"))
    .where(calendar_day.c.day >= sa.bindparam("first"), calendar_day.c.day <= sa.bindparam("last"))
    .order_by(calendar_day.c.day)
)


def calendars(db: Connection, agency_id: UUID) -> tuple[CalendarRow, ...]:
    """The agency's calendars, the default one first."""
    binds = {"agency": agency_id}
    return tuple(
        CalendarRow(*row) for row in db.execute(_CALENDARS, binds, execution_options=APART)
    )


def one(db: Connection, agency_id: UUID, code: str) -> CalendarRow:
    for row in calendars(db, agency_id):
        if row.code == code:
            return row
    raise NotFound(f"Expected a calendar {code!r:.80} of this agency, but there is none.")


def days(db: Connection, agency_id: UUID, code: str, first: date, last: date) -> tuple[DayRow, ...]:
    """The special days from first to last, both included."""
    binds = {"agency": agency_id, "code": code, "first": first, "last": last}
    found = db.execute(_DAYS, binds, execution_options=APART)
    return tuple(DayRow(*row) for row in found)


def next_holiday(db: Connection, agency_id: UUID, after: date) -> DayRow | None:
    """The next day off of the default calendar, within a year: the sign-in page tells it."""
    default = next((row for row in calendars(db, agency_id) if row.is_default), None)
    if default is None:
        return None
    coming = days(db, agency_id, default.code, after, after.replace(year=after.year + 1, day=1))
    return next((row for row in coming if row.day > after and not row.spans), None)
