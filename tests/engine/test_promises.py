"""The audit names each broken promise: the rows are harmed by hand, and nothing else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support.builders import (
    Case,
    Works,
    assigned,
    bpmn,
    extension,
    gateway,
    make_works,
    service,
    user,
)
from support.diagrams import catch, on, timer
from support.diagrams import message as named

from engine.clock import SteppedClock
from engine.commands.jobs import FailJob, LeaseJob
from engine.models.command_log import command_log
from engine.models.history import genesis, history_event, link
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.job import job
from engine.models.task import task, task_candidate
from engine.models.waiting import subscription
from engine.models.waiting import timer as timers

ROUTE = bpmn(
    "route",
    user("draft", assigned("unit", "desk"), extension("due", value="PT4H"),
         extension("reminder", at="0.5")),
    gateway("split", "parallel"), gateway("join", "parallel"),
    service("note", "test.echo", text='="x"'),
    catch("pause", timer(duration="PT1H")),
    catch("hear", on("message", "M")),
    user("after"),
    extra=named("M"),
    flows="start>draft draft>split split>note split>pause split>hear note>join pause>join"
    " hear>join join>after after>end",
)  # fmt: skip


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Works:
    return make_works(db_engine, clock).deploy(ROUTE)


@pytest.fixture
def case(works: Works) -> Case:
    """It waits for a job, a moment and a message; another waits for a person."""
    works.start(business_key="two")
    case = works.start(business_key="one")
    case.task("draft").complete()
    assert works.findings() == []
    return case


Harm = Callable[[Any, Case], Any]


def _delete(table: sa.Table, *where: Any) -> Harm:
    return lambda db, case: db.execute(table.delete().where(*where))


def _set(table: sa.Table, where: Any, **values: Any) -> Harm:
    return lambda db, case: db.execute(table.update().where(where).values(**values))


def _repeat(table: sa.Table, where: Any, **values: Any) -> Harm:
    """The row once more, with these values."""

    def harm(db: Any, case: Case) -> None:
        row = dict(db.execute(sa.select(table).where(where)).mappings().first())
        row.pop("id", None)
        db.execute(table.insert().values(row | values))

    return harm


def _without_history(db: Any, case: Case) -> None:
    """The last event is gone, and the head agrees: only other rows can tell."""
    row, before = reversed(case.events[-2:])
    db.execute(history_event.delete().where(history_event.c.hash == row.hash))
    head = {"history_seq": before.seq, "history_hash": before.hash}
    db.execute(process_instance.update().where(process_instance.c.id == case.id).values(**head))


def _waiting_for_nothing(db: Any, case: Case) -> None:
    for table in (timers, subscription, job):
        db.execute(table.delete().where(table.c.root_id == case.id))


_OPEN_TASK = task.c.state == "open"
_ENDED_TASK = task.c.state == "completed"


@pytest.mark.parametrize(
    ("harm", "invariant", "told"),
    [
        (_delete(timers, timers.c.kind == "token"), "I4", "rests (timer)"),
        (_delete(subscription), "I4", "rests (message)"),
        (_set(job, job.c.state == "waiting", state="cancelled"), "I4", "rests (job)"),
        (_set(task, _OPEN_TASK, token="0" * 32), "I4", "rests (task)"),
        (_set(timers, timers.c.kind == "token", token="0" * 32), "I4", "a row (timer)"),
        (_set(process_instance, process_instance.c.business_key == "one", state=b"\x01none"),
         "I4", "cannot be read"),
        (_repeat(task, _OPEN_TASK), "I3", "two live tasks"),
        (_repeat(task, _ENDED_TASK), "I3", "of their beginning differ"),
        (_delete(task_candidate), "I3", "offered to none of them"),
        (_set(task_candidate, task_candidate.c.live, free=sa.not_(task_candidate.c.free)),
         "I3", "otherwise than it is"),
        (_set(task_candidate, task_candidate.c.live, priority=99),
         "I3", "a live task is offered otherwise"),
        (_set(task_candidate, task_candidate.c.live, due_at=None), "I3", "free, urgent, or due"),
        (_set(timers, timers.c.kind == "reminder", task_id=sa.select(task.c.id).where(_ENDED_TASK)
              .scalar_subquery()), "I4", "reminders"),
        (_set(process_instance, process_instance.c.business_key == "one", calls=1),
         "I4", "called processes"),
        (_set(job, job.c.state == "waiting", max_attempts=0), "I9", "no attempt is left"),
        (_set(job, job.c.state == "waiting", state="leased"), "I9", "leased without an end"),
        (_set(job, job.c.state == "waiting", state="dead"), "I9", "no incident tells"),
        (_set(job, job.c.state == "waiting", state="done"), "I9", "the reports of them differ"),
        (_set(command_log, sa.true(), answer=None), "I10", "its answer is not kept"),
        (_set(task, _OPEN_TASK, state="completed"), "I3", "is still offered to candidates"),
        (_set(task, _OPEN_TASK, state="completed"), "I3", "not with exactly one event"),
        (_set(task, _ENDED_TASK, state="open"), "I3", "has an event of its end"),
        (_waiting_for_nothing, "I4", "waits for nothing"),
        (_set(process_instance, process_instance.c.business_key == "one", status="completed"),
         "I4", "something still waits for it"),
        (_set(process_instance, process_instance.c.business_key == "one", status="incident"),
         "I4", "its open incidents differ"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named(
    works: Works, case: Case, harm: Harm, invariant: str, told: str
) -> None:
    with works.engine.begin() as db:
        harm(db, case)
    found = works.findings()
    assert [one for one in found if one.invariant == invariant and told in one.message], found


def test_an_occurrence_that_fired_twice(works: Works, case: Case) -> None:
    works.tick(hours=1)
    (fired,) = [event for event in case.events if event.type == "timer.fired"]
    with works.engine.begin() as db:
        _repeat(history_event, history_event.c.hash == fired.hash, seq=99)(db, case)
    assert "one occurrence of a timer fired twice" in [one.message for one in works.findings()]


def test_an_incident_without_its_event(works: Works, case: Case) -> None:
    with works.engine.begin() as db:
        job_id = db.execute(sa.select(job.c.id)).scalar_one()
    works.run(LeaseJob(job_id), "system")
    works.run(FailJob(job_id, 1, "no", retry=False), "system")
    assert works.findings() == []
    with works.engine.begin() as db:
        _repeat(incident, sa.true(), job_id=None)(db, case)
    assert "I4" in [one.invariant for one in works.findings()]


def test_a_report_whose_event_was_never_written(works: Works, case: Case) -> None:
    works.work_off()
    while "job.completed" in case.history:
        with works.engine.begin() as db:
            _without_history(db, case)
    assert "I9" in [one.invariant for one in works.findings()]


def test_the_lease_of_a_living_worker_breaks_nothing(works: Works, case: Case) -> None:
    (waiting,) = works.rows(job)
    works.run(LeaseJob(waiting.id, timedelta(seconds=1)), "system")
    assert works.findings() == []


def test_a_called_process_that_outlives_its_case(works: Works, case: Case) -> None:
    case.cancel()
    with works.engine.begin() as db:
        here = process_instance.c.id == case.id
        _repeat(process_instance, here, scope="called", status="active")(db, case)
    assert "a process that it called lives" in str(works.findings())


@pytest.mark.parametrize(
    ("values", "invariant"),
    [({"actor": "somebody"}, "I2"), ({"data": "{}"}, "I2"), ({"hash": b"\0" * 32}, "I2"),
     ({"seq": 999}, "I1"), (None, "I1")],
)  # fmt: skip
def test_the_first_event_that_was_altered_is_named(
    works: Works, case: Case, values: dict[str, Any] | None, invariant: str
) -> None:
    """Edited, renumbered or taken out, in the midst of a history."""
    harmed = case.events[2]
    where = history_event.c.root_id == case.id, history_event.c.seq == harmed.seq
    change = history_event.delete() if values is None else history_event.update().values(**values)
    with works.engine.begin() as db:
        db.execute(change.where(*where))
    first = next(one for one in works.findings() if one.instance_id == str(case.id))
    assert (first.invariant, first.seq) == (invariant, harmed.seq)


@pytest.mark.parametrize(("named", "broken"), [(True, []), (False, ["I2"])])
def test_an_event_of_the_root_may_name_it_and_no_other(
    works: Works, case: Case, named: bool, broken: list[str]
) -> None:
    """As all did that were written by earlier versions."""
    other = works.start("route")
    of_case, said = history_event.c.root_id == case.id, {"instance_id": case.id}
    with works.engine.begin() as db:
        db.execute(history_event.update().where(of_case).values(said))
        if not named:
            harmed = history_event.c.seq == case.events[1].seq
            db.execute(history_event.update().where(of_case, harmed).values(instance_id=other.id))
    found = [one for one in works.findings() if one.instance_id == str(case.id)]
    assert [one.invariant for one in found if one.invariant != "I3"] == broken


def test_a_tail_that_was_cut_is_named(works: Works, case: Case) -> None:
    last = case.events[-1]
    with works.engine.begin() as db:
        db.execute(history_event.delete().where(history_event.c.hash == last.hash))
    first = next(one for one in works.findings() if one.instance_id == str(case.id))
    assert (first.invariant, first.seq) == ("I1", last.seq)


def _swapped(db: Any, case: Case) -> None:
    """Two events change places: each row is one that was written, and only their order is not."""
    one, other = case.events[1:3]
    for seq, now in ((one.seq, -1), (other.seq, one.seq), (-1, other.seq)):
        where = history_event.c.root_id == case.id, history_event.c.seq == seq
        db.execute(history_event.update().where(*where).values(seq=now))


def _replaced(db: Any, case: Case) -> None:
    """Another history that holds in itself: the head on the instance's row is not its last hash."""
    last = genesis(case.row.agency_id, case.id)
    for event in case.events:
        row = dict(event._mapping) | {"actor": "somebody"}
        last = link(last, row)
        where = history_event.c.root_id == case.id, history_event.c.seq == event.seq
        db.execute(history_event.update().where(*where).values(actor="somebody", hash=last))


@pytest.mark.parametrize(
    ("harm", "at", "told"),
    [
        (_swapped, 2, "event 2 is not as it was written"),
        (_replaced, -1, "the head differs from the last event"),
        (_set(process_instance, process_instance.c.business_key == "one", history_hash=b"\0" * 32),
         -1, "the head differs from the last event"),
    ],
    ids=["reordered", "replaced whole", "head edited"],
)  # fmt: skip
def test_a_history_in_another_order_or_from_elsewhere_is_named(
    works: Works, case: Case, harm: Harm, at: int, told: str
) -> None:
    with works.engine.begin() as db:
        harm(db, case)
    first = next(one for one in works.findings() if one.instance_id == str(case.id))
    seq = at if at > 0 else case.row.history_seq
    assert (first.invariant, first.seq, first.message) == ("I2", seq, told)
