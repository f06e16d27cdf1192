"""Places to back up and to restore into, and what is compared afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine
from support import postgres
from support.ministry import Ministry

from api import migrations
from api.backup import Fenced, Places, fence, quarantine
from engine.clock import Clock
from engine.db import make_engine, reading
from engine.queries import audit
from office.correspondence import proofs as books
from office.correspondence.journal import FileJournal
from office.files.storage import FolderStorage

SECRET = "a secret of the tests"
#: restored, and then touched by nothing but the restore itself
OWN = frozenset({"epoch"})

#: opens a new, empty database of a dialect
Fresh = Callable[[str], Engine]


def stamped(database: Engine) -> Engine:
    """The tests' databases are made from the models: say so to the migrations."""
    command.stamp(migrations.config(database), "head")
    return database


@contextmanager
def fresh_databases(server: postgres.Server | None, folder: Path) -> Iterator[Fresh]:
    made: list[Engine] = []

    def fresh(dialect: str) -> Engine:
        url = f"sqlite:///{folder / f'fresh-{len(made)}.db'}"
        if dialect == "postgresql":
            assert server is not None
            url = server.create()
        made.append(make_engine(url))
        return made[-1]

    try:
        yield fresh
    finally:
        for database in made:
            database.dispose()
            if server is not None and database.dialect.name == "postgresql":
                server.drop(database.url.render_as_string(hide_password=False))


def places_of(database: Engine, home: Path, clock: Clock) -> Places:
    """As `Ministry` keeps them: files and journal in one folder."""
    return Places(
        database=database,
        storage=FolderStorage(home / "files"),
        journal=FileJournal(home / "numbers.log"),
        authority=home / "authority",
        secret=SECRET,
        clock=clock,
    )


def everything(database: Engine, leave_out: frozenset[str] = OWN) -> dict[str, list[Any]]:
    """Every row of every table, by the models' own types."""
    with reading(database) as db:
        return {
            str(table.name): [
                tuple(row)
                for row in db.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in migrations.all_tables().sorted_tables
            if table.name not in leave_out
        }


def files_of(places: Places) -> set[tuple[Any, str]]:
    return {(agency, sha256) for agency, sha256, _ in places.storage.listing()}


def findings(database: Engine) -> list[audit.Finding]:
    with reading(database) as db:
        return [*audit.findings(db), *books.in_books(db)]


def fenced(ministry: Ministry) -> Fenced:
    """The restored ministry's own journal and storage, looked at as `saraban restore` does."""
    ministry.bus.handlers = {**ministry.bus.handlers, **quarantine.HANDLERS}
    journal = FileJournal(ministry.home / "numbers.log")
    return fence(ministry.bus, ministry.desk.storage, journal)


def elsewhere(places: Places, database: Engine, home: Path) -> Places:
    """Another machine: nothing of the first one is there."""
    moved = places_of(database, home, places.clock)
    return replace(moved, secret=places.secret)
