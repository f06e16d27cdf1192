"""Jobs: an outbox that loses nothing, does nothing twice, and ends in a report or an incident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from support.builders import Case, Works, bpmn, make_works, service, user

from engine import jobs
from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.commands.incidents import RetryIncident
from engine.commands.instances import StartInstance
from engine.commands.jobs import FailJob, LeaseJob, ReportJob, want_job
from engine.commands.retry import FIRST, LONGEST, pause
from engine.errors import Conflict, Forbidden
from engine.models.command_log import command_log
from engine.models.incident import incident
from engine.models.job import job
from engine.ports import Action, JobFailed, JobInput, JobOutput

CALLS = bpmn("route", service("mail", "test.act", "sent", to='="a@" + "b"'), user("after"),
             flows="start>mail mail>after after>end")  # fmt: skip


class Worker:
    """An action that does what the test says next: answers, or raises."""

    def __init__(self) -> None:
        self.seen: list[JobInput] = []
        self.next: list[Callable[[JobInput], JobOutput]] = []

    def __call__(self, given: JobInput) -> JobOutput:
        self.seen.append(given)
        return self.next.pop(0)(given) if self.next else JobOutput({"ok": True})


def fail(message: str = "no line", **more: Any) -> Callable[[JobInput], JobOutput]:
    def failing(_given: JobInput) -> JobOutput:
        raise JobFailed(message, **more)

    return failing


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock, worker: Worker):  # type: ignore[no-untyped-def]
    act = Action("test.act", worker, frozenset({"to"}), max_attempts=3, drawn=True)
    made = make_works(db_engine, clock, act)
    yield made
    assert made.findings() == []


def _start(works: Works) -> Case:
    return works.deploy(CALLS).start(business_key="case-1")


def _lease(works: Works, id_: UUID, **more: Any) -> int:
    return int(works.run(LeaseJob(id_, **more), system_actor(UUID(int=1)))["attempt"])


def _only(works: Works) -> Any:
    return works.rows(job)[0]


def test_a_service_task_becomes_a_job_and_its_answer_a_variable(
    works: Works, worker: Worker
) -> None:
    case = _start(works)
    assert case.open() == []
    assert works.work_off() == 1
    assert case.open() == ["after"]
    given = worker.seen[0]
    assert (given.payload, given.business_key, given.attempt) == ({"to": "a@b"}, "case-1", 1)
    assert case.variables["sent"] == {"ok": True}
    assert "job.completed" in case.history
    assert jobs.run_job(works.bus, given.job_id) is False


def test_a_failure_is_tried_again_later_and_then_is_an_incident(
    works: Works, worker: Worker
) -> None:
    case = _start(works)
    worker.next = [fail(), fail(), fail("for good")]
    works.work_off()
    assert _only(works).state == "waiting"
    assert _only(works).due_at > works.clock.now()
    assert jobs.sweep(works.bus) == 0
    for _ in range(2):
        works.clock.advance(LONGEST)
        assert jobs.sweep(works.bus) == 1
        works.work_off()
    assert (_only(works).state, case.status) == ("dead", "incident")
    found = works.rows(incident)[0]
    assert "for good" in found.message
    assert found.element_id == "mail"


def test_an_operator_tries_a_dead_job_again(works: Works, worker: Worker) -> None:
    case = _start(works)
    worker.next = [fail(retry=False)]
    works.work_off()
    found = works.rows(incident)[0]
    with pytest.raises(Forbidden):
        works.run(RetryIncident(found.id), "somchai")
    answer = works.run(RetryIncident(found.id))
    assert (answer["state"], answer["instance_status"]) == ("resolved", "active")
    works.work_off()
    assert case.open() == ["after"]
    with pytest.raises(Conflict):
        works.run(RetryIncident(found.id))
    assert case.history.count("incident.raised") == case.history.count("incident.resolved") == 1


def test_a_bug_in_a_handler_counts_as_a_failure(works: Works, worker: Worker) -> None:
    _start(works)
    worker.next = [lambda _given: JobOutput(1 / 0)]  # type: ignore[arg-type]
    works.work_off()
    assert "ZeroDivisionError" in _only(works).last_error


def test_an_action_that_is_gone_is_an_incident(works: Works) -> None:
    case = _start(works)
    works.bus.services.actions.pop("test.act")  # type: ignore[attr-defined]
    works.work_off()
    assert case.status == "incident"


def test_a_late_report_loses_against_whoever_took_over(works: Works) -> None:
    """A worker that was stopped past its lease comes back: its attempt is no longer the one."""
    case, id_ = _start(works), _only(works).id
    slow = _lease(works, id_, ttl=timedelta(seconds=2))
    works.clock.advance(timedelta(seconds=3))
    quick = _lease(works, id_)
    assert (slow, quick) == (1, 2)
    for late in (ReportJob(id_, slow, {"by": "slow"}), FailJob(id_, slow, "slow")):
        with pytest.raises(Conflict) as refused:
            works.run(late, "system")
        assert refused.value.code == "lease_lost"
    works.run(ReportJob(id_, quick, {"by": "quick"}), "system")
    assert "slow" not in str(case.variables)


def test_a_lease_is_held_by_one(works: Works) -> None:
    _start(works)
    id_ = _only(works).id
    _lease(works, id_)
    assert works.run(LeaseJob(id_), "system") == {"leased": False}


def test_a_job_rung_for_five_times_runs_once(works: Works, worker: Worker) -> None:
    _start(works)
    works.bell.rung *= 5
    works.work_off()
    assert len(worker.seen) == 1


def test_the_sweeper_rings_for_what_was_lost(works: Works, worker: Worker) -> None:
    case = _start(works)
    works.bell.rung.clear()  # Redis was flushed
    assert jobs.sweep(works.bus) == 1
    works.work_off()
    assert case.open() == ["after"]


def test_a_silent_last_worker_is_an_incident_not_a_loop(works: Works, worker: Worker) -> None:
    case, id_ = _start(works), _only(works).id
    for attempt in (1, 2, 3):
        assert _lease(works, id_, ttl=timedelta(seconds=2)) == attempt
        works.clock.advance(timedelta(seconds=3))
    assert works.run(LeaseJob(id_), "system") == {"leased": False}
    jobs.sweep(works.bus)
    assert (_only(works).state, case.status) == ("dead", "incident")


def test_an_effect_stands_or_falls_with_the_report(works: Works, worker: Worker) -> None:
    case = _start(works)

    def writes(ctx: Any) -> dict[str, Any]:
        want_job(ctx, "test.echo", {"from": "effect"})
        return {"number": 7}

    def breaks(ctx: Any) -> None:
        writes(ctx)
        raise Conflict("the book is closed")

    worker.next = [
        lambda _given: JobOutput(effect=breaks),
        lambda _given: JobOutput({"a": 1}, effect=writes),
    ]
    works.work_off()
    assert len(works.rows(job)) == 1
    assert case.status == "incident"
    works.run(RetryIncident(works.rows(incident)[0].id))
    works.work_off()
    assert [row.action for row in works.rows(job)] == ["test.act", "test.echo"]
    assert case.open() == ["after"]


def test_an_effect_may_move_the_same_instance(works: Works, worker: Worker) -> None:
    """The report goes on from the rows as the effect's commands left them."""
    case = _start(works)
    seen: list[str] = []

    def looks(ctx: Any) -> None:
        seen.append(ctx.run(StartInstance("route"))["status"])

    worker.next = [lambda _given: JobOutput(effect=looks)]
    works.work_off()
    assert seen == ["active"]
    assert case.open() == ["after"]


