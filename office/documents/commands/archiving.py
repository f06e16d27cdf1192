"""Keeping a signed letter for good: its newest rendition, and the wish for the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.commands.vouching import vouch
from engine.ids import new_id
from engine.ports import BULK
from office.documents import access, rules
from office.documents.models import document, rendition
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


def grow(
    ctx: Context, row: access.Row, ordinal: int, level: str, stamped_at: datetime, file: StoredFile
) -> None:
    """The document's newest rendition, in the place of the one before. The row is locked."""
    made = new_id()
    blob_id = blobs.insert(ctx, file, held_by=f"rendition:{made}")
    values = {
        "agency_id": row.agency_id,
        "id": made,
        "document_id": row.id,
        "ordinal": ordinal,
        "level": level,
        "stamped_at": stamped_at,
        "blob_id": blob_id,
        "made_at": ctx.now,
    }
    ctx.db.execute(sa.insert(rendition), values)
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
        .values(blob_id=blob_id)
    )


def want_archive(
    ctx: Context, document_id: UUID, ordinal: int, due_at: datetime | None = None
) -> None:
    want_job(
        ctx,
        ARCHIVE,
        {"document_id": str(document_id), "ordinal": ordinal},
        business_key=str(document_id),
        due_at=due_at,
        queue=BULK,
        max_attempts=ARCHIVE_ATTEMPTS,
        dedupe=f"{ARCHIVE}:{document_id}:{ordinal}",
    )


def newest(ctx: Context, document_id: UUID) -> int:
    """The ordinal of the newest rendition; 0 before the first."""
    statement = sa.select(sa.func.coalesce(sa.func.max(rendition.c.ordinal), 0)).where(
        rendition.c.agency_id == ctx.actor.agency_id, rendition.c.document_id == document_id
    )
    return int(ctx.db.execute(statement).scalar_one())
