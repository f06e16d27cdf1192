"""Freezing what a level saw: one row for each different text, endorsed by hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Context
from engine.commands.jobs import want_job
from engine.ids import new_id
from office.documents import rules
from office.documents.access import Row
from office.documents.models import attachment, document_version
from office.files.models import blob

RENDER = "documents.render_version"

_AGENCY, _DOCUMENT = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("document", type_=sa.Uuid)
_ENCLOSED = (
    sa.select(attachment.c.name, attachment.c.quantity, blob.c.sha256, blob.c.size)
    .join(
        blob, sa.and_(blob.c.agency_id == attachment.c.agency_id, blob.c.id == attachment.c.blob_id)
    )
    .where(
        attachment.c.agency_id == _AGENCY,
        attachment.c.document_id == _DOCUMENT,
        attachment.c.removed_at.is_(None),
    )
    .order_by(attachment.c.ordinal)
)
_LAST = (
    sa.select(document_version.c.id, document_version.c.ordinal, document_version.c.sha256)
    .where(document_version.c.agency_id == _AGENCY, document_version.c.document_id == _DOCUMENT)
    .order_by(document_version.c.ordinal.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Version:
    id: UUID
    ordinal: int
    sha256: str


def enclosed(db: Connection, agency_id: UUID, document_id: UUID) -> list[dict[str, Any]]:
    """The files of the present text, by name and hash, in order."""
    rows = db.execute(_ENCLOSED, {"agency": agency_id, "document": document_id})
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def freeze(ctx: Context, row: Row) -> Version:
    """The version of the locked document's present text: the last one, where nothing changed."""
    files = enclosed(ctx.db, row.agency_id, row.id)
    sha256 = rules.version_hash(row.content, files)
    last = latest(ctx.db, row.agency_id, row.id)
    if last is not None and last.sha256 == sha256:
        return last
    version = Version(new_id(), last.ordinal + 1 if last else 1, sha256)
    _insert(ctx, row, version, files)
    payload = {"version_id": str(version.id)}
    want_job(ctx, RENDER, payload, business_key=str(row.id), dedupe=f"{RENDER}:{version.id}")
    return version


def latest(db: Connection, agency_id: UUID, document_id: UUID) -> Version | None:
    found = db.execute(_LAST, {"agency": agency_id, "document": document_id}).one_or_none()
    return None if found is None else Version(*found)


def _insert(ctx: Context, row: Row, version: Version, files: Sequence[dict[str, Any]]) -> None:
    ctx.db.execute(
        sa.insert(document_version),
        {
            "agency_id": row.agency_id,
            "id": version.id,
            "document_id": row.id,
            "ordinal": version.ordinal,
            "revision": row.revision,
            "content": row.content,
            "attachments": files,
            "sha256": version.sha256,
            "frozen_by": ctx.actor.username,
            "frozen_at": ctx.now,
        },
    )
