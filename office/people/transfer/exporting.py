"""What there is, as rows of a table: the same columns that an import reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from office.people.models import agency, person
from office.people.queries.moment import AGENCY
from office.people.queries.organization import positions, units
from office.people.queries.persons import posts
from office.people.transfer.columns import TABLES

Line = Mapping[str, str | None]

_PEOPLE = (
    sa.select(person)
    .where(person.c.agency_id == AGENCY, person.c.active)
    .order_by(person.c.sort_key, person.c.id)
)
_PEOPLE_COLUMNS = [name for name in TABLES["people"] if name not in ("position", "since")]
_ZONE = sa.select(agency.c.timezone).where(agency.c.id == AGENCY)


def export(db: Connection, agency_id: UUID, table: str, at: datetime) -> list[Line]:
    """Everything of the table that is not closed."""
    return {"units": _units, "positions": _positions, "people": _people}[table](db, agency_id, at)


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


#: names bound in one statement
_AT_ONCE = 500
