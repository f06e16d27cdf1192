"""Making a backup: rows in one snapshot, then the files that they name, then the journal.

The database comes first and storage forgets nothing for days, so every file is still there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import BinaryIO
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from api import migrations
from api.backup import manifest as manifests
from api.backup.archive import Writer, written
from api.backup.manifest import AUTHORITY, JOURNAL, Manifest, TableRows
from api.backup.places import Places
from api.backup.rows import columns_of, read_rows
from engine import jsonio
from engine.db import FENCE
from engine.errors import Conflict, NotFound
from office.files.models import blob
from office.files.storage import Storage, read

#: Lines of the journal in one member.
LINES = 10_000

_NAMED_FILES = (
    sa.select(blob.c.agency_id, blob.c.sha256)
    .where(blob.c.held_by.is_not(None))
    .distinct()
    .order_by(blob.c.agency_id, blob.c.sha256)
)


@dataclass(frozen=True, slots=True)
class Made:
    """What was copied, and how long it took."""

    manifest: Manifest
    seal: str
    size: int
    seconds: float


def backup(places: Places, file: Path) -> Made:
    """Write everything into one new file. The office goes on working meanwhile."""
    began, made_at = monotonic(), places.clock.now()
    revision = _revision(places.database)
    with written(file, made_at) as out, tempfile.TemporaryFile() as wanted:
        hashes: dict[str, str] = {}
        with snapshot(places.database) as db:
            tables = [
                _copy_table(out, hashes, db, table)
                for table in migrations.all_tables().sorted_tables
            ]
            _note_files(db, wanted)
        files = _Files(out, places.storage)
        files.copy(wanted)
        lines = _copy_journal(out, hashes, places)
        _copy_authority(out, hashes, places.authority)
        made = Manifest(
            made_at=made_at,
            revision=revision,
            dialect=places.database.dialect.name,
            secret=manifests.mark_of(places.secret),
            tables=tuple(tables),
            files=files.count,
            file_bytes=files.bytes,
            missing=tuple(files.missing),
            journal_lines=lines,
            members=hashes,
        )
        out.add(manifests.NAME, manifests.encode(made))
        seal = out.seal()
    return Made(made, seal, out.size, monotonic() - began)


def _revision(database: Engine) -> str:
    present, newest = migrations.present(database), migrations.newest()
    if present is None or present != newest:
        raise Conflict(
            f"Expected the database at revision {newest}, but it is at {present}."
            " Back up with the version that it belongs to, or run `saraban migrate` first."
        )
    return present


@contextmanager
def snapshot(database: Engine) -> Iterator[Connection]:
    """A transaction in which all reads see one moment."""
    with database.connect() as db:
        if database.dialect.name == "postgresql":
            db = db.execution_options(  # noqa: PLW2901 - same connection
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            # compressing takes longer than a request may
            db.exec_driver_sql("SET LOCAL statement_timeout = 0")
            db.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            # every agency's rows, whatever the role brings along
            db.exec_driver_sql(f"SET LOCAL {FENCE} = ''")
        yield db


def _copy_table(out: Writer, hashes: dict[str, str], db: Connection, table: sa.Table) -> TableRows:
    rows = 0
    for number, (chunk, count) in enumerate(read_rows(db, table), 1):
        name = f"{manifests.folder_of(table.name)}{number:06}.jsonl.zst"
        hashes[name] = out.add(name, chunk)
        rows += count
    return TableRows(str(table.name), columns_of(table), rows)


def _note_files(db: Connection, wanted: BinaryIO) -> None:
    """On disk, not in memory, and not in the snapshot: copying files takes long."""
    for row in db.execution_options(yield_per=1000).execute(_NAMED_FILES):
        wanted.write(f"{row.agency_id} {row.sha256}\n".encode())
    wanted.seek(0)


class _Files:
    """Copies contents of storage, each checked against its name."""

    def __init__(self, out: Writer, storage: Storage) -> None:
        self._out, self._storage = out, storage
        self.count = self.bytes = 0
        self.missing: list[str] = []

    def copy(self, wanted: Iterable[bytes]) -> None:
        for line in wanted:
            agency, sha256 = line.decode().split()
            self._copy(UUID(agency), sha256)

    def _copy(self, agency_id: UUID, sha256: str) -> None:
        name = manifests.file_name(agency_id, sha256)
        try:
            data = read(self._storage, agency_id, sha256)
        except NotFound:
            self.missing.append(name)  # one bad file must not prevent the copy of all others
            return
        self._out.add(name, data)
        self.count += 1
        self.bytes += len(data)


def _copy_journal(out: Writer, hashes: dict[str, str], places: Places) -> int:
    lines, total = places.journal.lines(), 0
    while batch := [jsonio.canonical(line) for line in islice(lines, LINES)]:
        total += len(batch)
        name = f"{JOURNAL}{total:012}.jsonl.zst"
        hashes[name] = out.add(name, b"\n".join(batch))
    return total


def _copy_authority(out: Writer, hashes: dict[str, str], folder: Path) -> None:
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = f"{AUTHORITY}{file.relative_to(folder).as_posix()}.zst"
        hashes[name] = out.add(name, file.read_bytes())
