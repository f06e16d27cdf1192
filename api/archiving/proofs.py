"""Proofs over archived cases: each file is there, as its tombstone says, and its chain holds; or it
was destroyed on somebody's word, history says so, and it is gone.
"""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from api.evidence import manifest as manifests
from api.evidence.chaining import read_chain
from api.evidence.container import Broken, opened
from api.evidence.manifest import HISTORY, MANIFEST
from engine.errors import NotFound
from engine.models.columns import AnyRow
from engine.queries import archive, destroyed
from engine.queries.finding import Finding
from office.files import blobs
from office.files.collect import GRACE
from office.files.storage import Storage, read

#: By then the collector has come round again.
_ROUND = timedelta(days=2)


def broken(db: Connection, storage: Storage, now: datetime) -> Iterator[Finding]:
    """Every archived case whose evidence does not prove it (I2), and every destroyed one of which
    history does not tell, or something is left when the collector has long been there (I12). Reads
    all of the files.
    """
    for row in archive.every(db):
        wrong = None if row.destroyed_at else _wrong(storage, row)
        if wrong is not None:
            yield Finding("I2", str(row.agency_id), str(row.id), wrong)
    yield from destroyed.broken(db)
    for row in destroyed.tombstones(db):
        overdue = row.destroyed_at < now - GRACE - _ROUND
        left = overdue and storage.size(row.agency_id, row.stored_sha256)
        if left and not blobs.is_held(db, row.agency_id, row.stored_sha256):
            message = "the archived evidence counts as destroyed, but storage still has it"
            yield Finding("I12", str(row.agency_id), str(row.id), message)


def unsqueezed(storage: Storage, agency_id: UUID, stored: str, sha256: str) -> bytes:
    """The evidence file of a tombstone, its hash compared; raises Broken or NotFound."""
    try:
        data = gzip.decompress(read(storage, agency_id, stored))
    except (OSError, EOFError, ValueError) as damaged:
        raise Broken(f"Expected the evidence as it was stored, but: {damaged}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Broken("Expected the evidence that the tombstone names, but it is another.")
    return data


def _wrong(storage: Storage, row: AnyRow) -> str | None:
    try:
        data = unsqueezed(storage, row.agency_id, row.stored_sha256, row.evidence_sha256)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "evidence.zip"
            file.write_bytes(data)
            return _unproven(file, row)
    except (Broken, NotFound) as wrong:
        return f"the archived evidence does not hold: {wrong.message}"


def _unproven(file: Path, row: AnyRow) -> str | None:
    with file.open("rb") as source:
        reader = opened(file, source)
        told = manifests.decode(reader.read(MANIFEST))
        chain = read_chain(reader.read(HISTORY), told)
    if (told.agency.id, told.root) != (row.agency_id, row.id):
        return "the archived evidence is of another case"
    if (told.history.events, told.history.head) != (row.history_seq, bytes(row.history_hash).hex()):
        return "the archived evidence and the tombstone differ in the head of the chain"
    return chain.findings[0] if chain.findings else None
