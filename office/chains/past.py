"""What a draft of cards was before each of its changes, so that they can be taken back.

The entries of a draft are numbered in the order in which they came. The present one has the
draft's revision: to go back is to give that of the next revision to the entry before it. Where
none has it, the draft was changed by a program that knows of no entries, and they begin anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Context
from office.chains.model import Chain
from office.chains.models import chain_past
from office.chains.queries import DraftRow
from office.chains.stored import dump, load

#: so many changes can be taken back
KEPT = 50
_past = chain_past.c


@dataclass(frozen=True, slots=True)
class Change:
    """One that can be taken back, or made again. `by` made it; `content` is what it leads to."""

    position: int
    by: str
    at: datetime
    content: Mapping[str, Any]

    @property
    def chain(self) -> Chain:
        return load(self.content)


@dataclass(frozen=True, slots=True)
class Around:
    """Of a draft as it is: what can be taken back, and what can be made again."""

    back: Change | None = None
    again: Change | None = None


def around(db: Connection, agency_id: UUID, row: DraftRow) -> Around:
    here = _here(db, agency_id, row)
    if here is None:
        return Around()
    near = (here.position - 1, here.position + 1)
    found = {
        one.position: one
        for one in db.execute(_of(agency_id, row.id).where(_past.position.in_(near)))
    }
    before, after = (found.get(position) for position in near)
    return Around(
        Change(before.position, here.changed_by, here.changed_at, before.content)
        if before
        else None,
        Change(after.position, after.changed_by, after.changed_at, after.content)
        if after
        else None,
    )


def follow(ctx: Context, before: DraftRow, chain: Chain) -> None:
    """The draft was changed to this chain: what had been taken back is gone."""
    agency_id, content = ctx.actor.agency_id, dump(chain)
    here = _here(ctx.db, agency_id, before)
    if here is None:
        forget(ctx, before.id)
        _add(
            ctx, before.id, 1, before.revision, before.content, before.updated_at, before.updated_by
        )
    at = here.position if here else 1
    if content == before.content:
        moved(ctx, before, at)
        return
    ctx.db.execute(
        sa.delete(chain_past)
        .where(_past.agency_id == agency_id, _past.chain_id == before.id)
        .where(sa.or_(_past.position > at, _past.position <= at + 1 - KEPT))
    )
    _add(ctx, before.id, at + 1, before.revision + 1, content, ctx.now, ctx.actor.username)


def moved(ctx: Context, before: DraftRow, position: int) -> None:
    """The entry of this position is what the draft is from now on."""
    ctx.db.execute(
        sa.update(chain_past)
        .where(_past.agency_id == ctx.actor.agency_id, _past.chain_id == before.id)
        .where(_past.position == position)
        .values(revision=before.revision + 1)
    )


def forget(ctx: Context, chain_id: UUID) -> None:
    ctx.db.execute(
        sa.delete(chain_past).where(
            _past.agency_id == ctx.actor.agency_id, _past.chain_id == chain_id
        )
    )


def _of(agency_id: UUID, chain_id: UUID) -> sa.Select[Any]:
    return sa.select(chain_past).where(_past.agency_id == agency_id, _past.chain_id == chain_id)


def _here(db: Connection, agency_id: UUID, row: DraftRow) -> Any:
    return db.execute(_of(agency_id, row.id).where(_past.revision == row.revision)).one_or_none()


def _add(
    ctx: Context,
    chain_id: UUID,
    position: int,
    revision: int,
    content: Mapping[str, Any],
    at: datetime,
    by: str,
) -> None:
    ctx.db.execute(
        sa.insert(chain_past),
        {
            "agency_id": ctx.actor.agency_id,
            "chain_id": chain_id,
            "position": position,
            "revision": revision,
            "content": content,
            "changed_at": at,
            "changed_by": by,
        },
    )
