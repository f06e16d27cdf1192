"""What a backup copies and a restore fills: database, files, journal, authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from api.desk import make_storage
from api.settings import Settings
from engine.clock import Clock, SystemClock
from engine.db import make_engine
from office.correspondence.journal import FileJournal, Journal
from office.files.storage import Storage


@dataclass(frozen=True, slots=True)
class Places:
    database: Engine
    storage: Storage
    journal: Journal
    #: folder of the development certificate authority; there may be none
    authority: Path
    secret: str
    clock: Clock


@contextmanager
def of(settings: Settings) -> Iterator[Places]:
    """Those of an installation."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = make_engine(settings.database_url)
    try:
        yield Places(
            database,
            make_storage(settings),
            FileJournal(settings.journal),
            settings.authority,
            settings.secret,
            SystemClock(),
        )
    finally:
        database.dispose()
