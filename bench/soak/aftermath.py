"""What is left behind: jobs that died, incidents, broken promises, and the database's size."""

from __future__ import annotations

import time
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from api.backup.making import snapshot
from engine.db import make_engine, reading
from engine.queries import audit

#: Seconds for the worker to finish what was due.
_PATIENCE = 120
_DUE = "SELECT count(*) FROM job WHERE state IN ('waiting', 'leased') AND due_at <= now()"
_LEFT = {
    "dead jobs": "SELECT count(*) FROM job WHERE state = 'dead'",
    "open incidents": "SELECT count(*) FROM incident WHERE state = 'open'",
    "letters signed, but not stamped": "SELECT count(*) FROM signature WHERE state <> 'signed'",
}
_SIZE = "SELECT pg_database_size(current_database())"


def size(url: str) -> float:
    """Gigabytes."""
    database = make_engine(url)
    with reading(database) as db:
        found = float(_number(db, _SIZE)) / (1 << 30)
    database.dispose()
    return found


def complaints(url: str, *, whole: bool) -> Iterator[str]:
    """What is wrong. With `whole`, every case is proved as `saraban audit verify` does."""
    database = make_engine(url)
    with reading(database) as db:
        ends = time.monotonic() + _PATIENCE
        while (left := due(db)) and time.monotonic() < ends:
            time.sleep(1)  # noqa: TID251 - waits for another process
        if left:
            yield f"{left} jobs are still due after {_PATIENCE} s"
        for what, query in _LEFT.items():
            if found := _number(db, query):
                yield f"{found} {what}"
    if whole:
        with snapshot(database) as db:
            yield from (f"audit: {finding}" for finding in audit.findings(db))
    database.dispose()


def due(db: Connection) -> int:
    """Jobs that are due and not done."""
    return _number(db, _DUE)


def _number(db: Connection, query: str) -> int:
    return int(db.execute(sa.text(query)).scalar_one())
