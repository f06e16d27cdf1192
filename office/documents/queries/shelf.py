"""Documents as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.queries.page import Page, check_window, count_to_limit, decode_cursor, encode_cursor
from office.documents import access, rules
from office.documents.access import Row
from office.documents.models import document, document_reader

COLUMNS = (
    document.c.id, document.c.instance_id, document.c.kind, document.c.subject, document.c.state,
    document.c.number, document.c.dated, document.c.urgency, document.c.secrecy,
    document.c.circular, document.c.owner_unit, document.c.drafter, document.c.revision,
    document.c.created_at, document.c.updated_at, document.c.filed_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """Ids are text; `number` is in Thai digits and only there once it is final."""

    id: str
    instance_id: str | None
    kind: str
    subject: str
    state: str
    number: str | None
    dated: date | None
    urgency: int
    secrecy: int
    circular: bool
    owner_unit: str
    drafter: str
    revision: int
    created_at: datetime
    updated_at: datetime
    filed_at: datetime | None


def document_row(row: Row) -> DocumentRow:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    values = {name: found[name] for name in DocumentRow.__dataclass_fields__}
    values["id"] = str(values["id"])
    values["instance_id"] = str(values["instance_id"]) if values["instance_id"] else None
    return DocumentRow(**values)


def listing(
    db: Connection,
    actor: Actor,
    *,
    state: str | None = None,
    kind: str | None = None,
    drafter: str | None = None,
    q: str = "",
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[DocumentRow]:
    """Documents that the actor may read, newest first; `q` is part of subject or number."""
    check_window(page, page_size)
    wanted = _wanted(actor, state, kind, drafter, q)
    window = wanted.order_by(document.c.id.desc()).limit(page_size + 1)
    if after is None:
        window = window.offset((page - 1) * page_size)
    else:
        (last,) = decode_cursor("documents", after, tuple[UUID])
        window = window.where(document.c.id < last)
    rows = db.execute(window).all()
    items = [document_row(row) for row in rows[:page_size]]
    following = encode_cursor("documents", [items[-1].id]) if len(rows) > page_size else None
    return Page(items, count_to_limit(db, wanted), following, page, page_size)


def _wanted(
    actor: Actor, state: str | None, kind: str | None, drafter: str | None, q: str
) -> sa.Select[Any]:
    wanted = sa.select(*COLUMNS).where(document.c.agency_id == actor.agency_id)
    if not actor.is_system:
        wanted = wanted.where(_readable(actor))
    for column, value in (("state", state), ("kind", kind), ("drafter", drafter)):
        if value is not None:
            wanted = wanted.where(document.c[column] == value)
    if q.strip():
        words = q.strip()
        wanted = wanted.where(
            sa.or_(
                document.c.subject.icontains(words, autoescape=True),
                document.c.number.icontains(words, autoescape=True),
            )
        )
    return wanted


def readable_ids(actor: Actor) -> sa.Select[tuple[UUID]]:
    """The documents that the actor may read, as a sub-select for other statements."""
    wanted = sa.select(document.c.id).where(document.c.agency_id == actor.agency_id)
    return wanted if actor.is_system else wanted.where(_readable(actor))


def _readable(actor: Actor) -> sa.ColumnElement[bool]:
    """As `access.may_read` decides for one."""
    named = (
        sa.exists()
        .where(document_reader.c.agency_id == document.c.agency_id)
        .where(document_reader.c.document_id == document.c.id)
        .where(document_reader.c.principal.in_(list(actor.principals)))
    )
    open_to_them = sa.and_(named, access.cleared_for(actor))
    by_right = document.c.secrecy == rules.OPEN_TO_RIGHTS
    return sa.or_(by_right, open_to_them) if access.reads_all(actor) else open_to_them
