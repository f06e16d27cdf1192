"""Instances that throw messages at each other for ever: bounded, with an incident at the bound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from support.builders import Works, bpmn, make_works, user

from engine.clock import SteppedClock
from engine.commands.dead_jobs import RetryJob, SkipJob
from engine.commands.turn import routing
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.job import job

MOST = 5
NAMES = '<bpmn:message id="m1" name="ball"/><bpmn:signal id="s1" name="cry"/>'
EVENTS = {
    "message": '<bpmn:messageEventDefinition messageRef="m1"/>',
    "signal": '<bpmn:signalEventDefinition signalRef="s1"/>',
}


def _ring(kind: str, *between: str) -> bytes:
    """A process that its own message, or signal, starts again."""
    thrown = f'<bpmn:intermediateThrowEvent id="throw">{EVENTS[kind]}</bpmn:intermediateThrowEvent>'
    flows = "start>throw throw>end" if not between else "start>wait wait>throw throw>end"
    made = bpmn("ring", *between, thrown, flows=flows, extra=NAMES)
    begun = f'<bpmn:startEvent id="start">{EVENTS[kind]}</bpmn:startEvent>'
    return made.replace(b'<bpmn:startEvent id="start"/>', begun.encode())


def _first(kind: str) -> bytes:
    thrown = f'<bpmn:intermediateThrowEvent id="throw">{EVENTS[kind]}</bpmn:intermediateThrowEvent>'
    return bpmn("first", thrown, flows="start>throw throw>end", extra=NAMES)


@pytest.fixture
def works(
    db_engine: Engine, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Works]:
    assert routing.HOPS == 1_000
    monkeypatch.setattr(routing, "HOPS", MOST)  # a thousand of them take a minute
    made = make_works(db_engine, clock)
    yield made
    assert made.findings() == []


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_ring_of_instances_ends_in_an_incident(works: Works, kind: str) -> None:
    works.deploy(_ring(kind)).deploy(_first(kind))
    works.start("first")
    works.work_off()
    assert len(works.rows(process_instance)) == 1 + MOST
    (told,) = works.rows(incident)
    assert (told.code, told.element_id, told.state) == ("message_loop", "throw", "open")
    assert f"{MOST} messages and signals followed from one another" in told.message
    (dead,) = works.rows(job, job.c.state == "dead")
    assert told.job_id == dead.id


def test_an_operator_lets_it_go_on_or_not(works: Works) -> None:
    works.deploy(_ring("message")).deploy(_first("message"))
    works.start("first")
    works.work_off()
    (dead,) = works.rows(job, job.c.state == "dead")
    works.run(RetryJob(dead.id))
    works.work_off()
    assert len(works.rows(process_instance)) == 1 + MOST + 1 + MOST
    (dead,) = works.rows(job, job.c.state == "dead")
    works.run(SkipJob(dead.id, "enough"))
    works.work_off()
    assert works.rows(job, job.c.state.in_(["waiting", "dead"])) == []
    assert {row.state for row in works.rows(incident)} == {"resolved"}


def test_a_person_or_a_moment_in_between_begins_anew(works: Works) -> None:
    pause = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1M</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    works.deploy(_ring("message", pause)).deploy(_first("message"))
    works.start("first")
    for _ in range(MOST + 3):
        works.work_off()
        works.clock.advance(timedelta(minutes=2))
        works.tick()
    assert works.rows(incident) == []
    assert {row.hops for row in works.rows(job)} == {1}


def test_what_was_kept_counts_on(works: Works) -> None:
    """Nobody waits when it comes: it is kept with its count, and goes on where somebody does."""
    works.deploy(_first("message"))
    works.start("first", business_key="one")
    works.work_off()
    catch = '<bpmn:intermediateCatchEvent id="catch"><bpmn:extensionElements>'
    catch += '<saraban:correlation key="=&quot;one&quot;"/></bpmn:extensionElements>'
    catch += f"{EVENTS['message']}</bpmn:intermediateCatchEvent>"
    throw = f'<bpmn:intermediateThrowEvent id="on">{EVENTS["signal"]}</bpmn:intermediateThrowEvent>'
    begun = _ring("signal", user("wait"))
    flows = "start>catch catch>on on>end"
    works.deploy(bpmn("second", catch, throw, flows=flows, extra=NAMES)).deploy(begun)
    works.start("second")
    works.work_off()
    assert sorted(row.hops for row in works.rows(job)) == [1, 2]
