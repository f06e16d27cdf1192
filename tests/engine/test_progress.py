"""How far a long job has come: told now and then, seen while it runs, counted anew on a new try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from support.builders import AGENCY, OTHER_AGENCY, Works, make_works

from engine import jobs as worker
from engine.actor import Actor, system_actor
from engine.clock import SteppedClock
from engine.commands.instances import StartInstance
from engine.commands.jobs import LEASE, LeaseJob, want_job
from engine.commands.progress import MAX_NOTE, TellProgress
from engine.db import reading
from engine.errors import Conflict, Forbidden
from engine.jobs import progress
from engine.models.command_log import command_log
from engine.models.job import job
from engine.ports import Action, JobFailed, JobInput, JobOutput
from engine.queries import jobs
from engine.queries.jobs import JobRow

Step = Callable[[JobInput], JobOutput]


@pytest.fixture
def steps() -> list[Step]:
    """What the job does, attempt by attempt."""
    return []


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock, steps: list[Step]) -> Iterator[Works]:
    def do(given: JobInput) -> JobOutput:
        return steps.pop(0)(given)

    made = make_works(db_engine, clock, Action("test.long", do, max_attempts=3, drawn=False))
    yield made
    assert made.findings() == []


@pytest.fixture
def every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PACE", 0.0)


def _want(works: Works, who: str = "somchai", *, followed: bool = True) -> UUID:
    def ask(_command: Any, ctx: Any) -> dict[str, Any]:
        return {"id": want_job(ctx, "test.long", {}, followed=followed)}

    bus = replace(works.bus, handlers={StartInstance: ask})
    return UUID(bus.execute(StartInstance("x"), works.actor(who))["id"])


def _seen(works: Works, id_: UUID, who: str = "admin") -> JobRow:
    with reading(works.engine) as db:
        return jobs.one(db, works.actor(who), id_)


def _told(works: Works, id_: UUID) -> tuple[int, int | None, str | None] | None:
    found = _seen(works, id_).progress
    return None if found is None else (found.done, found.total, found.note)


@pytest.mark.usefixtures("every_call")
def test_it_is_seen_while_the_job_runs_and_keeps_its_lease(
    works: Works, clock: SteppedClock, steps: list[Step]
) -> None:
    seen: list[Any] = []

    def count(given: JobInput) -> JobOutput:
        for number in range(1, 4):
            clock.advance(LEASE - timedelta(seconds=1))
            given.progress(number, 3, f"case-{number}")
            seen.append(_told(works, given.job_id))
            # another worker passes it over, though the first lease is long over
            assert not worker.run_job(works.bus, given.job_id)
        return JobOutput()

    steps.append(count)
    id_ = _want(works)
    assert worker.run_job(works.bus, id_)
    assert seen == [(1, 3, "case-1"), (2, 3, "case-2"), (3, 3, "case-3")]
    assert _seen(works, id_).state == "done"


def test_a_thousand_items_are_not_a_thousand_commits(works: Works, steps: list[Step]) -> None:
    def count(given: JobInput) -> JobOutput:
        for number in range(1_000):
            given.progress(number, 1_000)
        return JobOutput()

    steps.append(count)
    id_ = _want(works)
    before = len(works.rows(command_log))
    assert worker.run_job(works.bus, id_)
    # the lease, the report, and on a slow machine a word or two between
    assert len(works.rows(command_log)) - before <= 4


@pytest.mark.usefixtures("every_call")
def test_whoever_begins_again_counts_again(works: Works, steps: list[Step]) -> None:
    def dies(given: JobInput) -> JobOutput:
        given.progress(7, 9, "case-7")
        raise JobFailed("the line is down")

    def looks(given: JobInput) -> JobOutput:
        assert _told(works, given.job_id) is None
        return JobOutput()

    steps.extend([dies, looks])
    id_ = _want(works)
    assert worker.run_job(works.bus, id_)
    assert _told(works, id_) == (7, 9, "case-7")  # what it had come to stands beside its error
    works.clock.advance(timedelta(days=1))
    assert worker.run_job(works.bus, id_)
    assert _seen(works, id_).state == "done"


@pytest.mark.usefixtures("every_call")
def test_who_lost_the_lease_stops(works: Works, clock: SteppedClock, steps: list[Step]) -> None:
    done: list[str] = []

    def sleeps(given: JobInput) -> JobOutput:
        clock.advance(LEASE + timedelta(seconds=1))
        assert worker.run_job(works.bus, given.job_id)
        given.progress(1, 2)
        done.append("went on")
        return JobOutput()

    steps.extend([sleeps, lambda _given: JobOutput()])
    id_ = _want(works)
    assert worker.run_job(works.bus, id_)
    assert done == []
    row = works.rows(job, job.c.id == id_)[0]
    assert (row.state, row.attempt, row.progress_done) == ("done", 2, None)


def test_a_late_word_changes_nothing(works: Works) -> None:
    id_ = _want(works)
    system = system_actor(AGENCY)
    attempt = works.run(LeaseJob(id_), system)["attempt"]
    with pytest.raises(Conflict) as refused:
        works.run(TellProgress(id_, attempt + 1, 5), system)
    assert refused.value.code == "lease_lost"
    with pytest.raises(Conflict):
        works.run(TellProgress(id_, attempt, 5), system_actor(OTHER_AGENCY))
    assert _told(works, id_) is None
    works.run(TellProgress(id_, attempt, 5, None, "x" * 1_000 + "\0"), system)
    assert _told(works, id_) == (5, None, "x" * MAX_NOTE)


def test_who_asked_follows_it_and_others_do_not(works: Works) -> None:
    id_, other = _want(works), _want(works, followed=False)
    assert _seen(works, id_, "somchai").asked_by == "somchai"
    for who, unseen in (("malee", id_), ("somchai", other), ("somchai", uuid4())):
        with pytest.raises(Forbidden):
            _seen(works, unseen, who)
    with reading(works.engine) as db:
        assert [row.id for row in jobs.own(db, works.actor("somchai")).items] == [str(id_)]
        assert jobs.own(db, works.actor("malee")).total == 0


def test_the_newest_come_first_page_by_page(works: Works) -> None:
    ids = [str(_want(works)) for _ in range(5)]
    with reading(works.engine) as db:
        me = works.actor("somchai")
        first = jobs.own(db, me, page_size=2)
        then = jobs.own(db, me, page_size=2, after=first.next)
        last = jobs.own(db, me, page_size=2, page=3)
    assert [row.id for found in (first, then, last) for row in found.items] == ids[::-1]
    assert (first.total, last.next) == (5, None)


def test_operators_see_what_is_at_work(works: Works) -> None:
    id_, _waiting = _want(works), _want(works)
    works.run(LeaseJob(id_), system_actor(AGENCY))

    def at_work(who: Actor) -> list[str]:
        with reading(works.engine) as db:
            return [row.id for row in jobs.at_work(db, who).items]

    assert at_work(works.actor("admin")) == [str(id_)]
    assert at_work(system_actor(OTHER_AGENCY)) == []
    with pytest.raises(Forbidden):
        at_work(works.actor("somchai"))
