"""The audit reads each table a few times, not once for each case."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy import Engine
from support import crowd
from support.builders import PEOPLE, ROUTE, make_works

from engine.clock import SteppedClock
from engine.db import reading
from engine.queries import audit

CROWD = 20_000
#: In the planner's pages: reading all tables once costs some thousands, once a case some millions.
MOST = 200_000


def test_no_check_reads_a_table_for_each_case(postgres_engine: Engine, clock: SteppedClock) -> None:
    works = make_works(postgres_engine, clock, people=(*PEOPLE, crowd.READER))
    works.deploy(ROUTE).start()
    crowd.fill(postgres_engine, CROWD)
    costs = {}

    def explain(conn, cursor, statement, parameters, context, many):
        with conn.connection.cursor() as asked:
            asked.execute("EXPLAIN (FORMAT JSON) " + statement, parameters)
            plan = asked.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        costs[statement] = plan[0]["Plan"]["Total Cost"]

    with reading(postgres_engine) as db:
        sa.event.listen(postgres_engine, "before_cursor_execute", explain)
        list(audit.broken_rows(db))
        sa.event.remove(postgres_engine, "before_cursor_execute", explain)
    assert len(costs) >= 19
    assert {query: cost for query, cost in costs.items() if cost > MOST} == {}
