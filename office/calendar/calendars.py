"""The engine's Calendars over our tables: one small statement when nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.joint import APART
from office.calendar.models import calendar, calendar_day
from office.calendar.rules import Span, WorkingHours, read_spans, read_week

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_HEADS = (
    sa.select(calendar.c.id, calendar.c.version, calendar.c.timezone, calendar.c.week)
    .where(calendar.c.agency_id == _AGENCY)
    .execution_options(**APART)
)
_DEFAULT = _HEADS.where(calendar.c.is_default)
_ONE = _HEADS.where(calendar.c.code == sa.bindparam("code"))
_DAYS = (
    sa.select(calendar_day.c.day, calendar_day.c.spans)
    .where(
        calendar_day.c.agency_id == _AGENCY,
        calendar_day.c.calendar_id == sa.bindparam("calendar", type_=sa.Uuid),
    )
    .execution_options(**APART)
)

#: Of an agency that keeps no calendar: weekdays, no holidays.
_PLAIN = WorkingHours(ZoneInfo("Asia/Bangkok"))


class StoredCalendars:
    """Satisfies `engine.ports.Calendars`. Values are kept until their calendar's version grows."""

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[int, WorkingHours]] = {}

    def working_time(self, db: Connection, agency_id: UUID) -> WorkingHours:
        """The agency's default calendar as a value."""
        return self._value(db, agency_id, db.execute(_DEFAULT, {"agency": agency_id}).first())

    def named(self, db: Connection, agency_id: UUID, code: str) -> WorkingHours:
        """Another calendar of the agency."""
        row = db.execute(_ONE, {"agency": agency_id, "code": code}).first()
        return self._value(db, agency_id, row)

    def _value(self, db: Connection, agency_id: UUID, head: Any) -> WorkingHours:
        if head is None:
            return _PLAIN
        kept = self._kept.get(head.id)
        if kept is None or kept[0] != head.version:
            days = _special(db, agency_id, head.id)
            value = WorkingHours(ZoneInfo(head.timezone), read_week(head.week), days)
            kept = self._kept[head.id] = (head.version, value)
        return kept[1]


def _special(db: Connection, agency_id: UUID, calendar_id: UUID) -> Mapping[Any, tuple[Span, ...]]:
    rows = db.execute(_DAYS, {"agency": agency_id, "calendar": calendar_id})
    return {row.day: read_spans(row.spans) for row in rows}
