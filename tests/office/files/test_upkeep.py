"""What nobody sent is found among the few files that wait, never among all that are stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Engine
from support import plans

from engine.clock import SteppedClock
from office.files.commands import PATIENCE
from office.files.models import blob
from office.files.upkeep import forgotten
from office.people.models import agency

OURS, STORED = UUID(int=1), 2_000


def _stored(held_by: str | None, at: datetime) -> dict[str, Any]:
    return {
        "agency_id": OURS, "id": uuid4(), "sha256": uuid4().hex * 2, "size": 1, "name": "a.txt",
        "media_type": "text/plain", "held_by": held_by, "created_by": "nid", "created_at": at,
    }  # fmt: skip


def _fill(engine: Engine, now: datetime) -> None:
    """Much that is held, or is not any more; an upload of today, and one that was forgotten."""
    old = now - 2 * PATIENCE
    rows = [_stored(f"version:{n}" if n % 2 else None, old) for n in range(STORED)]
    ours = {"id": OURS, "code": "a", "name": "a", "policy": {}, "created_at": now}
    with engine.begin() as db:
        db.execute(sa.insert(agency), ours)
        db.execute(sa.insert(blob), [*rows, _stored("upload:nid", now), _stored("upload:a", old)])


def test_postgresql_reads_what_waits(postgres_engine: Engine, clock: SteppedClock) -> None:
    _fill(postgres_engine, clock.now())
    with postgres_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("ANALYZE blob")
    old = clock.now() - PATIENCE
    assert plans.rows_read(postgres_engine, forgotten(old)) == 1
    assert plans.rows_read(postgres_engine, forgotten(old - timedelta(days=9))) == 0


def test_sqlite_reads_what_waits(sqlite_engine: Engine, clock: SteppedClock) -> None:
    _fill(sqlite_engine, clock.now())
    plan = plans.described(sqlite_engine, forgotten(clock.now() - PATIENCE))
    assert "ix_blob_waiting (created_at<?)" in plan
