"""The inbox looks up its reader's tasks: it never reads what everybody else has to do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support import crowd
from support.builders import PEOPLE, ROUTE, Works, make_works

from engine.clock import SteppedClock
from engine.db import reading
from engine.queries import tasks

CROWD = 20_000


@pytest.fixture
def full_house(postgres_engine: Engine, clock: SteppedClock) -> Works:
    works = make_works(postgres_engine, clock, people=(*PEOPLE, crowd.READER))
    works.deploy(ROUTE).start()
    crowd.fill(postgres_engine, 1, CROWD)
    return works


def test_no_view_reads_every_task(full_house: Works) -> None:
    reader, plans = full_house.actor("reader"), []

    def explain(conn, cursor, statement, parameters, context, many):
        with conn.connection.cursor() as asked:
            asked.execute("EXPLAIN " + statement, parameters)
            plans.append("\n".join(row[0] for row in asked.fetchall()))

    with reading(full_house.engine) as db:
        sa.event.listen(full_house.engine, "before_cursor_execute", explain)
        for view in ("mine", "claimable", "mine,claimable", "team", "done"):
            tasks.inbox(db, reader, now=full_house.clock.now(), view=view)
        counts = tasks.counts(db, reader, now=full_house.clock.now())
        sa.event.remove(full_house.engine, "before_cursor_execute", explain)
    assert (counts.mine, counts.claimable) == (crowd.OWN, crowd.OFFERED)
    assert len(plans) == 8
    assert [plan for plan in plans if "Seq Scan on task" in plan] == []
