"""How long it takes to move running instances to a new version, on PostgreSQL.

`python -m bench migrating` prints the figure beside as many durable transactions of one UPDATE and
one INSERT. Wall-clock time: the database works in other processes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

import sqlalchemy as sa
from support.builders import ROUTE, Works, bpmn, make_works, user
from support.database import build

from bench import baseline, figures
from bench.figures import Figure, beside
from engine import jobs
from engine.clock import SteppedClock
from engine.commands.migration import MigrateInstances
from engine.db import begin_write, make_engine, reading
from engine.models.deployment import process_definition

INSTANCES = 1000
_CLOCK = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NEXT = bpmn(
    "route",
    *map(user, ("draft", "legal", "review")),
    flows="start>draft draft>legal legal>review review>end",
)


def run(make_url: Callable[[], str]) -> str:
    """The figures, as a Markdown table."""
    return figures.table("Migration on PostgreSQL", [moved(make_url(), make_url())])


def moved(url: str, base_url: str) -> Figure:
    database = make_engine(url)
    build(database)
    works = make_works(database, SteppedClock(_CLOCK))
    works.deploy(ROUTE)
    for _ in range(INSTANCES):
        works.start()
    works.deploy(NEXT)
    wanted = MigrateInstances(newest(works))
    began = perf_counter()
    report = jobs.migrate_instances(works.bus, works.actor("admin"), wanted)
    took = perf_counter() - began
    assert (report.migrated, report.refused) == (INSTANCES, 0)
    assert works.findings() == []
    database.dispose()
    note = beside(1000 * took, 1000 * written(base_url), "as many plain writes")
    return Figure(f"{INSTANCES} instances migrated", took, "s", 10, note)


def newest(works: Works):
    of = process_definition.c
    with reading(works.engine) as db:
        return db.execute(sa.select(of.id).order_by(of.version.desc()).limit(1)).scalar_one()


def written(url: str) -> float:
    """Seconds for as many transactions of one UPDATE and one INSERT."""
    ids = baseline.create(url)[:INSTANCES]
    database = make_engine(url)
    began = perf_counter()
    for task in ids:
        with begin_write(database) as db:
            changed = baseline.TASK.update().where(baseline.TASK.c.id == task)
            db.execute(changed.values(data="[]"))
            event = {"id": uuid4(), "task_id": task, "at": _CLOCK.replace(tzinfo=None)}
            db.execute(baseline.EVENT.insert(), event | {"data": "[]"})
            db.commit()
    took = perf_counter() - began
    database.dispose()
    return took
