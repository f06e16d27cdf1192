"""Keeping a copy that was made of a signed document: who made it, and of which file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.vouching import vouch
from engine.errors import Forbidden
from engine.ids import new_id
from office.documents import access, errors, rules
from office.documents.commands.archiving import want_archive
from office.documents.copying import next_ordinal, signed_sha256
from office.documents.models import NOT_KNOWN, document_copy
from office.files import blobs
from office.files.uploads import StoredFile


@dataclass(frozen=True, slots=True)
class KeepCopy:
    """A copy (one of rules.COPIES) of the document's signed file as it is now, or a slip beside a
    document that may not have one yet (`of_sha256` None), by whoever may read it. Run by the acts
    that make copies, which have checked who may have such a one made.

    `ordinal` is what the copy says of itself; Conflict (copied_meanwhile) where another was made
    or the signed file has grown since it was drawn, unless the ordinal was `reserved` for it.
    Answer: {id, document_id, ordinal}.
    """

    document_id: UUID
    kind: str
    ordinal: int
    of_sha256: str | None
    told: Mapping[str, Any]
    file: StoredFile = field(compare=False)
    entry_id: UUID | None = None
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class KnowCopy:
    """A certified copy of before its `digest` was kept (empty: its file tells none) is known by it
    from now on, and is made to last as a new one is. For the system alone; what is known already
    stays. Answer: {known: bool}.
    """

    copy_id: UUID
    digest: str


def know_copy(command: KnowCopy, ctx: Context) -> Answer:
    mine = (document_copy.c.agency_id == ctx.actor.agency_id, document_copy.c.id == command.copy_id)
    if not ctx.actor.is_system:
        raise Forbidden("Expected the system, which alone completes copies.", code="system_only")
    known = sa.update(document_copy).where(*mine, sa.text(NOT_KNOWN)).values(digest=command.digest)
    if ctx.db.execute(known).rowcount == 0:
        return {"known": False}  # another clock was first
    made = ctx.db.execute(sa.select(document_copy).where(*mine)).one()
    if made.told.get("level") == rules.STAMPED:
        want_archive(ctx, made.document_id, 1, copy_id=made.id)  # what was wanted is not again
    return {"known": True}


def keep_copy(command: KeepCopy, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    access.check_reader(ctx.db, ctx.actor, row)
    if row.state != rules.SIGNED and command.kind != rules.SLIP:
        raise errors.unsigned(row.state)
    if not command.reserved:
        check_next(ctx, row, command.kind, command.ordinal, command.of_sha256)
    made = new_id()
    blob_id = blobs.insert(ctx, command.file, held_by=f"copy:{made}")
    ctx.db.execute(
        sa.insert(document_copy),
        {
            "agency_id": row.agency_id,
            "id": made,
            "document_id": row.id,
            "kind": command.kind,
            "ordinal": command.ordinal,
            "of_sha256": command.of_sha256,
            "told": dict(command.told),
            "digest": command.told.get("digest") if command.kind == rules.CERTIFIED_COPY else None,
            "entry_id": command.entry_id,
            "blob_id": blob_id,
            "made_by": ctx.actor.username,
            "made_at": ctx.now,
        },
    )
    _tell(ctx, row, command)
    if command.told.get("level") == rules.STAMPED:
        want_archive(ctx, row.id, 1, copy_id=made)
    return {"id": str(made), "document_id": str(row.id), "ordinal": command.ordinal}


def check_next(
    ctx: Context, row: access.Row, kind: str, ordinal: int, of_sha256: str | None
) -> None:
    """That a copy with this number, drawn of this file, is the next one. The row is locked."""
    present = signed_sha256(ctx.db, row)
    if present != of_sha256 or next_ordinal(ctx.db, row, kind, ctx.actor.username) != ordinal:
        raise errors.copied_meanwhile()


def _tell(ctx: Context, row: access.Row, command: KeepCopy) -> None:
    """Of a secret letter, too: the regulation wants each copy of one to be recorded."""
    told = {
        "document_id": row.id,
        "copy": command.kind,
        "ordinal": command.ordinal,
        "by": ctx.actor.username,
        "of_sha256": command.of_sha256,
        "sha256": command.file.sha256,
    }
    vouch(ctx, row.instance_id, rules.COPIED, told)
