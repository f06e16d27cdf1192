"""The inbox's first page of one reader, among 5,000 open tasks and among a million, on PostgreSQL.

`python -m bench inbox` prints the figure: the reader has 50 tasks of their own and six groups with
500 open ones, whatever the others have. Wall-clock time: the database works in other processes.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy import Engine
from support.builders import PEOPLE, ROUTE, Works, make_works
from support.database import build

from bench import figures
from bench.figures import Figure, beside
from engine.clock import SteppedClock
from engine.db import make_engine, reading
from engine.models.instance import process_instance
from engine.models.task import task, task_candidate
from engine.queries import tasks
from engine.twins import Seat

FEW, MANY = 5_000, 1_000_000
OWN, OFFERED = 50, 500
ROUNDS = 300
#: tasks of everybody else's groups: as many as the reader's six have together
_IN_A_GROUP = 500
_GROUPS = tuple(f"unit:mine-{n}" for n in range(6))
_READER = Seat("reader", _GROUPS)
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

_PLAN = f"""
CREATE TABLE bench_plan AS SELECT
  n, gen_random_uuid() AS instance, gen_random_uuid() AS task,
  CASE WHEN n <= {OWN} THEN 'person:reader'
       WHEN n <= {OWN + OFFERED} THEN 'unit:mine-' || mod(n, {len(_GROUPS)})
       ELSE 'unit:other-' || n / {_IN_A_GROUP} END AS principal
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n
"""


def run(make_url: Callable[[], str]) -> str:
    """The figures, as a Markdown table."""
    database = make_engine(make_url())
    build(database)
    works = make_works(database, SteppedClock(_NOW), people=(*PEOPLE, _READER))
    works.deploy(ROUTE).start()
    _fill(database, 1, FEW)
    few = _first_page(works)
    _fill(database, FEW + 1, MANY)
    many = _first_page(works)
    database.dispose()
    note = beside(many, few, f"among {FEW:,}")
    ratio = Figure(f"inbox, {MANY:,} open tasks", many / few, "×", 1.2, note)
    return figures.table("Inbox on PostgreSQL", [ratio])


def _fill(database: Engine, first: int, last: int) -> None:
    """Copies of the one case, each with one open task: rows as the product writes them."""
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("SET statement_timeout = 0")
        # the copies are whole by construction: no look-up of each parent
        db.exec_driver_sql("SET session_replication_role = replica")
        db.execute(sa.text(_PLAN), {"first": first, "last": last})
        for statement in (_instances(), _tasks(), _candidates()):
            db.exec_driver_sql(statement)
        db.exec_driver_sql("DROP TABLE bench_plan")
        db.exec_driver_sql("VACUUM ANALYZE")
        db.exec_driver_sql("CHECKPOINT")


def _instances() -> str:
    new = {"id": "p.instance", "root_id": "p.instance", "business_key": "'case-' || p.n"}
    return _copies(process_instance, new, "process_instance")


def _tasks() -> str:
    mine = f"p.n <= {OWN}"
    new = {
        "id": "p.task", "root_id": "p.instance", "instance_id": "p.instance",
        "state": f"CASE WHEN {mine} THEN 'claimed' ELSE 'open' END",
        "assignee": f"CASE WHEN {mine} THEN 'reader' END",
        "priority": "1 + mod(p.n, 4)",
        "due_at": "CASE WHEN mod(p.n, 3) > 0"
        " THEN o.created_at + make_interval(mins => mod(p.n, 9999)) END",
    }  # fmt: skip
    return _copies(task, new, "task")


def _candidates() -> str:
    new = {"task_id": "p.task", "root_id": "p.instance", "principal": "p.principal"}
    return _copies(task_candidate, new, "task_candidate")


def _copies(table: sa.Table, new: dict[str, str], name: str) -> str:
    """Copies of the oldest row, one for each line of the plan."""
    names = [column.name for column in table.columns]
    values = ", ".join(new.get(column, f"o.{column}") for column in names)
    return (
        f"INSERT INTO {name} ({', '.join(names)}) SELECT {values} FROM bench_plan p,"
        f" (SELECT * FROM {name} ORDER BY ctid LIMIT 1) o ORDER BY p.n"
    )


def _first_page(works: Works) -> float:
    """Milliseconds of the middle reading: the first page with its total, and the counts."""
    reader, times = works.actor("reader"), []
    with reading(works.engine) as db:
        for turn in range(ROUNDS):
            began = perf_counter()
            page = tasks.inbox(db, reader, now=_NOW, view="mine,claimable")
            counts = tasks.counts(db, reader, now=_NOW)
            if turn >= ROUNDS // 10:
                times.append(1000 * (perf_counter() - began))
    assert page.total == OWN + OFFERED
    assert (counts.mine, counts.claimable) == (OWN, OFFERED)
    return statistics.median(times)
