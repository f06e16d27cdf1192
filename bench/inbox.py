"""The inbox's first page of one reader, among 5,000 open tasks and among a million, on PostgreSQL.

`python -m bench inbox` prints the figure: the reader has 50 tasks of their own and six groups with
500 open ones, whatever the others have. Wall-clock time: the database works in other processes.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Event
from time import monotonic, perf_counter

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from support.builders import PEOPLE, ROUTE, Works, make_works
from support.crowd import OFFERED, OWN, READER, fill
from support.database import build

from bench import figures
from bench.figures import Figure, beside
from engine.actor import Actor
from engine.clock import SteppedClock
from engine.db import make_engine, reading
from engine.queries import tasks

FEW, MANY = 5_000, 1_000_000
ROUNDS = 300
#: Seconds that cleaning up may take.
PATIENCE = 600
_CLEANING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
)
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def run(make_url: Callable[[], str]) -> str:
    """The figures, as a Markdown table."""
    houses = [_house(make_url(), open_tasks) for open_tasks in (FEW, MANY)]
    few, many = _first_pages(houses)
    for works in houses:
        works.engine.dispose()
    note = beside(many, few, f"among {FEW:,}")
    ratio = Figure(f"inbox, {MANY:,} open tasks", many / few, "×", 1.2, note)
    return figures.table("Inbox on PostgreSQL", [ratio])


def _house(url: str, open_tasks: int) -> Works:
    database = make_engine(url)
    build(database)
    works = make_works(database, SteppedClock(_NOW), people=(*PEOPLE, READER))
    works.deploy(ROUTE).start()
    fill(database, open_tasks)
    return works


def _settle(database: Engine) -> None:
    """Until the database has cleaned up behind the filling: it takes a processor for it, and a
    house of a million tasks was not filled in a minute.
    """
    ends = monotonic() + PATIENCE
    while monotonic() < ends:
        with database.connect() as db:
            if not db.scalar(_CLEANING):
                return
        Event().wait(1)
    raise SystemExit(f"Expected the database to be at rest within {PATIENCE} s, but it cleans up.")


def _first_pages(houses: Sequence[Works]) -> list[float]:
    """Milliseconds of the middle reading in each house: the first page with its total, and the
    counts. The houses are read in turn, so that whatever else the machine does falls on both.
    """
    _settle(houses[-1].engine)
    with ExitStack() as open_:
        readers = [(open_.enter_context(reading(w.engine)), w.actor("reader")) for w in houses]
        times = [[_read(db, reader) for db, reader in readers] for _ in range(ROUNDS)]
    return [statistics.median(each) for each in zip(*times[ROUNDS // 10 :], strict=True)]


def _read(db: Connection, reader: Actor) -> float:
    began = perf_counter()
    page = tasks.inbox(db, reader, now=_NOW, view="mine,claimable")
    counts = tasks.counts(db, reader, now=_NOW)
    took = 1000 * (perf_counter() - began)
    assert page.total == OWN + OFFERED
    assert (counts.mine, counts.claimable) == (OWN, OFFERED)
    return took
