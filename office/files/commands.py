"""Handing in files that forms will name, taking them back, and letting go of what nobody sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, Forbidden, NotFound
from office.files import blobs
from office.files.cases import reference, upload_of
from office.files.models import WAITS, blob
from office.files.uploads import StoredFile

#: so long a file waits for the form that names it
PATIENCE = timedelta(days=2)
#: of one person's that no form has named yet: how many, and bytes together
MOST_WAITING, MOST_BYTES = 200, 1024 * 1024 * 1024

_WAITING = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(blob.c.size), 0)).where(
    blob.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    blob.c.held_by == sa.bindparam("mine"),
)


@dataclass(frozen=True, slots=True)
class HandInFile:
    """A checked file (see `office.files.uploads.receive`), for a form that will name it within
    `PATIENCE`. Conflict (too_many_uploads) where as many wait already. Answer: {id, name, type,
    size, sha256}.
    """

    file: StoredFile


@dataclass(frozen=True, slots=True)
class TakeBackFile:
    """One's own that no form has named yet. Answer: {id}."""

    file_id: UUID


@dataclass(frozen=True, slots=True)
class LetGoOfUploads:
    """What was handed in and never sent goes to the collector. For the system. Answer: {}."""


def hand_in(command: HandInFile, ctx: Context) -> Answer:
    mine = upload_of(ctx.actor.username)
    count, size = ctx.db.execute(_WAITING, {"agency": ctx.actor.agency_id, "mine": mine}).one()
    if count >= MOST_WAITING or size + command.file.size > MOST_BYTES:
        raise Conflict(
            f"Expected at most {MOST_WAITING} files, and {MOST_BYTES >> 20} MB, that no form has"
            f" named yet, but {count} wait. Send their forms, or take some back; what is not sent"
            f" is let go of after {PATIENCE.days} days.",
            code="too_many_uploads",
        )
    made = blobs.insert(ctx, command.file, held_by=mine)
    return reference(blobs.one(ctx.db, ctx.actor.agency_id, made))


def take_back(command: TakeBackFile, ctx: Context) -> Answer:
    mine = blob.c.held_by == upload_of(ctx.actor.username)
    if not blobs.let_go_where(ctx, blob.c.id == command.file_id, mine):
        raise NotFound(
            "Expected a file that you handed in and that no case has yet, but there is none with"
            " this id."
        )
    return {"id": str(command.file_id)}


def waiting_since(before: datetime) -> sa.ColumnElement[bool]:
    """Uploads that nobody has sent, from before this moment."""
    return sa.and_(sa.text(WAITS), blob.c.created_at < before)


def let_go_of_uploads(command: LetGoOfUploads, ctx: Context) -> Answer:
    del command
    if not ctx.actor.is_system:
        raise Forbidden("Expected the clock to let go of files, but somebody else asked.")
    blobs.let_go_where(ctx, waiting_since(ctx.now - PATIENCE))
    return {}


HANDLERS: dict[type, Handler] = {
    HandInFile: hand_in,
    TakeBackFile: take_back,
    LetGoOfUploads: let_go_of_uploads,
}
