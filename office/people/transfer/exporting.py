"""What there is, as rows of a table: the same columns that an import reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from office.people.models import (
    agency,
    clearance,
    holding,
    person,
    person_role,
    position,
    role,
    unit,
)
from office.people.queries.moment import AGENCY, AT, joined
from office.people.queries.organization import positions, units
from office.people.queries.persons import posts
from office.people.rules import CLEARANCES, SEATS
from office.people.transfer.columns import TABLES

Line = Mapping[str, str | None]
#: a seat that is called otherwise is told by its code
SEAT_NAMES = frozenset(thai for thai, _english in SEATS.values())

_PEOPLE = (
    sa.select(person)
    .where(person.c.agency_id == AGENCY, person.c.active)
    .order_by(person.c.sort_key, person.c.id)
)
_PEOPLE_COLUMNS = [name for name in TABLES["people"] if name not in ("position", "since")]
_ZONE = sa.select(agency.c.timezone).where(agency.c.id == AGENCY)


def _terms_of(table: sa.Table, named: sa.Table) -> sa.Select[Any]:
    """Terms that run or are to come, of active people, by name and then in order of time."""
    return (
        sa.select(person.c.username, named.c.code, table.c.starts_at, table.c.ends_at)
        .join_from(table, person, joined(table, "person_id", person))
        .join(named, joined(table, f"{named.name}_id", named))
        .where(table.c.agency_id == AGENCY, person.c.active)
        .where(sa.or_(table.c.ends_at.is_(None), table.c.ends_at > AT))
        .order_by(person.c.username, named.c.code, table.c.starts_at)
    )


_OTHER_POSTS = (
    _terms_of(holding, position)
    .join(unit, joined(position, "unit_id", unit))
    .where(sa.not_(holding.c.is_primary), position.c.active, unit.c.kind != "committee")
)
_SEATED = (
    sa.select(
        person.c.username,
        unit.c.code.label("committee"),
        position.c.code,
        position.c.name,
        holding.c.starts_at,
        holding.c.ends_at,
    )
    .join_from(holding, person, joined(holding, "person_id", person))
    .join(position, joined(holding, "position_id", position))
    .join(unit, joined(position, "unit_id", unit))
    .where(holding.c.agency_id == AGENCY, person.c.active, unit.c.active)
    .where(position.c.active, unit.c.kind == "committee", sa.not_(holding.c.is_primary))
    .where(sa.or_(holding.c.ends_at.is_(None), holding.c.ends_at > AT))
    .order_by(unit.c.code, position.c.code, holding.c.starts_at, person.c.username)
)
_GRANTED = _terms_of(person_role, role)
_CLEARED = (
    sa.select(
        person.c.username,
        clearance.c.level,
        clearance.c.order_ref,
        clearance.c.starts_at,
        clearance.c.ends_at,
    )
    .join_from(clearance, person, joined(clearance, "person_id", person))
    .where(clearance.c.agency_id == AGENCY, person.c.active)
    .where(sa.or_(clearance.c.ends_at.is_(None), clearance.c.ends_at > AT))
    .order_by(person.c.username, clearance.c.starts_at)
)


def term_days(
    starts_at: datetime, ends_at: datetime | None, zone: ZoneInfo
) -> tuple[str, str | None]:
    """The first day and the last, as a table names them."""
    first = starts_at.astimezone(zone).date().isoformat()
    if ends_at is None:
        return first, None
    return first, (ends_at.astimezone(zone) - timedelta(microseconds=1)).date().isoformat()


def export(db: Connection, agency_id: UUID, table: str, at: datetime) -> list[Line]:
    """Everything of the table that is not closed."""
    return _EXPORTS[table](db, agency_id, at)


def _units(db: Connection, agency_id: UUID, _at: datetime) -> list[Line]:
    rows = units(db, agency_id)
    codes = {row.id: row.code for row in rows}
    return [
        {
            **{name: getattr(row, name) for name in ("code", "name", "name_en", "kind")},
            **row.own,
            "parent": codes.get(row.parent_id) if row.parent_id else None,
        }
        for row in rows
        if row.active
    ]


def _positions(db: Connection, agency_id: UUID, _at: datetime) -> list[Line]:
    names = ("code", "name", "name_en", "level", "superior")
    return [
        {**{name: getattr(row, name) for name in names}, "unit": row.unit_code}
        for row in positions(db, agency_id)
        if row.active
    ]


def _people(db: Connection, agency_id: UUID, at: datetime) -> list[Line]:
    rows = db.execute(_PEOPLE, {"agency": agency_id}).all()
    zone = ZoneInfo(db.execute(_ZONE, {"agency": agency_id}).scalar_one())
    found: list[Line] = []
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        held = posts(db, agency_id, [row.username for row in part], at)
        for row in part:
            main = next((post for post in held[row.username] if post.is_primary), None)
            since = main.starts_at.astimezone(zone).date().isoformat() if main else None
            post = {"position": main.code if main else None, "since": since}
            found.append({**{name: getattr(row, name) for name in _PEOPLE_COLUMNS}, **post})
    return found


def _posts(db: Connection, agency_id: UUID, at: datetime) -> list[Line]:
    """Seats of committees stay out: they have a table of their own."""
    return _terms(db, _OTHER_POSTS, "position", agency_id, at)


def _seats(db: Connection, agency_id: UUID, at: datetime) -> list[Line]:
    """Of one person and seat the term that runs, or the next one."""
    zone = ZoneInfo(db.execute(_ZONE, {"agency": agency_id}).scalar_one())
    found: dict[tuple[str, str, str], Line] = {}
    for row in db.execute(_SEATED, {"agency": agency_id, "at": at}):
        since, until = term_days(row.starts_at, row.ends_at, zone)
        seat = row.name if row.name in SEAT_NAMES else row.code
        line = {"username": row.username, "committee": row.committee, "seat": seat}
        key = (row.username, row.committee, seat)
        found.setdefault(key, {**line, "since": since, "until": until})
    return list(found.values())


def _grants(db: Connection, agency_id: UUID, at: datetime) -> list[Line]:
    return _terms(db, _GRANTED, "role", agency_id, at)


def _terms(
    db: Connection, wanted: sa.Select[Any], key: str, agency_id: UUID, at: datetime
) -> list[Line]:
    """Of one pair the term that runs, or the next one."""
    zone = ZoneInfo(db.execute(_ZONE, {"agency": agency_id}).scalar_one())
    found: dict[tuple[str, str], Line] = {}
    for username, code, starts_at, ends_at in db.execute(wanted, {"agency": agency_id, "at": at}):
        since, until = term_days(starts_at, ends_at, zone)
        line = {"username": username, key: code, "since": since, "until": until}
        found.setdefault((username, code), line)
    return list(found.values())


def _clearances(db: Connection, agency_id: UUID, at: datetime) -> list[Line]:
    """Of one person and degree the term that runs, or the next one."""
    zone = ZoneInfo(db.execute(_ZONE, {"agency": agency_id}).scalar_one())
    found: dict[tuple[str, str], Line] = {}
    for row in db.execute(_CLEARED, {"agency": agency_id, "at": at}):
        since, until = term_days(row.starts_at, row.ends_at, zone)
        level = CLEARANCES[row.level][0]
        line = {"username": row.username, "level": level, "order_ref": row.order_ref}
        found.setdefault((row.username, level), {**line, "since": since, "until": until})
    return list(found.values())


_EXPORTS: Mapping[str, Callable[[Connection, UUID, datetime], list[Line]]] = {
    "units": _units,
    "positions": _positions,
    "people": _people,
    "posts": _posts,
    "seats": _seats,
    "grants": _grants,
    "clearances": _clearances,
}
#: names bound in one statement
_AT_ONCE = 500
