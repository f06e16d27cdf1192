"""What was remarked of a draft, and where its words stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.documents import access, remarks, rules
from office.documents.models import remark, remark_reply

_AGENCY, _DOCUMENT = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("document", type_=sa.Uuid)
_REMARKS = (
    sa.select(remark)
    .where(remark.c.agency_id == _AGENCY, remark.c.document_id == _DOCUMENT)
    .order_by(remark.c.at, remark.c.id)
)
_REPLIES = (
    sa.select(remark_reply)
    .join(
        remark,
        sa.and_(
            remark.c.agency_id == remark_reply.c.agency_id,
            remark.c.id == remark_reply.c.remark_id,
        ),
    )
    .where(remark.c.agency_id == _AGENCY, remark.c.document_id == _DOCUMENT)
    .order_by(remark_reply.c.remark_id, remark_reply.c.at, remark_reply.c.id)
)
_OPEN = sa.select(sa.func.count()).where(
    remark.c.agency_id == _AGENCY,
    remark.c.document_id == _DOCUMENT,
    remark.c.state == rules.OPEN,
)


@dataclass(frozen=True, slots=True)
class ReplyRow:
    id: str
    username: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """`paragraph`, `start` and `end` say where an open one's words stand (`remarks.Place`); None
    where it is of the whole letter, or its words are gone. `replacement`: a proposal's words.
    """

    id: str
    revision: int
    username: str
    at: datetime
    quote: str
    text: str
    replacement: str | None
    state: str
    settled_by: str | None
    settled_at: datetime | None
    paragraph: int | None
    start: int | None
    end: int | None
    replies: Sequence[ReplyRow]


def of_draft(db: Connection, actor: Actor, document_id: UUID) -> Sequence[RemarkRow]:
    """All remarks, oldest first, for who takes part in the route."""
    row = access.find(db, actor.agency_id, document_id)
    access.check_insider(db, actor, row)
    binds = {"agency": actor.agency_id, "document": document_id}
    answers = {
        key: [ReplyRow(str(one.id), one.username, one.at, one.text) for one in same]
        for key, same in groupby(db.execute(_REPLIES, binds), key=lambda one: one.remark_id)
    }
    texts = remarks.texts_of(row.content["paragraphs"])
    return [_row(found, texts, answers.get(found.id, [])) for found in db.execute(_REMARKS, binds)]


def open_remarks(db: Connection, actor: Actor, document_id: UUID) -> int | None:
    """How many wait to be settled; None for who may not see them."""
    row = access.find(db, actor.agency_id, document_id)
    if not access.is_insider(db, actor, row):
        return None
    binds = {"agency": actor.agency_id, "document": document_id}
    return int(db.scalar(_OPEN, binds) or 0)


def may_propose(db: Connection, actor: Actor, document_id: UUID) -> bool:
    """Whether to offer the editor in which every change is a proposal (`access.may_propose`)."""
    return access.may_propose(db, actor, access.find(db, actor.agency_id, document_id))


def _row(found: access.Row, texts: Sequence[str], replies: Sequence[ReplyRow]) -> RemarkRow:
    place = None
    if found.quote and found.state == rules.OPEN:
        marked = remarks.Mark(found.quote, found.before, found.after, found.paragraph)
        place = remarks.locate(texts, marked)
    return RemarkRow(
        id=str(found.id),
        revision=found.revision,
        username=found.username,
        at=found.at,
        quote=found.quote,
        text=found.text,
        replacement=found.replacement,
        state=found.state,
        settled_by=found.settled_by,
        settled_at=found.settled_at,
        paragraph=place.paragraph if place else None,
        start=place.start if place else None,
        end=place.end if place else None,
        replies=replies,
    )
