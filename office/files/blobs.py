"""Rows of stored contents: made with what holds them, found again, let go."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Context
from engine.errors import NotFound
from engine.ids import new_id
from engine.models.columns import AnyRow
from office.files.models import blob
from office.files.uploads import StoredFile

_ONE = sa.select(blob).where(
    blob.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    blob.c.id == sa.bindparam("id", type_=sa.Uuid),
)


def insert(ctx: Context, file: StoredFile, *, held_by: str) -> UUID:
    """The row of bytes that lie in storage already."""
    made = new_id()
    ctx.db.execute(
        sa.insert(blob),
        {
            "agency_id": ctx.actor.agency_id,
            "id": made,
            "sha256": file.sha256,
            "size": file.size,
            "media_type": file.media_type,
            "name": file.name,
            "held_by": held_by,
            "created_by": ctx.actor.username,
            "created_at": ctx.now,
        },
    )
    return made


def one(db: Connection, agency_id: UUID, blob_id: UUID) -> AnyRow:
    row = db.execute(_ONE, {"agency": agency_id, "id": blob_id}).one_or_none()
    if row is None:
        raise NotFound("Expected a stored file, but this agency has none with this id.")
    return row


def is_held(db: Connection, agency_id: UUID, sha256: str) -> bool:
    """Whether something still refers to a content."""
    held = sa.select(blob.c.id).where(
        blob.c.agency_id == agency_id, blob.c.sha256 == sha256, blob.c.held_by.is_not(None)
    )
    return db.execute(held.limit(1)).first() is not None


def let_go_of(ctx: Context, holder: str) -> None:
    """What this one referred to, it refers to no more."""
    let_go_where(ctx, blob.c.held_by == holder)


def let_go(ctx: Context, blob_id: UUID) -> None:
    """Nothing refers to it any more: the collector may take it."""
    let_go_where(ctx, blob.c.id == blob_id)


def let_go_where(ctx: Context, *which: sa.ColumnElement[bool]) -> int:
    """The same of all such rows of the agency; how many there were."""
    return ctx.db.execute(
        sa.update(blob)
        .where(blob.c.agency_id == ctx.actor.agency_id, *which)
        .values(held_by=None, let_go_at=ctx.now)
    ).rowcount
