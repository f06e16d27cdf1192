"""Copies that were made of a signed document, and slips beside one, for those who may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from office.documents import access, rules
from office.documents.models import certification, copy_rendition, document_copy
from office.files.models import blob


@dataclass(frozen=True, slots=True)
class CopyRow:
    """`kind` is stamped, certified or slip; `of_sha256` is of the signed file that it was made of
    (None: a slip of what is not signed yet), and `told` what it says, in words as printed; of a
    slip how many endorsements. `entry_id`: the line of the register of letters
    received whose stamp it bears. `file_name`, `size` and `sha256` are of the newest file: a
    certified copy's grows. `level` is its signature's: B-LTA since `archived_at`, B-T before, or
    B-B where the house has no timestamp authority; None where nobody has signed it.
    """

    id: str
    kind: str
    ordinal: int
    of_sha256: str | None
    told: Mapping[str, Any]
    entry_id: str | None
    made_by: str
    made_at: datetime
    file_name: str
    size: int
    sha256: str
    level: str | None
    archived_at: datetime | None


_LATER = copy_rendition.alias("later")
_NEWEST = (
    sa.select(sa.func.max(_LATER.c.ordinal))
    .where(_LATER.c.agency_id == document_copy.c.agency_id)
    .where(_LATER.c.copy_id == document_copy.c.id)
    .scalar_subquery()
)
_COPIES = (
    sa.select(
        *(document_copy.c[name] for name in CopyRow.__slots__ if name in document_copy.c),
        blob.c.name.label("file_name"),
        blob.c.size,
        blob.c.sha256,
        copy_rendition.c.level,
        copy_rendition.c.stamped_at.label("archived_at"),
    )
    .select_from(document_copy)
    .outerjoin(
        copy_rendition,
        sa.and_(
            copy_rendition.c.agency_id == document_copy.c.agency_id,
            copy_rendition.c.copy_id == document_copy.c.id,
            copy_rendition.c.ordinal == _NEWEST,
        ),
    )
    .join(
        blob,
        sa.and_(
            blob.c.agency_id == document_copy.c.agency_id,
            blob.c.id == sa.func.coalesce(copy_rendition.c.blob_id, document_copy.c.blob_id),
        ),
    )
    .where(
        document_copy.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        document_copy.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    )
    .order_by(document_copy.c.made_at, document_copy.c.id)
)


@dataclass(frozen=True, slots=True)
class WaitingCopy:
    """A certified copy that is on its way: waiting_device (its certifier's) or waiting_timestamp;
    or one that was signed and could not be kept, failed, and its cause. `told` as of CopyRow.
    """

    id: str
    status: str
    username: str
    told: Mapping[str, Any]
    begun_at: datetime
    cause: str | None


_WAITING = (
    sa.select(certification)
    .where(
        certification.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        certification.c.document_id == sa.bindparam("document", type_=sa.Uuid),
        sa.or_(
            certification.c.state.in_(sorted(rules.WAITING_STATUS)),
            # what was signed is kept of it
            sa.and_(certification.c.state == rules.FAILED, certification.c.blob_id.is_not(None)),
        ),
    )
    .order_by(certification.c.begun_at, certification.c.id)
)


def waiting_copies(db: Connection, actor: Actor, document_id: UUID) -> Sequence[WaitingCopy]:
    """Oldest first."""
    access.check_reader(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id}
    return [
        WaitingCopy(
            str(row.id),
            rules.WAITING_STATUS.get(row.state, row.state),
            row.username,
            row.told,
            row.begun_at,
            row.cause,
        )
        for row in db.execute(_WAITING, binds)
    ]


def copies(db: Connection, actor: Actor, document_id: UUID) -> Sequence[CopyRow]:
    """Oldest first."""
    access.check_reader(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id}
    return [_copy(row._mapping) for row in db.execute(_COPIES, binds)]  # noqa: SLF001 - public name


def copy_file(db: Connection, actor: Actor, document_id: UUID, copy_id: UUID) -> CopyRow:
    for one in copies(db, actor, document_id):
        if one.id == str(copy_id):
            return one
    raise NotFound("Expected a copy of this document, but there is none with this id.")


def _copy(values: Mapping[Any, Any]) -> CopyRow:
    entry = values["entry_id"]
    named = {
        "id": str(values["id"]),
        "entry_id": str(entry) if entry else None,
        "level": values["level"] or values["told"].get("level"),
    }
    return CopyRow(**{**values, **named})
