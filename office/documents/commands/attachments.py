"""Enclosing files and taking them out again: both change the document's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.errors import Conflict, NotFound
from engine.ids import new_id
from office.documents import access
from office.documents.commands.draft import write
from office.documents.models import attachment
from office.documents.wrapping import check_first, check_left
from office.files import blobs
from office.files.uploads import StoredFile

MOST = 50


@dataclass(frozen=True, slots=True)
class Attach:
    """Enclose a checked file (see `office.files.uploads.receive`).

    `name` as printed under สิ่งที่ส่งมาด้วย; where the draft has no such line, one is added.
    `examined` is what `wrapping.check_upload` said. Answer: {id, name, revision}.
    """

    document_id: UUID
    file: StoredFile
    name: str
    quantity: str = ""
    examined: str | None = None


@dataclass(frozen=True, slots=True)
class Detach:
    """Take an enclosed file out, and its printed line. `examined` is what `wrapping.check_next`
    said. Answer: {id, revision}.
    """

    document_id: UUID
    attachment_id: UUID
    examined: str | None = None


def attach(command: Attach, ctx: Context) -> Answer:
    row = _locked(ctx, command.document_id)
    ordinal, count = _next_ordinal(ctx, row)
    if not count:
        check_first(row.kind, command.file, command.examined)
    made = new_id()
    blob_id = blobs.insert(ctx, command.file, held_by=f"attachment:{made}")
    name = command.name.strip()[:500] or command.file.name
    ctx.db.execute(
        sa.insert(attachment),
        {
            "agency_id": row.agency_id,
            "id": made,
            "document_id": row.id,
            "ordinal": ordinal,
            "name": name,
            "quantity": command.quantity[:100],
            "blob_id": blob_id,
            "added_by": ctx.actor.username,
            "added_at": ctx.now,
        },
    )
    write(ctx, row, content=_with_line(row.content, name, command.quantity))
    return {"id": str(made), "name": name, "revision": row.revision + 1}


def detach(command: Detach, ctx: Context) -> Answer:
    row = _locked(ctx, command.document_id)
    found = ctx.db.execute(
        sa.select(attachment).where(
            attachment.c.agency_id == row.agency_id,
            attachment.c.document_id == row.id,
            attachment.c.id == command.attachment_id,
            attachment.c.removed_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("Expected an enclosed file, but this document has none with this id.")
    ctx.db.execute(
        sa.update(attachment)
        .where(attachment.c.agency_id == row.agency_id, attachment.c.id == found.id)
        .values(removed_at=ctx.now)
    )
    if _stood_first(ctx, row, found.ordinal):
        check_left(ctx.db, row, command.examined)
    write(ctx, row, content=_without_line(row.content, found.name))
    return {"id": str(found.id), "revision": row.revision + 1}


def _stood_first(ctx: Context, row: access.Row, ordinal: int) -> bool:
    before = sa.select(attachment.c.id).where(
        attachment.c.agency_id == row.agency_id,
        attachment.c.document_id == row.id,
        attachment.c.removed_at.is_(None),
        attachment.c.ordinal < ordinal,
    )
    return ctx.db.execute(before.limit(1)).first() is None


def _locked(ctx: Context, document_id: UUID) -> access.Row:
    row = access.lock(ctx.db, ctx.actor.agency_id, document_id)
    access.check_editor(ctx.db, ctx.actor, row, ctx.now)
    return row


def _next_ordinal(ctx: Context, row: access.Row) -> tuple[int, int]:
    """And how many there are."""
    count, last = ctx.db.execute(
        sa.select(
            sa.func.count().filter(attachment.c.removed_at.is_(None)),
            sa.func.coalesce(sa.func.max(attachment.c.ordinal), 0),
        ).where(attachment.c.agency_id == row.agency_id, attachment.c.document_id == row.id)
    ).one()
    if count >= MOST:
        raise Conflict(
            f"Expected at most {MOST} enclosed files, but there are as many; take one out first.",
            code="too_many_attachments",
        )
    return int(last) + 1, int(count)


def _with_line(content: Mapping[str, Any], name: str, quantity: str) -> dict[str, Any]:
    lines = list(content.get("attachments") or ())
    if all(line["name"] != name for line in lines):
        lines.append({"name": name, "qty": quantity or None})
    return {**content, "attachments": lines}


def _without_line(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    lines = [line for line in content.get("attachments") or () if line["name"] != name]
    return {**content, "attachments": lines}
