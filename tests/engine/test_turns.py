"""Turns: no agency waits for another's ten thousand jobs, nor urgent work for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support import plans
from support.builders import AGENCY, OTHER_AGENCY, Works, make_works

from engine import jobs
from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.commands.jobs import LEASE, LeaseJob
from engine.commands.turn.waits import MAX_ATTEMPTS
from engine.ids import new_id
from engine.jobs.turns import _DUE_JOBS, _DUE_QUEUES, DEPTH, PATIENCE
from engine.models.job import job
from engine.ports import Action, JobInput, JobOutput

THIRD = UUID(int=3)


class Served:
    """What ran, in order."""

    def __init__(self) -> None:
        self.jobs: list[JobInput] = []

    def __call__(self, given: JobInput) -> JobOutput:
        self.jobs.append(given)
        return JobOutput()

    @property
    def agencies(self) -> list[UUID]:
        return [given.agency_id for given in self.jobs]

    @property
    def names(self) -> list[str]:
        return [given.payload["name"] for given in self.jobs]


@pytest.fixture
def served() -> Served:
    return Served()


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock, served: Served):  # type: ignore[no-untyped-def]
    made = make_works(db_engine, clock, Action("test.serve", served, drawn=False))
    yield made
    assert made.findings() == []


def _add(
    works: Works, agency: UUID, count: int = 1, *, queue: str = "default", name: str = "",
    ago: float = 0, **more: Any,
) -> list[UUID]:  # fmt: skip
    """Jobs that have been due for `ago` seconds."""
    now = works.clock.now()
    common = {
        "agency_id": agency, "action": "test.serve", "queue": queue, "payload": {"name": name},
        "state": "waiting", "attempt": 0, "max_attempts": MAX_ATTEMPTS, "created_at": now,
        "due_at": now - timedelta(seconds=ago),
    }  # fmt: skip
    rows = [{**common, **more, "id": new_id()} for _ in range(count)]
    with works.engine.begin() as db:
        db.execute(job.insert(), rows)
    return [row["id"] for row in rows]


def _hear(works: Works, rings: Iterable[UUID], turns: jobs.Turns | None = None) -> list[bool]:
    turns = turns or jobs.Turns()
    return [turns.run_next(works.bus, ring) for ring in rings]


def _states(works: Works, ids: Sequence[UUID]) -> set[str]:
    return {row.state for row in works.rows(job, job.c.id.in_(ids))}


@pytest.mark.parametrize("crowded", [AGENCY, THIRD])
def test_ten_thousand_jobs_do_not_keep_another_agency_waiting(
    works: Works, served: Served, crowded: UUID
) -> None:
    rings = _add(works, crowded, 10_000, ago=30)
    turns = jobs.Turns()
    _hear(works, rings[:5], turns)
    (late,) = _add(works, OTHER_AGENCY)
    _hear(works, rings[5:7], turns)
    assert _states(works, [late]) == {"done"}
    assert served.agencies.count(crowded) == 6


def test_the_sweepers_rings_are_fair_too(works: Works, served: Served) -> None:
    _add(works, AGENCY, 10_000, ago=30)
    (late,) = _add(works, OTHER_AGENCY)
    assert jobs.sweep(works.bus) == 500
    assert late not in works.bell.rung
    _hear(works, works.bell.rung[:2])
    assert OTHER_AGENCY in served.agencies


def test_agencies_take_turns_and_every_ring_is_one_job(works: Works, served: Served) -> None:
    rings = [id_ for agency in (AGENCY, OTHER_AGENCY, THIRD) for id_ in _add(works, agency, 4)]
    assert _hear(works, rings) == [True] * 12
    for start in range(0, 12, 3):
        assert set(served.agencies[start : start + 3]) == {AGENCY, OTHER_AGENCY, THIRD}
    assert _states(works, rings) == {"done"}
    assert _hear(works, rings[:1]) == [False]


def test_urgent_work_goes_first_and_bulk_last(works: Works, served: Served) -> None:
    rings = _add(works, AGENCY, queue="unheard-of", name="unknown", ago=20)
    rings += _add(works, AGENCY, 2, queue="bulk", name="bulk", ago=20)
    rings += _add(works, AGENCY, 2, name="default", ago=10)
    rings += _add(works, AGENCY, 2, queue="urgent", name="urgent")
    _hear(works, rings)
    assert served.names == ["urgent"] * 2 + ["default"] * 2 + ["bulk"] * 2 + ["unknown"]


def test_what_waited_too_long_goes_before_urgent_work(works: Works, served: Served) -> None:
    rings = _add(works, AGENCY, 3, queue="urgent", name="urgent")
    long = PATIENCE.total_seconds() + 1
    rings += _add(works, AGENCY, 2, queue="bulk", name="bulk", ago=long)
    _hear(works, rings)
    assert served.names == ["bulk"] * 2 + ["urgent"] * 3


def test_the_oldest_of_a_queue_goes_first(works: Works, served: Served) -> None:
    rings = [_add(works, AGENCY, name=str(ago), ago=ago)[0] for ago in (1, 3, 2)]
    _hear(works, rings)
    assert served.names == ["3", "2", "1"]


def test_of_those_that_came_due_at_once_the_first_made_goes_first(
    works: Works, served: Served
) -> None:
    made = sorted(_add(works, AGENCY, 20))
    rows = {row.id: row._asdict() for row in works.rows(job)}
    with works.engine.begin() as db:  # so that they lie in the table the other way about
        db.execute(job.delete())
        db.execute(job.insert(), [rows[id_] for id_ in reversed(made)])
    _hear(works, reversed(made))
    assert [given.job_id for given in served.jobs] == made


def test_what_is_not_due_yet_waits(works: Works, served: Served) -> None:
    rings = _add(works, AGENCY, 2, ago=-60)
    rings += _add(works, OTHER_AGENCY, ago=-60)
    assert _hear(works, rings) == [False] * 3
    works.clock.advance(timedelta(minutes=2))
    assert _hear(works, rings) == [True] * 3
    assert len(served.jobs) == 3


def test_a_job_whose_worker_fell_silent_is_run_when_it_is_rung_for(
    works: Works, served: Served
) -> None:
    (lost,) = _add(works, OTHER_AGENCY)
    works.run(LeaseJob(lost), system_actor(OTHER_AGENCY))
    _add(works, AGENCY, 5)
    assert _hear(works, [lost]) == [False]
    works.clock.advance(LEASE + timedelta(seconds=1))
    assert _hear(works, [lost]) == [True]
    assert served.agencies == [OTHER_AGENCY]


def test_workers_share_the_jobs_and_do_none_twice(works: Works, served: Served) -> None:
    rings = [id_ for agency in (AGENCY, OTHER_AGENCY) for id_ in _add(works, agency, 20)]
    shares = [rings[number::4] for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda share: _hear(works, share), shares))
    _hear(works, rings)  # what two reached for at once, a later ring finds
    assert sorted(given.job_id for given in served.jobs) == sorted(rings)
    assert _states(works, rings) == {"done"}


def test_looking_for_turns_leaps_through_the_index(works: Works) -> None:
    """Ten thousand jobs of one agency, due or not, are one step."""
    _add(works, AGENCY, 10_000, ago=30)
    _add(works, THIRD, 10_000, ago=-3600)
    _add(works, OTHER_AGENCY)
    with works.engine.begin() as db:
        db.execute(sa.text("ANALYZE"))
    given = {"agency": AGENCY, "which": "default", "now": works.clock.now()}
    if works.engine.dialect.name == "postgresql":
        assert plans.rows_read(works.engine, _DUE_QUEUES, now=works.clock.now()) < 50
        assert plans.rows_read(works.engine, _DUE_JOBS, **given) == DEPTH
        return
    plan = plans.described(works.engine, _DUE_QUEUES, now=works.clock.now())
    assert plan.count("ix_job_turn") == 3
    along = r"BLOOM FILTER|SCAN (job|before)\b(?! USING INDEX ix_job_turn)"
    assert not re.search(along, plan), plan
    assert "ix_job_turn" in plans.described(works.engine, _DUE_JOBS, **given)
