"""Clears away what nothing holds: rows let go, and bytes that no row names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.db import reading
from office.files.models import blob
from office.files.storage import Storage

#: bytes come before their row: younger ones may belong to a command that is on its way, and a
#: backup takes the database first
GRACE = timedelta(days=7)

_NAMED = sa.select(blob.c.id).where(
    blob.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    blob.c.sha256 == sa.bindparam("sha256"),
    sa.or_(blob.c.held_by.is_not(None), blob.c.let_go_at > sa.bindparam("before")),
)


def collect(engine: Engine, storage: Storage, now: datetime) -> int:
    """Delete orphaned bytes that are older than the grace; how many."""
    gone = 0
    with reading(engine) as db:
        for agency_id, sha256 in _orphans(db, storage, now - GRACE):
            storage.delete(agency_id, sha256)
            gone += 1
    return gone


def _orphans(db: Connection, storage: Storage, before: datetime) -> Iterator[tuple[UUID, str]]:
    for agency_id, sha256, put_at in storage.listing():
        if put_at < before and not _is_named(db, agency_id, sha256, before):
            yield agency_id, sha256


def _is_named(db: Connection, agency_id: UUID, sha256: str, before: datetime) -> bool:
    """Held, or let go so lately that a backup may be on its way to it."""
    binds = {"agency": agency_id, "sha256": sha256, "before": before}
    return db.execute(_NAMED, binds).first() is not None
