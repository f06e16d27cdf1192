"""Keeping a signed letter, or a certified copy, for good: its newest rendition, and the wish for
the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.commands.vouching import vouch
from engine.ids import new_id
from engine.ports import BULK
from office.documents import access, rules
from office.documents.models import copy_rendition, document, document_copy, rendition
from office.files import blobs
from office.files.uploads import StoredFile

ARCHIVE = "documents.archive"
#: five minutes apart, the ladder's last rung: a week of an absent authority
ARCHIVE_ATTEMPTS = 2000
#: long before the certificate of any timestamp ends
RENEWAL = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class KeepRendition:
    """The signed file with an archive timestamp more takes the place of the one before, whose
    bytes it begins with; the next one is wanted in a year. Answer: {kept: bool}.
    """

    document_id: UUID
    ordinal: int
    level: str
    stamped_at: datetime
    file: StoredFile = field(compare=False)


@dataclass(frozen=True, slots=True)
class KeepCopyRendition:
    """The same for a certified copy: the row of the copy stays, its newest file is this one."""

    copy_id: UUID
    ordinal: int
    level: str
    stamped_at: datetime
    file: StoredFile = field(compare=False)


def keep_rendition(command: KeepRendition, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    if row.state != rules.SIGNED or newest(ctx, row.id) + 1 != command.ordinal:
        return {"kept": False}  # a twin of this job was first
    grow(ctx, row, command.ordinal, command.level, command.stamped_at, command.file)
    told = {
        "document_id": row.id,
        "rendition": command.ordinal,
        "level": command.level,
        "sha256": command.file.sha256,
    }
    vouch(ctx, row.instance_id, rules.ARCHIVED, told)
    want_archive(ctx, row.id, command.ordinal + 1, command.stamped_at + RENEWAL)
    return {"kept": True}


def keep_copy_rendition(command: KeepCopyRendition, ctx: Context) -> Answer:
    made = ctx.db.execute(
        sa.select(document_copy).where(
            document_copy.c.agency_id == ctx.actor.agency_id, document_copy.c.id == command.copy_id
        )
    ).one()
    row = access.find(ctx.db, ctx.actor.agency_id, made.document_id)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    if _newest_of_copy(ctx, made.id) + 1 != command.ordinal:
        return {"kept": False}  # a twin of this job was first
    values = _values(ctx, command.ordinal, command.level, command.stamped_at)
    blob_id = blobs.insert(ctx, command.file, held_by=f"copy:{made.id}")
    ctx.db.execute(sa.insert(copy_rendition), {**values, "copy_id": made.id, "blob_id": blob_id})
    told = {
        "document_id": row.id,
        "copy": made.kind,
        "copy_ordinal": made.ordinal,
        "rendition": command.ordinal,
        "level": command.level,
        "sha256": command.file.sha256,
    }
    vouch(ctx, row.instance_id, rules.ARCHIVED, told)
    due_at = command.stamped_at + RENEWAL
    want_archive(ctx, row.id, command.ordinal + 1, due_at, copy_id=made.id)
    return {"kept": True}


def _values(ctx: Context, ordinal: int, level: str, stamped_at: datetime) -> dict[str, Any]:
    return {
        "agency_id": ctx.actor.agency_id,
        "id": new_id(),
        "ordinal": ordinal,
        "level": level,
        "stamped_at": stamped_at,
        "made_at": ctx.now,
    }


def grow(
    ctx: Context, row: access.Row, ordinal: int, level: str, stamped_at: datetime, file: StoredFile
) -> None:
    """The document's newest rendition, in the place of the one before. The row is locked."""
    values = _values(ctx, ordinal, level, stamped_at)
    blob_id = blobs.insert(ctx, file, held_by=f"rendition:{values['id']}")
    ctx.db.execute(sa.insert(rendition), {**values, "document_id": row.id, "blob_id": blob_id})
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
        .values(blob_id=blob_id)
    )


def want_archive(
    ctx: Context,
    document_id: UUID,
    ordinal: int,
    due_at: datetime | None = None,
    *,
    copy_id: UUID | None = None,
) -> None:
    """Of the letter itself, or of a copy of it."""
    of = {"copy_id": str(copy_id)} if copy_id else {}
    want_job(
        ctx,
        ARCHIVE,
        {"document_id": str(document_id), "ordinal": ordinal, **of},
        business_key=str(document_id),
        due_at=due_at,
        queue=BULK,
        max_attempts=ARCHIVE_ATTEMPTS,
        dedupe=f"{ARCHIVE}:{copy_id or document_id}:{ordinal}",
    )


def _newest_of_copy(ctx: Context, copy_id: UUID) -> int:
    statement = sa.select(sa.func.coalesce(sa.func.max(copy_rendition.c.ordinal), 0)).where(
        copy_rendition.c.agency_id == ctx.actor.agency_id, copy_rendition.c.copy_id == copy_id
    )
    return int(ctx.db.execute(statement).scalar_one())


def newest(ctx: Context, document_id: UUID) -> int:
    """The ordinal of the newest rendition; 0 before the first."""
    statement = sa.select(sa.func.coalesce(sa.func.max(rendition.c.ordinal), 0)).where(
        rendition.c.agency_id == ctx.actor.agency_id, rendition.c.document_id == document_id
    )
    return int(ctx.db.execute(statement).scalar_one())
