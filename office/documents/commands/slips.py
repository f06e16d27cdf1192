"""Keeping a slip that was drawn, while what it says still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context
from office.documents import access, errors, rules
from office.documents.commands.copies import KeepCopy
from office.documents.slips import said_of
from office.files.uploads import StoredFile


@dataclass(frozen=True, slots=True)
class KeepSlip:
    """Keep a slip of what has been said about a document, by whoever may read it. Conflict
    (copied_meanwhile) where more has been said since it was drawn. Answer as of KeepCopy.
    """

    document_id: UUID
    digest: str
    #: the rest differs in a repeated request, which gets the kept answer
    ordinal: int = field(compare=False)
    of_sha256: str | None = field(compare=False)
    told: Mapping[str, Any] = field(compare=False)
    file: StoredFile = field(compare=False)


def keep_slip(command: KeepSlip, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.lock_instance(ctx.db, row)
    if said_of(ctx.db, ctx.actor, row.id).digest != command.digest:
        raise errors.copied_meanwhile()
    return ctx.run(
        KeepCopy(row.id, rules.SLIP, command.ordinal, command.of_sha256, command.told, command.file)
    )