def test_a_cancelled_instance_takes_its_jobs_along(works: Works, worker: Worker) -> None:
    case, id_ = _start(works), _only(works).id
    attempt = _lease(works, id_)
    case.cancel()
    with pytest.raises(Conflict):
        works.run(ReportJob(id_, attempt), "system")
    assert works.work_off() == 0


def _overtaken(host: str) -> str:
    """A boundary timer that ends `host` after an hour."""
    return (
        f'<bpmn:boundaryEvent id="late" attachedToRef="{host}"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )


def test_a_job_that_is_overtaken_is_cancelled(works: Works, worker: Worker) -> None:
    route = bpmn("route", service("mail", "test.act"), _overtaken("mail"), user("by_hand"),
                 flows="start>mail mail>end late>by_hand by_hand>end")  # fmt: skip
    case = works.deploy(route).start()
    works.bell.rung.clear()
    works.tick(hours=1)
    assert (_only(works).state, case.open()) == ("cancelled", ["by_hand"])
    assert jobs.sweep(works.bus) == 0


def test_an_incident_that_is_overtaken_is_resolved(works: Works, worker: Worker) -> None:
    inner = (
        '<bpmn:subProcess id="box"><bpmn:startEvent id="s"/>'
        '<bpmn:scriptTask id="count" scriptFormat="feel"><bpmn:script>=missing + 1</bpmn:script>'
        '</bpmn:scriptTask><bpmn:endEvent id="e"/>'
        '<bpmn:sequenceFlow id="x1" sourceRef="s" targetRef="count"/>'
        '<bpmn:sequenceFlow id="x2" sourceRef="count" targetRef="e"/></bpmn:subProcess>'
    )
    route = bpmn("route", inner, _overtaken("box"), user("by_hand"),
                 flows="start>box box>end late>by_hand by_hand>end")  # fmt: skip
    case = works.deploy(route).start()
    assert case.status == "incident"
    works.tick(hours=1)
    assert (case.status, case.open()) == ("active", ["by_hand"])
    assert works.rows(incident)[0].state == "resolved"


def test_an_error_event_catches_what_the_handler_names(works: Works, worker: Worker) -> None:
    error = '<bpmn:error id="e1" name="full" errorCode="FULL"/>'
    boundary = (
        '<bpmn:boundaryEvent id="caught" attachedToRef="mail">'
        '<bpmn:errorEventDefinition errorRef="e1"/></bpmn:boundaryEvent>'
    )
    route = bpmn(
        "route",
        service("mail", "test.act"),
        boundary,
        user("by_hand"),
        user("after"),
        flows="start>mail mail>after after>end caught>by_hand by_hand>end",
        extra=error,
    )
    case = works.deploy(route).start()
    worker.next = [fail("mailbox is full", error_code="FULL")]
    works.work_off()
    assert case.open() == ["by_hand"]
    other = works.start()
    worker.next = [fail("something else", error_code="OTHER", retry=False)]
    works.work_off()
    assert other.status == "incident"


def _wish(works: Works, **more: Any) -> UUID:
    handlers = {StartInstance: lambda _c, ctx: {"id": want_job(ctx, "test.act", {"x": 1}, **more)}}
    bus = works.bus
    answer = replace(bus, handlers=handlers).execute(StartInstance("x"), works.actor("somchai"))
    return UUID(answer["id"])


def test_a_rooms_own_job_needs_no_instance(works: Works, worker: Worker) -> None:
    id_ = _wish(works, business_key="doc-1")
    assert works.bell.rung == [id_]
    worker.next = [fail(retry=False)]
    works.work_off()
    found = works.rows(incident)[0]
    assert (found.root_id, found.job_id) == (None, id_)
    assert works.run(RetryIncident(found.id))["instance_id"] is None
    works.work_off()
    assert _only(works).state == "done"
    assert worker.seen[-1].attempt == 2


def test_a_job_for_later_waits_for_its_time(works: Works, worker: Worker) -> None:
    id_ = _wish(works, due_at=works.clock.now() + timedelta(hours=1))
    assert works.bell.rung == []
    assert jobs.run_job(works.bus, id_) is False
    works.clock.advance(timedelta(hours=1))
    assert jobs.sweep(works.bus) == 1
    assert works.work_off() == 1


def test_the_same_wish_twice_is_one_job(works: Works) -> None:
    assert _wish(works, dedupe="digest-1") == _wish(works, dedupe="digest-1")
    assert len(works.rows(job)) == 1


def test_the_ladder_doubles_up_to_an_hour_and_spreads() -> None:
    who = UUID(int=5)
    pauses = [pause(n, who) for n in range(1, 12)]
    assert all(p <= min(FIRST * 2**n, LONGEST) for n, p in enumerate(pauses))
    assert all(p >= min(FIRST * 2**n, LONGEST) * 0.75 for n, p in enumerate(pauses))
    assert pause(4, who) == pauses[3] != pause(4, UUID(int=6))


def test_old_answers_go_and_young_ones_stay(works: Works) -> None:
    _start(works)
    works.clock.advance(timedelta(days=6))
    works.start()
    young = len(works.rows(command_log, command_log.c.at == works.clock.now()))
    works.clock.advance(timedelta(days=2))
    jobs.sweep(works.bus)
    kept = [row for row in works.rows(command_log) if row.at < works.clock.now()]
    assert len(kept) == young
