"""Processes that start by themselves: the newest version, once for each message and moment."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from support.builders import (
    AGENCY,
    OTHER_AGENCY,
    Case,
    Works,
    assigned,
    bpmn,
    excluding,
    user,
)

from engine import jobs
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.starts import FireStart, PostponeStart, StartBySignal, StartKept
from engine.errors import Conflict, DeploymentRefused, Invalid, NotFound
from engine.events import InstanceStarted
from engine.models.deployment import process_definition
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.starting import start_event
from engine.models.waiting import message_buffer

NAMES = '<bpmn:message id="m1" name="applied"/><bpmn:signal id="s1" name="closing"/>'
BY_MESSAGE = '<bpmn:messageEventDefinition messageRef="m1"/>'
BY_SIGNAL = '<bpmn:signalEventDefinition signalRef="s1"/>'
PLAIN = b'<bpmn:startEvent id="start"/>'


def timed(kind: str, value: str) -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{value}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def begun(
    definition: str, *elements: str, key: str = "route", role: str = "", task: str = "do"
) -> bytes:
    """A process that only this event starts; it waits at the task."""
    made = bpmn(
        key, *(elements or (user(task, assigned("role", "officer")),)),
        flows=f"start>{task} {task}>end", extra=NAMES,
    )  # fmt: skip
    event = f'<bpmn:startEvent id="start">{definition}</bpmn:startEvent>'
    who = f'<bpmn:extensionElements><saraban:start role="{role}"/></bpmn:extensionElements>'
    return made.replace(PLAIN, ((who if role else "") + event).encode())


def instances(works: Works) -> list[Case]:
    rows = sorted(works.rows(process_instance), key=lambda row: row.id)
    return [Case(works, row.id, {}) for row in rows]


def versions(works: Works) -> list[int]:
    """Of the definitions that the instances run on."""
    known = {row.id: row.version for row in works.rows(process_definition)}
    return [known[case.row.definition_id] for case in instances(works)]


# -- messages ---------------------------------------------------------------------------------


def test_a_message_starts_the_newest_version(works: Works) -> None:
    works.deploy(begun(BY_MESSAGE)).deploy(begun(BY_MESSAGE, task="decide"))
    answer = works.send("applied", "case-1", variables={"amount": 5})
    (case,) = instances(works)
    assert answer == {"instances": [str(case.id)]}
    assert (case.row.business_key, case.row.starter, case.variables) == (
        "case-1", None, {"amount": 5},
    )  # fmt: skip
    assert (case.open(), versions(works)) == (["decide"], [2])
    assert case.history[:2] == ["instance.started", "message.correlated"]
    assert case.events[1].element_id == "start"
    assert [told.business_key for told in works.heard.of(InstanceStarted)] == ["case-1"]
    case.task("decide").complete()
    assert case.status == "completed"


def test_who_waits_for_a_message_comes_first(works: Works) -> None:
    catch = f'<bpmn:intermediateCatchEvent id="wait">{BY_MESSAGE}</bpmn:intermediateCatchEvent>'
    waits = bpmn(
        "waits", catch, user("after"), flows="start>wait wait>after after>end", extra=NAMES
    )
    works.deploy(waits).deploy(begun(BY_MESSAGE))
    waiting = works.start("waits", business_key="case-1")
    assert works.send("applied", "case-1") == {"instances": [str(waiting.id)]}
    other = works.send("applied", "case-2")["instances"]
    assert other != [str(waiting.id)]
    assert len(instances(works)) == 2


def test_a_case_that_runs_is_not_started_beside_itself(works: Works) -> None:
    works.deploy(begun(BY_MESSAGE))
    first = UUID(works.send("applied", "case-1")["instances"][0])
    with pytest.raises(NotFound) as refused:
        works.send("applied", "case-1")
    assert refused.value.code == "nobody_waiting"
    assert len(works.send("applied", "case-2")["instances"]) == 1
    Case(works, first, {}).task("do").complete()
    assert works.send("applied", "case-1")["instances"] != [str(first)]


def test_a_kept_message_starts_the_next_when_the_first_has_ended(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    works.deploy(begun(BY_MESSAGE))
    first = Case(works, UUID(works.send("applied", "case-1")["instances"][0]), {})
    for number in (2, 3):
        kept = works.send("applied", "case-1", ttl=timedelta(hours=1), variables={"n": number})
        assert "message_id" in kept
    jobs.sweep(works.bus)
    assert len(instances(works)) == 1
    assert "too late" not in caplog.text, "a sweep leaves those alone that cannot start"
    first.cancel()
    jobs.sweep(works.bus)
    assert [case.variables for case in instances(works)] == [{}, {"n": 2}]
    assert [row.variables for row in works.rows(message_buffer)] == [{"n": 3}]
    with pytest.raises(Conflict) as refused:
        works.run(StartKept(works.rows(message_buffer)[0].id), "system")
    assert refused.value.code == "start_running"
    assert len(works.rows(message_buffer)) == 1


def test_a_kept_message_starts_a_process_that_is_deployed_later(works: Works) -> None:
    works.send("applied", "case-1", ttl=timedelta(hours=1))
    works.send("applied", "too-late", ttl=timedelta(minutes=1))
    works.clock.advance(timedelta(minutes=2))
    works.deploy(begun(BY_MESSAGE))
    jobs.sweep(works.bus)
    assert [case.row.business_key for case in instances(works)] == ["case-1"]
    assert works.rows(message_buffer) == []
    assert works.run(StartKept(uuid4()), "system") == {"instance": None}


def tells(key: str = "") -> bytes:
    """Throws the message; with a key of its own or the business key."""
    own = f'<bpmn:extensionElements><saraban:correlation key="{key}"/></bpmn:extensionElements>'
    event = f'<bpmn:intermediateThrowEvent id="tell">{own if key else ""}{BY_MESSAGE}'
    return bpmn(
        "tells", event + "</bpmn:intermediateThrowEvent>", flows="start>tell tell>end", extra=NAMES
    )


def test_a_thrown_message_starts_a_process(works: Works) -> None:
    works.deploy(tells("=case")).deploy(begun(BY_MESSAGE))
    thrower = works.start("tells", case="case-9")
    works.work_off()
    started = instances(works)[-1]
    assert (thrower.status, started.row.business_key) == ("completed", "case-9")
    works.start("tells", case="case-9")
    works.work_off()
    assert [row.key for row in works.rows(message_buffer)] == ["case-9"]


def test_a_message_thrown_without_a_key_starts_each_time(works: Works) -> None:
    works.deploy(tells()).deploy(begun(BY_MESSAGE))
    for _ in range(2):
        works.start("tells")
        works.work_off()
    keys = [case.row.business_key for case in instances(works) if case.open()]
    assert keys == [None, None]
    with pytest.raises(Invalid):
        works.send("applied", " ")


def test_another_agencys_message_starts_nothing(works: Works) -> None:
    works.deploy(begun(BY_MESSAGE))
    works.run(Deploy({"r.bpmn": begun(BY_MESSAGE)}), works.actor("admin", OTHER_AGENCY))
    works.send("applied", "case-1")
    assert [case.row.agency_id for case in instances(works)] == [AGENCY]


def test_a_message_starts_one_process_at_a_time(works: Works) -> None:
    works.deploy(begun(BY_MESSAGE))
    other = begun(BY_MESSAGE, key="other")
    with pytest.raises(DeploymentRefused) as refused:
        works.deploy(other)
    (problem,) = refused.value.problems
    assert (problem.code, problem.element, problem.file) == ("start_taken", "start", "d0.bpmn")
    assert [row.key for row in works.rows(process_definition)] == ["route"]
    works.deploy(begun(BY_SIGNAL), other)
    works.send("applied", "case-1")
    assert [case.row.title for case in instances(works)] == ["other"]


def test_a_newer_version_without_the_event_listens_no_more(works: Works) -> None:
    works.deploy(begun(BY_MESSAGE))
    works.deploy(bpmn("route", user("do"), flows="start>do do>end"))
    assert works.rows(start_event) == []
    with pytest.raises(NotFound):
        works.send("applied", "case-1")


def test_what_only_events_start_nobody_can_start(works: Works) -> None:
    works.deploy(begun(BY_MESSAGE))
    with pytest.raises(Conflict) as refused:
        works.run(StartInstance("route"))
    assert refused.value.code == "started_by_events"
    assert [row.startable for row in works.rows(process_definition)] == [False]


def test_two_messages_at_once_start_one_instance(postgres_works: Works) -> None:
    works = postgres_works
    works.deploy(begun(BY_MESSAGE))
    together, reached, refused = Barrier(2), [], []

    def send() -> None:
        together.wait()
        try:
            reached.extend(works.send("applied", "case-1")["instances"])
        except NotFound as nobody:
            refused.append(nobody.code)

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [str(case.id) for case in instances(works)] == reached
    assert refused == ["nobody_waiting"]


# -- signals ----------------------------------------------------------------------------------

CLOSES = bpmn(
    "closes",
    f'<bpmn:intermediateThrowEvent id="tell"><bpmn:extensionElements>'
    f'<saraban:input name="year" value="=2569"/></bpmn:extensionElements>{BY_SIGNAL}'
    "</bpmn:intermediateThrowEvent>",
    flows="start>tell tell>end", extra=NAMES,
)  # fmt: skip


def test_a_signal_starts_every_process_that_listens(works: Works) -> None:
    works.deploy(CLOSES, begun(BY_SIGNAL, key="one"), begun(BY_SIGNAL, key="two"))
    works.deploy(begun(BY_SIGNAL, key="one", task="sum_up"))
    works.start("closes")
    works.work_off()
    started = [case for case in instances(works) if case.open()]
    assert sorted(case.open() for case in started) == [["do"], ["sum_up"]]
    assert [case.variables for case in started] == [{"year": 2569}] * 2
    assert all(case.history[:2] == ["instance.started", "signal.received"] for case in started)


def test_a_signal_starts_nothing_that_has_stopped_listening(works: Works) -> None:
    works.deploy(CLOSES, begun(BY_SIGNAL, key="one"))
    works.start("closes")
    works.deploy(begun(BY_MESSAGE, key="one"))
    works.work_off()
    assert [case.status for case in instances(works)] == ["completed"]
    assert works.run(StartBySignal("one", "closing", {}), "system") == {"instance": None}


# -- timers -----------------------------------------------------------------------------------


def test_a_duration_counts_from_the_deployment_and_fires_once(works: Works) -> None:
    works.deploy(begun(timed("timeDuration", "PT1H")))
    assert works.tick(minutes=59, seconds=59) == 0
    assert works.tick(seconds=1) == 1
    (case,) = instances(works)
    assert (case.open(), case.row.starter, case.row.business_key) == (["do"], None, None)
    assert case.history[:2] == ["instance.started", "timer.fired"]
    assert works.tick(days=400) == 0


def test_two_clocks_start_one_instance(works: Works) -> None:
    works.deploy(begun(timed("timeCycle", "R/PT1H")))
    row = works.rows(start_event)[0]
    assert works.run(FireStart(row.id), "system") == {"fired": False}
    works.clock.advance(timedelta(hours=1))
    assert [works.run(FireStart(row.id), "system")["fired"] for _ in range(2)] == [True, False]
    assert works.run(FireStart(uuid4()), "system") == {"fired": False}
    assert len(instances(works)) == 1


def test_a_standstill_starts_one_instance_not_many(works: Works) -> None:
    works.deploy(begun(timed("timeCycle", "R6/PT1H")))
    assert works.tick(hours=4, minutes=30) == 1
    assert works.tick() == 0
    assert works.tick(minutes=30) == 1
    assert works.tick(hours=1) == 1
    assert works.tick(hours=9) == 0
    fired = [case.events[1].data for case in instances(works)]
    assert [text.split('"occurrence":')[1].strip(" }") for text in fired] == ["1", "5", "6"]


def test_a_newer_deployment_takes_the_place_of_the_older_ones_timers(works: Works) -> None:
    works.deploy(begun(timed("timeDuration", "PT1H")))
    works.clock.advance(timedelta(minutes=30))
    works.deploy(begun(timed("timeDuration", "PT1H"), task="later"))
    assert works.tick(minutes=30) == 0
    assert works.tick(minutes=30) == 1
    assert ([case.open() for case in instances(works)], versions(works)) == ([["later"]], [2])


def test_the_same_files_again_do_not_set_the_clock_back(works: Works) -> None:
    works.deploy(begun(timed("timeDuration", "PT1H")))
    works.clock.advance(timedelta(minutes=30))
    works.deploy(begun(timed("timeDuration", "PT1H")))
    assert works.tick(minutes=30) == 1


def test_a_date_that_has_passed_starts_nothing(works: Works) -> None:
    works.deploy(begun(timed("timeDate", "2026-11-23T08:59:59+07:00")))
    works.deploy(begun(timed("timeDate", "2026-11-23T09:00:00+07:00"), key="today"))
    assert works.tick() == 1
    assert [case.row.title for case in instances(works)] == ["today"]


def test_a_time_that_is_none_refuses_the_deployment(works: Works) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        works.deploy(begun(timed("timeDuration", "=1 + 1")))
    assert refused.value.problems[0].element == "start"
    assert works.rows(process_definition) == works.rows(start_event) == []


def test_one_bad_start_is_put_off_and_stops_no_other(works: Works) -> None:
    works.deploy(begun(timed("timeDuration", "PT1H")))
    works.deploy(begun(timed("timeDuration", "PT1H"), key="good"))
    broken = start_event.c.definition_key == "route"
    with works.engine.begin() as db:
        db.execute(start_event.update().where(broken).values(element_id="nowhere"))
    assert works.tick(hours=1) == 1
    assert [case.row.title for case in instances(works)] == ["good"]
    (left,) = works.rows(start_event, broken)
    assert (left.failures, left.due_at > works.clock.now()) == (1, True)
    with works.engine.begin() as db:
        db.execute(start_event.update().where(broken).values(element_id="start"))
    assert works.tick(minutes=1) == 1
    assert works.rows(start_event, broken)[0].failures == 0
    with pytest.raises(NotFound):
        works.run(PostponeStart(uuid4(), "gone"), "system")


# -- nobody has started it --------------------------------------------------------------------


def _started(works: Works, *extensions: str, role: str = "") -> Case:
    works.deploy(begun(BY_MESSAGE, user("do", *extensions), role=role))
    return Case(works, UUID(works.send("applied", "case-1")["instances"][0]), {})


def _candidates(case: Case) -> list[Any]:
    return [f"{one['kind']}:{one['id']}" for one in case.task("do").row.candidates]


@pytest.mark.parametrize("extensions", [(), (assigned("starter"),)])
def test_a_starters_task_goes_to_the_role_that_may_start(
    works: Works, extensions: tuple[str, ...]
) -> None:
    case = _started(works, *extensions, role="officer")
    assert (case.status, _candidates(case)) == ("active", ["role:officer"])
    case.task("do").by("malee").complete()
    assert case.status == "completed"


@pytest.mark.parametrize("extensions", [(), (assigned("starter"),), (assigned("superior"),)])
def test_without_such_a_role_the_incident_says_why(
    works: Works, extensions: tuple[str, ...]
) -> None:
    case = _started(works, *extensions)
    assert case.status == "incident"
    (found,) = works.rows(incident)
    assert (found.code, found.element_id) == ("nobody_can_act", "do")
    assert "asks for a starter, and an event started the instance" in found.message
    case.task("do").by("admin").reassign("malee")
    assert case.status == "active"
    case.task("do").by("malee").complete()
    assert case.status == "completed"


def test_excluding_the_starter_bars_nobody(works: Works) -> None:
    case = _started(works, assigned("role", "officer"), excluding("starter"), role="officer")
    assert (case.status, case.task("do").row.excluded) == ("active", [])
