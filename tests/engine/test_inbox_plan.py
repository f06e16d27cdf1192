"""A reader's lists are looked up: they never read what everybody else has to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support import crowd
from support.builders import PEOPLE, ROUTE, Works, bpmn, make_works, script

from engine.clock import SteppedClock
from engine.db import reading
from engine.queries import incidents, instances, jobs, tasks

CROWD = 20_000
STUCK = 5


@pytest.fixture
def full_house(postgres_engine: Engine, clock: SteppedClock) -> Works:
    works = make_works(postgres_engine, clock, people=(*PEOPLE, crowd.READER))
    works.deploy(ROUTE).start()
    crowd.fill(postgres_engine, CROWD)
    return works


def test_no_view_reads_every_task(full_house: Works) -> None:
    reader = full_house.actor("reader")
    with reading(full_house.engine) as db, _plans(full_house.engine) as plans:
        for view in ("mine", "claimable", "mine,claimable", "team", "done"):
            tasks.inbox(db, reader, now=full_house.clock.now(), view=view)
        counts = tasks.counts(db, reader, now=full_house.clock.now())
    assert (counts.mine, counts.claimable) == (crowd.OWN, crowd.OFFERED)
    assert len(plans) <= 8
    assert [plan for plan in plans if "Seq Scan on task" in plan] == []


def test_the_list_of_ones_cases_does_not_ask_every_case_whose_it_is(full_house: Works) -> None:
    reader = full_house.actor("reader")
    with reading(full_house.engine) as db, _plans(full_house.engine) as plans:
        page = instances.listing(db, reader, q="route", page_size=100)
        sought = instances.listing(db, reader, q="nothing of the kind")
    assert (page.total, sought.total) == (crowd.OWN + crowd.OFFERED, 0)
    # What was granted is asked before each list; the shorter one is not counted apart.
    assert len(plans) == 5
    read_whole = ("Seq Scan on task", "Seq Scan on process_instance", "SubPlan")
    assert [plan for plan in plans if any(words in plan for words in read_whole)] == []


def test_what_is_stuck_is_not_looked_for_among_all_cases_of_a_process(full_house: Works) -> None:
    """A keeper of the process that every case is of, and of the one in which some are stuck."""
    works, keeper = full_house, full_house.actor("reader")
    works.deploy(bpmn("stuck", script("sum", "={ total: nowhere }"), flows="start>sum sum>end"))
    for _ in range(STUCK):
        works.start("stuck")
    works.administers(keeper, "stuck", "route")
    with reading(works.engine) as db, _plans(works.engine) as plans:
        page = incidents.listing(db, keeper)
        assert jobs.dead(db, keeper).total == 0
    assert page.total == STUCK
    assert len(plans) == 6  # grants, rows and how many, of each
    read_whole = ("Seq Scan on process_instance", "SubPlan")
    assert [plan for plan in plans if any(words in plan for words in read_whole)] == []


@contextmanager
def _plans(database: Engine) -> Iterator[list[str]]:
    """How the database would carry out each statement of the block."""
    plans: list[str] = []

    def explain(conn, cursor, statement, parameters, context, many):
        with conn.connection.cursor() as asked:
            asked.execute("EXPLAIN " + statement, parameters)
            plans.append("\n".join(row[0] for row in asked.fetchall()))

    sa.event.listen(database, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        sa.event.remove(database, "before_cursor_execute", explain)
