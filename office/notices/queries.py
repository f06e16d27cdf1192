"""Notices of a person: how many are unread, which they are, and how they want to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.joint import APART
from office.documents.degrees import UNTOLD
from office.documents.rules import OPEN_TO_RIGHTS
from office.notices.models import notice, notice_preference
from office.notices.rules import KINDS, Wish
from office.notices.secrets import degrees_of
from office.people.models import person

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
#: Whom a notice of one kind reaches: persons still at work, with how they want to be told of it.
#: Neither table is one that a turn writes, so that the turn's own changes need not be sent first.
_LISTENING = (
    sa.select(
        person.c.id,
        person.c.email,
        sa.func.coalesce(notice_preference.c.in_page, True).label("in_page"),
        sa.func.coalesce(notice_preference.c.by_mail, True).label("by_mail"),
    )
    .select_from(
        sa.outerjoin(
            person,
            notice_preference,
            sa.and_(
                notice_preference.c.agency_id == person.c.agency_id,
                notice_preference.c.person_id == person.c.id,
                notice_preference.c.kind == sa.bindparam("kind"),
            ),
        )
    )
    .where(
        person.c.agency_id == _AGENCY,
        person.c.username.in_(sa.bindparam("names", expanding=True)),
        person.c.active,
    )
    .order_by(person.c.sort_key, person.c.id)
    .execution_options(**APART)
)
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
    clearance: int = OPEN_TO_RIGHTS,
    unread_only: bool = False,
    limit: int = 20,
) -> tuple[NoticeRow, ...]:
    """The newest first. Of what is secret, and not within the reader's `clearance`, each says only
    that there is something.
    """
    wanted = _RECENT.where(notice.c.read_at.is_(None)) if unread_only else _RECENT
    rows: Any = db.execute(wanted.limit(limit), {"agency": agency_id, "who": person_id})
    found = [NoticeRow(*row) for row in rows]
    degrees = degrees_of(db, agency_id, [(row.instance_id, row.page) for row in found])
    return tuple(
        row if degree <= clearance else _untold(row)
        for row, degree in zip(found, degrees, strict=True)
    )


def _untold(row: NoticeRow) -> NoticeRow:
    """The title of a case may be older than its secrecy; that of a page is in its name."""
    task_name = "" if row.task_id is None else row.task_name
    return replace(row, title=UNTOLD, reason="", task_name=task_name)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a notice reaches, in one way or both."""

    person_id: UUID
    email: str | None
    wish: Wish


def recipients(
    db: Connection, agency_id: UUID, kind: str, usernames: Collection[str]
) -> tuple[Recipient, ...]:
    """Those of these people who want to be told about `kind`, by the order of their names."""
    if not usernames:
        return ()
    binds = {"agency": agency_id, "kind": kind, "names": sorted(usernames)}
    found = (
        Recipient(row.id, row.email, Wish(bool(row.in_page), bool(row.by_mail)))
        for row in db.execute(_LISTENING, binds)
    )
    return tuple(each for each in found if each.wish.in_page or each.wish.by_mail)


def wishes(
    db: Connection, agency_id: UUID, people: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Wish]]:
    """How each of these people wants to be told about each kind; what nobody chose is yes."""
    found = {person_id: dict.fromkeys(KINDS, Wish()) for person_id in people}
    for row in db.execute(_WISHES, {"agency": agency_id, "people": list(people)}):
        found[row.person_id][row.kind] = Wish(row.in_page, row.by_mail)
    return found
