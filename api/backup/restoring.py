"""Restoring: check the whole archive, fill an empty database and the places beside it.

Nothing is written before the archive is known to be whole. All rows come in one transaction, with
the epoch that holds the database in quarantine: a crash leaves it empty or held, never loose.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from api import migrations
from api.backup import manifest as manifests
from api.backup.archive import Member, Reader, opened, private
from api.backup.manifest import AUTHORITY, FILES, JOURNAL, Manifest, TableRows
from api.backup.places import Places
from api.backup.rows import Lines
from engine import jsonio
from engine.db import begin_write
from engine.errors import Conflict, Invalid
from engine.models.epoch import epoch
from office.correspondence.journal import Journal

#: Rows sent at a time.
BATCH = 1000

_FOREIGN_KEYS = sa.text(
    "SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name,"
    " pg_get_constraintdef(oid) AS rule FROM pg_constraint"
    " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and how long it took."""

    manifest: Manifest
    epoch: int
    #: lines that the journal here did not have
    journal_lines: int
    #: false where there was an authority already, which was left alone
    authority: bool
    seconds: float


def restore(places: Places, file: Path) -> Restored:
    """Fill an empty installation from a backup. It is in quarantine then: see `fence`."""
    began = monotonic()
    with opened(file) as archive:
        manifest, members = manifests.checked(archive)
        _must_be_known(manifest)
        _must_be_empty(places.database)
        migrations.upgrade(places.database, manifest.revision)
        _must_be_at(places.database, manifest.revision)
        _restore_files(places, archive)
        authority = _restore_authority(places.authority, archive, members)
        lines = _restore_journal(places.journal, archive, members)
        number = _restore_rows(places, archive, manifest, members)
        migrations.upgrade(places.database)
    return Restored(manifest, number, lines, authority, monotonic() - began)


def _must_be_known(manifest: Manifest) -> None:
    if not migrations.knows(manifest.revision):
        raise Invalid(
            f"Expected a backup of a revision up to {migrations.newest()}, but this one is of"
            f" {manifest.revision}. Restore it with a version that is as new as the one it is of."
        )


def _must_be_empty(database: Engine) -> None:
    with database.connect() as db:
        names = set(sa.inspect(db).get_table_names()) - {"alembic_version"}
        full = sorted(name for name in names if _has_rows(db, name))
    if full:
        raise Conflict(
            f"Expected an empty database, but {', '.join(full[:3])} "
            f"{'has' if len(full) == 1 else 'have'} rows. Nothing was restored; name another"
            " database, or remove this one if nobody needs it."
        )


def _has_rows(db: Connection, name: str) -> bool:
    any_row = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
    return db.execute(any_row).first() is not None


def _must_be_at(database: Engine, revision: str) -> None:
    present = migrations.present(database)
    if present != revision:
        raise Conflict(
            f"Expected an empty database at revision {revision} or without tables, but it is at"
            f" {present}. Nothing was restored; name a new database."
        )


def _restore_files(places: Places, archive: Reader) -> None:
    """Bytes before the rows that name them, as always."""
    for member in archive.members():
        if member.name.startswith(FILES):
            agency_id, sha256 = manifests.file_of(member)
            if places.storage.put(agency_id, archive.read(member)) != sha256:
                raise archive.damaged(member)


def _restore_authority(folder: Path, archive: Reader, members: Mapping[str, Member]) -> bool:
    """Where there is one, it is left alone: what it has signed since is trusted by it."""
    found = _under(AUTHORITY, members)
    if not found or folder.exists():
        return False
    folder.mkdir(parents=True, mode=0o700)
    for member in found:
        name = member.name.removeprefix(AUTHORITY).removesuffix(".zst")
        place = (folder / name).resolve()
        if not place.is_relative_to(folder.resolve()):
            raise archive.damaged(member)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with private(place) as out:
            out.write(archive.read(member))
            out.flush()
            os.fsync(out.fileno())
    return True


def _restore_journal(journal: Journal, archive: Reader, members: Mapping[str, Member]) -> int:
    """The journal here is the newer one; it gets what only the archive has."""
    here, added = {jsonio.canonical(line) for line in journal.lines()}, 0
    for member in _under(JOURNAL, members):
        lines = [line for line in archive.read(member).splitlines() if line not in here]
        if lines:
            journal.extend([jsonio.loads(line) for line in lines])
        added += len(lines)
    return added


def _restore_rows(
    places: Places, archive: Reader, manifest: Manifest, members: Mapping[str, Member]
) -> int:
    """All rows, and the epoch that begins with them."""
    with begin_write(places.database) as db:
        with _unbound(db):
            for table in manifest.tables:
                _restore_table(db, archive, table, _under(table.folder, members))
        number = _begin_epoch(db, places, f"backup of {manifest.made_at.isoformat()}")
        db.commit()
    return number


def _restore_table(db: Connection, archive: Reader, table: TableRows, chunks: list[Member]) -> None:
    lines, count = Lines(table.name, table.columns), 0
    for chunk in chunks:
        rows = list(lines.rows(archive.read(chunk)))
        for first in range(0, len(rows), BATCH):
            db.execute(lines.insert, rows[first : first + BATCH])
        count += len(rows)
    if count != table.rows:
        raise Invalid(f"Expected {table.rows} rows of {table.name}, but found {count}.")


@contextmanager
def _unbound(db: Connection) -> Iterator[None]:
    """Rows come in the order of their keys, so a row may come before the one it refers to."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # until this transaction's commit
        yield
        return
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        db.exec_driver_sql(f"SET LOCAL {setting} = 0")
    rules = db.execute(_FOREIGN_KEYS).all()
    for rule in rules:
        db.exec_driver_sql(f"ALTER TABLE {rule.owner} DROP CONSTRAINT {rule.name}")
    yield
    for rule in rules:
        db.exec_driver_sql(f"ALTER TABLE {rule.owner} ADD CONSTRAINT {rule.name} {rule.rule}")


def _begin_epoch(db: Connection, places: Places, cause: str) -> int:
    last = db.execute(sa.select(sa.func.max(epoch.c.number))).scalar_one() or 0
    began = {"number": last + 1, "cause": cause, "began_at": places.clock.now()}
    db.execute(sa.insert(epoch), began)
    return last + 1


def _under(folder: str, members: Mapping[str, Member]) -> list[Member]:
    return [one for name, one in members.items() if name.startswith(folder)]
