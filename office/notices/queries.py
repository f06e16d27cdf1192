"""Notices of a person: how many are unread, which they are, and how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.notices.models import notice, notice_preference
from office.notices.rules import KINDS, Wish

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_WHO = sa.bindparam("who", type_=sa.Uuid)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: UUID
    #: one of rules.KINDS, which has its words
    kind: str
    #: None where it leads to `page`
    task_id: UUID | None
    instance_id: UUID | None
    page: str | None
    task_name: str
    title: str
    #: sign-in name of who caused it; empty: the system
    actor: str
    reason: str
    priority: int
    due_at: datetime | None
    created_at: datetime
    read_at: datetime | None


_COLUMNS = tuple(notice.c[name] for name in NoticeRow.__slots__)
_MINE = (notice.c.agency_id == _AGENCY, notice.c.person_id == _WHO, notice.c.in_page)
_RECENT = (
    sa.select(*_COLUMNS).where(*_MINE).order_by(notice.c.created_at.desc(), notice.c.id.desc())
)
_UNREAD = sa.select(sa.func.count()).select_from(notice).where(*_MINE, notice.c.read_at.is_(None))
_WISHES = sa.select(
    notice_preference.c.person_id,
    notice_preference.c.kind,
    notice_preference.c.in_page,
    notice_preference.c.by_mail,
).where(
    notice_preference.c.agency_id == _AGENCY,
    notice_preference.c.person_id.in_(sa.bindparam("people", expanding=True)),
)


def unread_count(db: Connection, agency_id: UUID, person_id: UUID) -> int:
    return int(db.execute(_UNREAD, {"agency": agency_id, "who": person_id}).scalar_one())


def recent(
    db: Connection,
    agency_id: UUID,
    person_id: UUID,
    *,
    unread_only: bool = False,
    limit: int = 20,
) -> tuple[NoticeRow, ...]:
    """The newest first."""
    wanted = _RECENT.where(notice.c.read_at.is_(None)) if unread_only else _RECENT
    rows: Any = db.execute(wanted.limit(limit), {"agency": agency_id, "who": person_id})
    return tuple(NoticeRow(*row) for row in rows)


def wishes(
    db: Connection, agency_id: UUID, people: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Wish]]:
    """How each of these people wants to be told about each kind; what nobody chose is yes."""
    found = {person_id: dict.fromkeys(KINDS, Wish()) for person_id in people}
    for row in db.execute(_WISHES, {"agency": agency_id, "people": list(people)}):
        found[row.person_id][row.kind] = Wish(row.in_page, row.by_mail)
    return found
