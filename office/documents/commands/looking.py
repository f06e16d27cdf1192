"""That somebody has looked at a draft of the route: what changed since is shown to them.

A sitting is looks with less than an hour between them. What was seen before it stays the beginning
for all of it, so that a page that is loaded again still tells; in the first sitting it is what they
saw first. Their own saves are no news to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from office.documents import access, rules
from office.documents.models import document_look

SITTING = timedelta(hours=1)
_ONE = sa.select(document_look).where(
    document_look.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    document_look.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    document_look.c.username == sa.bindparam("username"),
)


@dataclass(frozen=True, slots=True)
class LookAtDraft:
    """Keep that the actor, who takes part in the route, sees the words as they are now; nothing
    once they cannot change any more. Answer: {}.
    """

    document_id: UUID


def look_at_draft(command: LookAtDraft, ctx: Context) -> Answer:
    row = access.lock(ctx.db, ctx.actor.agency_id, command.document_id)
    access.check_insider(ctx.db, ctx.actor, row)
    if row.state not in rules.EDITABLE:
        return {}
    seen = {"at": ctx.now, "revision": row.revision, "shown": row.content}
    last = _last(ctx, row)
    if last is None:
        _enter(ctx, row, seen)
        return {}
    news = row.revision != last.revision
    if ctx.now - last.at >= SITTING or (news and last.before is None):
        seen |= {"before_at": last.at, "before": last.shown}
    _change(ctx, row, seen)
    return {}


def saw_own(ctx: Context, row: access.Row, content: Mapping[str, Any], revision: int) -> None:
    """Whoever saves has seen what they save."""
    seen = {"at": ctx.now, "revision": revision, "shown": content}
    seen |= {"before_at": ctx.now, "before": content}
    if _last(ctx, row) is None:
        _enter(ctx, row, seen)
    else:
        _change(ctx, row, seen)


def forget_looks(ctx: Context, row: access.Row) -> None:
    """The words are final: what they were on the way is in the versions."""
    ctx.db.execute(
        sa.delete(document_look).where(
            document_look.c.agency_id == row.agency_id, document_look.c.document_id == row.id
        )
    )


def _last(ctx: Context, row: access.Row) -> access.Row | None:
    given = {"agency": row.agency_id, "document": row.id, "username": ctx.actor.username}
    return ctx.db.execute(_ONE, given).one_or_none()


def _enter(ctx: Context, row: access.Row, seen: Mapping[str, Any]) -> None:
    whose = {
        "agency_id": row.agency_id, "document_id": row.id, "username": ctx.actor.username
    }  # fmt: skip
    ctx.db.execute(sa.insert(document_look), {**whose, **seen})


def _change(ctx: Context, row: access.Row, seen: Mapping[str, Any]) -> None:
    ctx.db.execute(
        sa.update(document_look)
        .where(
            document_look.c.agency_id == row.agency_id,
            document_look.c.document_id == row.id,
            document_look.c.username == ctx.actor.username,
        )
        .values(**seen)
    )
