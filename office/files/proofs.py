"""Proofs over stored files: what a row holds is there, and is what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.queries.finding import Finding
from office.files.models import blob
from office.files.storage import Storage

_HELD = (
    sa.select(blob.c.agency_id, blob.c.sha256)
    .where(blob.c.held_by.is_not(None))
    .distinct()
    .order_by(blob.c.agency_id, blob.c.sha256)
)


def broken(db: Connection, storage: Storage) -> Iterator[Finding]:
    """Every held file that is gone or altered (I12). Reads all of them: it takes its time."""
    for row in db.execute(_HELD).all():
        if storage.size(row.agency_id, row.sha256) is None:
            yield Finding("I12", str(row.agency_id), None, f"the file {row.sha256} is gone")
            continue
        with storage.open(row.agency_id, row.sha256) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        if found != row.sha256:
            yield Finding("I12", str(row.agency_id), None, f"the file {row.sha256} was altered")
