"""What changes calendars: each change makes a new version, so that cached values end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, FieldError, Invalid, NotFound, Stale
from engine.ids import new_id
from office.calendar.holidays import public_holidays
from office.calendar.models import calendar, calendar_day
from office.calendar.rules import OFFICE_HOURS, read_spans, read_week, write_spans
from office.people.commands.rows import check_code, check_text
from office.people.history import record, record_change
from office.people.rights import demand

Hours = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class AddCalendar:
    """The first calendar of an agency is its default. No week: office hours."""

    code: str
    name: str
    timezone: str = "Asia/Bangkok"
    week: Sequence[Hours] | None = None


@dataclass(frozen=True, slots=True)
class ChangeCalendar:
    """Change what is given. `expected`: the version that was read."""

    code: str
    name: str | None = None
    week: Sequence[Hours] | None = None
    is_default: bool | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class SetDay:
    """A day that differs: `spans` empty for a holiday, shorter for a half day, or working hours
    on a day that the week has off.
    """

    calendar: str
    day: date
    name: str
    name_en: str = ""
    spans: Hours = ()


@dataclass(frozen=True, slots=True)
class RemoveDay:
    """The day is again as the week says."""

    calendar: str
    day: date


@dataclass(frozen=True, slots=True)
class ImportHolidays:
    """Take a year's public holidays from the library. Days made by hand stay as they are."""

    calendar: str
    year: int


def add_calendar(command: AddCalendar, ctx: Context) -> Answer:
    demand(ctx.actor, "calendar")
    check_code(command.code)
    present = ctx.db.execute(_of_agency(ctx)).all()
    if any(row.code == command.code for row in present):
        raise Conflict(f"Expected a free code, but {command.code!r:.80} is taken.", code="taken")
    calendar_id = new_id()
    week = command.week or [write_spans(day) for day in OFFICE_HOURS]
    ctx.db.execute(
        sa.insert(calendar),
        {
            "agency_id": ctx.actor.agency_id,
            "id": calendar_id,
            "code": command.code,
            "name": command.name,
            "timezone": command.timezone,
            "week": _checked_week(week),
            "is_default": not present,
            "changed_at": ctx.now,
        },
    )
    record(ctx, "calendar.added", calendar_id, code=command.code)
    return {"id": str(calendar_id), "code": command.code}


def _of_agency(ctx: Context) -> sa.Select[Any]:
    return sa.select(calendar).where(calendar.c.agency_id == ctx.actor.agency_id)


def _checked_week(week: Sequence[Hours]) -> list[list[list[str]]]:
    try:
        return [write_spans(day) for day in read_week(week)]
    except ValueError as wrong:
        raise Invalid(str(wrong), [FieldError("week", str(wrong), "bad_hours")]) from None


def change_calendar(command: ChangeCalendar, ctx: Context) -> Answer:
    demand(ctx.actor, "calendar")
    row = _find(ctx, command.code)
    if command.expected is not None and command.expected != row.version:
        raise Stale("Expected the calendar as it was read, but somebody changed it; read it again.")
    values: dict[str, Any] = {}
    if command.name is not None:
        values["name"] = check_text(command.name, "name")
    if command.week is not None:
        values["week"] = _checked_week(command.week)
    if command.is_default:
        others = sa.update(calendar).where(calendar.c.agency_id == ctx.actor.agency_id)
        ctx.db.execute(others.values(is_default=False))
        values["is_default"] = True
    _grow(ctx, row.id, **values)
    record_change(ctx, "calendar.changed", row, values)
    return {"id": str(row.id)}


def _find(ctx: Context, code: str) -> Any:
    """The calendar's row, locked: versions grow one by one."""
    row = ctx.db.execute(
        _of_agency(ctx).where(calendar.c.code == code).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"Expected a calendar {code!r:.80} of this agency, but there is none.")
    return row


def _grow(ctx: Context, calendar_id: UUID, **values: Any) -> None:
    ctx.db.execute(
        sa.update(calendar)
        .where(calendar.c.agency_id == ctx.actor.agency_id, calendar.c.id == calendar_id)
        .values(version=calendar.c.version + 1, changed_at=ctx.now, **values)
    )


def set_day(command: SetDay, ctx: Context) -> Answer:
    demand(ctx.actor, "calendar")
    row = _find(ctx, command.calendar)
    spans = _checked_spans(command.spans)
    name = check_text(command.name, "name")
    _drop(ctx, row.id, calendar_day.c.day == command.day)
    _put(ctx, row.id, command.day, name, command.name_en, spans, "hand")
    _grow(ctx, row.id)
    said = {"day": command.day.isoformat(), "name": name, "spans": spans}
    record(ctx, "calendar.day_set", row.id, **said)
    return {"day": command.day.isoformat()}


def _checked_spans(spans: Hours) -> list[list[str]]:
    try:
        return write_spans(read_spans(spans))
    except ValueError as wrong:
        raise Invalid(str(wrong), [FieldError("spans", str(wrong), "bad_hours")]) from None


def _put(
    ctx: Context,
    calendar_id: UUID,
    day: date,
    name: str,
    name_en: str,
    spans: list[list[str]],
    source: str,
) -> None:
    ctx.db.execute(
        sa.insert(calendar_day),
        {
            "agency_id": ctx.actor.agency_id,
            "calendar_id": calendar_id,
            "day": day,
            "name": name,
            "name_en": name_en,
            "spans": spans,
            "source": source,
        },
    )


def _drop(ctx: Context, calendar_id: UUID, *which: sa.ColumnElement[bool]) -> int:
    gone = sa.delete(calendar_day).where(
        calendar_day.c.agency_id == ctx.actor.agency_id,
        calendar_day.c.calendar_id == calendar_id,
        *which,
    )
    return ctx.db.execute(gone).rowcount


def remove_day(command: RemoveDay, ctx: Context) -> Answer:
    demand(ctx.actor, "calendar")
    row = _find(ctx, command.calendar)
    if not _drop(ctx, row.id, calendar_day.c.day == command.day):
        raise NotFound("Expected a day that differs from the week, but this one does not.")
    _grow(ctx, row.id)
    record(ctx, "calendar.day_removed", row.id, day=command.day.isoformat())
    return {"day": command.day.isoformat()}


def import_holidays(command: ImportHolidays, ctx: Context) -> Answer:
    demand(ctx.actor, "calendar")
    row = _find(ctx, command.calendar)
    first, last = date(command.year, 1, 1), date(command.year, 12, 31)
    of_year = (calendar_day.c.day >= first, calendar_day.c.day <= last)
    _drop(ctx, row.id, calendar_day.c.source == "library", *of_year)
    kept = set(
        ctx.db.execute(
            sa.select(calendar_day.c.day)
            .where(calendar_day.c.agency_id == ctx.actor.agency_id)
            .where(calendar_day.c.calendar_id == row.id, *of_year)
        ).scalars()
    )
    new = [one for one in public_holidays(command.year) if one.day not in kept]
    for one in new:
        _put(ctx, row.id, one.day, one.name, one.name_en, [], "library")
    _grow(ctx, row.id)
    record(ctx, "calendar.imported", row.id, year=command.year, days=len(new))
    return {"imported": len(new), "kept": len(kept)}


HANDLERS: dict[type, Handler] = {
    AddCalendar: add_calendar,
    ChangeCalendar: change_calendar,
    SetDay: set_day,
    RemoveDay: remove_day,
    ImportHolidays: import_holidays,
}
