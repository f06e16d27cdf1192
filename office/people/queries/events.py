"""What happened to people, posts, accounts and calendars: read for pages, newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.models.columns import AnyRow
from engine.queries.page import Page, Window, by_id, check_window, count_to_limit, total_of
from office.people.models import org_event, person, position, role, unit
from office.people.queries.moment import AGENCY
from office.people.versions import version_of as _version_of


@dataclass(frozen=True, slots=True)
class OrgEvent:
    """One event. `data` is what was said, and under "was" what it had been."""

    id: UUID
    at: datetime
    actor: str
    type: str
    subject_id: UUID
    data: Mapping[str, Any]


#: everybody signs in every day: it is kept, and would hide everything else
_COMING_IN = ("session.opened", "session.proved")
_UNORDERED = sa.select(
    org_event.c.id, org_event.c.at, org_event.c.actor, org_event.c.type,
    org_event.c.subject_id, org_event.c.data,
).where(org_event.c.agency_id == AGENCY, org_event.c.type.not_in(_COMING_IN))  # fmt: skip
_EVENTS = _UNORDERED.order_by(org_event.c.id.desc())
_OF_ONE = _EVENTS.where(org_event.c.subject_id == sa.bindparam("subject", type_=sa.Uuid))


def events_of(
    db: Connection,
    agency_id: UUID,
    subject_id: UUID,
    most: int = 50,
    *,
    types: Collection[str] = (),
) -> tuple[OrgEvent, ...]:
    """The last events of one thing; of these types alone, where any are named."""
    binds = {"agency": agency_id, "subject": subject_id}
    asked = _OF_ONE.where(org_event.c.type.in_(types)) if types else _OF_ONE
    return tuple(OrgEvent(*row) for row in db.execute(asked.limit(most), binds))


def events(
    db: Connection,
    agency_id: UUID,
    *,
    actor: str = "",
    import_id: UUID | None = None,
    subject_id: UUID | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[OrgEvent]:
    """The agency's history of people and posts; `actor` is a sign-in name, `subject_id` of the one
    thing that is asked about. What came with a large table is told by the table's own entry, and
    each of it where that table is asked for.
    """
    check_window(page, page_size)
    wanted = _EVENTS.where(
        org_event.c.import_id == import_id if import_id else org_event.c.import_id.is_(None)
    )
    wanted = wanted.where(org_event.c.actor == actor) if actor else wanted
    wanted = wanted.where(org_event.c.subject_id == subject_id) if subject_id else wanted
    wanted = wanted.params(agency=agency_id)
    offset = (page - 1) * page_size
    rows = db.execute(wanted.limit(page_size + 1).offset(offset)).all()
    total = total_of(len(rows), page_size, offset, lambda: count_to_limit(db, wanted))
    following = str(page + 1) if len(rows) > page_size else None
    return Page([OrgEvent(*row) for row in rows[:page_size]], total, following, page, page_size)


def history(
    db: Connection,
    agency_id: UUID,
    window: Window,
    *,
    actor: str | None = None,
    kind: str | None = None,
    subject_id: UUID | None = None,
) -> Page[OrgEvent]:
    """The same history for other systems, by cursor: what somebody did (`actor`, a sign-in name),
    what happened of one `kind` ("role.granted") or to one thing. Coming in is no part of it.
    """
    asked = {org_event.c.actor: actor, org_event.c.type: kind, org_event.c.subject_id: subject_id}
    wanted = _UNORDERED.where(*(name == one for name, one in asked.items() if one is not None))
    given = {"agency": agency_id}
    return by_id(db, "admin-history", wanted, given, org_event.c.id, window, _event)


def _event(row: AnyRow) -> OrgEvent:
    return OrgEvent(row.id, row.at, row.actor, row.type, row.subject_id, row.data)


_NAMED: Mapping[str, tuple[sa.Table, str]] = {
    "unit": (unit, "code"),
    "position": (position, "code"),
    "role": (role, "code"),
    "person": (person, "username"),
}


def version(db: Connection, agency_id: UUID, kind: str, code: str) -> str:
    """The version of a unit, position, role or person, for the command that changes it."""
    table, column = _NAMED[kind]
    found = sa.select(table).where(table.c.agency_id == AGENCY, table.c[column] == code)
    row = db.execute(found, {"agency": agency_id}).one_or_none()
    if row is None:
        raise NotFound(f"Expected a {kind} {code!r:.80} of this agency, but there is none.")
    return _version_of(row)
