"""Waiting for messages and moments: each arrives once, and nothing that was promised is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from support.builders import OTHER_AGENCY, Case, Works, bpmn, gateway, user

from engine import jobs
from engine.commands.incidents import RetryIncident
from engine.commands.messages import DeliverKept, SendMessage
from engine.commands.timers import FireTimer
from engine.errors import Forbidden, Invalid, NotFound
from engine.models.history import history_event
from engine.models.incident import incident
from engine.models.waiting import message_buffer, subscription, timer

PAID = '<bpmn:message id="m1" name="paid"/>'


def catch(id_: str, message: str = "m1") -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{id_}">'
        f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:intermediateCatchEvent>'
    )


WAITS = bpmn(
    "route", catch("pay"), user("after"), flows="start>pay pay>after after>end", extra=PAID
)


def _start(works: Works, key: str = "case-1") -> Case:
    return works.deploy(WAITS).start(business_key=key)


def test_a_message_reaches_the_one_that_waits_for_its_key(works: Works) -> None:
    first, second = _start(works), works.start(business_key="case-2")
    answer = works.send("paid", "case-2", variables={"amount": 5})
    assert answer == {"instances": [str(second.id)]}
    assert (first.open(), second.open()) == ([], ["after"])
    assert second.variables == {"amount": 5}
    assert "message.correlated" in second.history
    with pytest.raises(NotFound) as refused:
        works.send("paid", "case-2")
    assert refused.value.code == "nobody_waiting"


def test_a_message_without_a_receiver_is_kept_only_when_asked(works: Works) -> None:
    with pytest.raises(NotFound):
        works.send("paid", "case-1")
    assert works.rows(message_buffer) == []
    answer = works.send("paid", "case-1", ttl=timedelta(hours=1), variables={"amount": 3})
    assert set(answer) == {"message_id", "expires_at"}
    case = _start(works)
    assert (case.open(), case.variables) == (["after"], {"amount": 3})
    assert works.rows(message_buffer) == []


def test_a_kept_message_expires(works: Works) -> None:
    works.send("paid", "case-1", ttl=timedelta(hours=1))
    works.clock.advance(timedelta(hours=2))
    assert _start(works).open() == []
    jobs.sweep(works.bus)
    assert works.rows(message_buffer) == []


def test_a_message_that_was_missed_by_a_hair_is_delivered_by_the_sweep(works: Works) -> None:
    """Kept by one transaction while another began to wait: neither saw the other."""
    case = _start(works)
    works.send("paid", "elsewhere", ttl=timedelta(hours=1))
    with works.engine.begin() as db:
        db.execute(message_buffer.update().values(key="case-1"))
    jobs.sweep(works.bus)
    assert case.open() == ["after"]
    waiting = uuid4()
    assert works.run(DeliverKept(waiting), "system") == {"delivered": False}


def test_what_breaks_keeps_the_sweep_from_nothing_else(works: Works) -> None:
    def breaks(_command: DeliverKept, _ctx: object) -> dict[str, object]:
        raise ZeroDivisionError

    _start(works)
    works.send("paid", "elsewhere", ttl=timedelta(hours=1))
    with works.engine.begin() as db:
        db.execute(message_buffer.update().values(key="case-1"))
    works.send("late", "case-2", ttl=timedelta(minutes=1))
    works.clock.advance(timedelta(minutes=2))
    jobs.sweep(replace(works.bus, handlers={**works.bus.handlers, DeliverKept: breaks}))
    assert [row.name for row in works.rows(message_buffer)] == ["paid"]


def test_messages_are_for_operators_and_for_commands_that_have_asked(works: Works) -> None:
    _start(works)
    with pytest.raises(Forbidden):
        works.send("paid", "case-1", who="somchai")
    outer = {FireTimer: lambda _c, ctx: ctx.run(SendMessage("paid", "case-1"))}
    bus = replace(works.bus, handlers={**works.bus.handlers, **outer})
    assert bus.execute(FireTimer(uuid4()), works.actor("somchai"))["instances"]


def test_who_administers_a_process_reaches_its_cases_alone(works: Works) -> None:
    case = _start(works)
    works.administers("somchai", "other")
    for more in ({}, {"ttl": timedelta(hours=1)}):
        with pytest.raises((NotFound, Forbidden)):
            works.send("paid", "case-1", "somchai", **more)
    assert (case.open(), works.rows(message_buffer)) == ([], [])
    works.administers("somchai", "route")
    assert works.send("paid", "case-1", "somchai") == {"instances": [str(case.id)]}


def test_a_message_of_another_agency_reaches_nobody(works: Works) -> None:
    _start(works)
    with pytest.raises(NotFound):
        works.run(SendMessage("paid", "case-1"), works.actor("admin", OTHER_AGENCY))


@pytest.mark.parametrize(("name", "key"), [("", "k"), ("n", " "), ("n" * 300, "k")])
def test_a_message_needs_a_name_and_a_key(works: Works, name: str, key: str) -> None:
    with pytest.raises(Invalid):
        works.send(name, key)


def test_a_second_waiter_with_the_same_key_is_an_incident(works: Works) -> None:
    _start(works)
    second = works.start(business_key="case-1")
    assert second.status == "incident"
    found = works.rows(incident)[0]
    assert (found.code, found.element_id) == ("message_key_taken", "pay")
    works.send("paid", "case-1")
    assert works.run(RetryIncident(found.id))["instance_status"] == "active"
    works.send("paid", "case-1")
    assert second.open() == ["after"]


def test_a_boundary_message_that_does_not_interrupt_may_come_again(works: Works) -> None:
    boundary = (
        '<bpmn:boundaryEvent id="ask" attachedToRef="work" cancelActivity="false">'
        '<bpmn:messageEventDefinition messageRef="m1"/></bpmn:boundaryEvent>'
    )
    route = bpmn(
        "route", user("work"), boundary, user("reply"),
        flows="start>work work>end ask>reply reply>end", extra=PAID,
    )  # fmt: skip
    case = works.deploy(route).start(business_key="k")
    works.send("paid", "k")
    works.send("paid", "k")
    assert case.open() == ["reply", "reply", "work"]
    case.task("work").complete()
    assert works.rows(subscription) == []


def throw(id_: str, message: str, key: str) -> str:
    return (
        f'<bpmn:intermediateThrowEvent id="{id_}"><bpmn:extensionElements>'
        f'<saraban:correlation key="{key}"/></bpmn:extensionElements>'
        f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:intermediateThrowEvent>'
    )


THROWER = bpmn("thrower", throw("tell", "m1", "=other"), flows="start>tell tell>end", extra=PAID)


def test_a_thrown_message_reaches_another_instance_by_a_job(works: Works) -> None:
    works.deploy(THROWER)
    case = _start(works)
    works.start("thrower", other="case-1")
    assert case.open() == []
    works.work_off()
    assert case.open() == ["after"]


def test_a_thrown_message_waits_for_a_late_receiver(works: Works) -> None:
    works.deploy(THROWER).start("thrower", other="case-1")
    works.work_off()
    assert _start(works).open() == ["after"]


def test_a_message_within_one_instance_arrives_in_the_same_commit(works: Works) -> None:
    route = bpmn(
        "route",
        gateway("split", "parallel"), catch("wait"), user("a"), throw("tell", "m1", "=to"),
        gateway("join", "parallel"),
        flows="start>split split>wait wait>join split>a a>tell tell>join join>end",
        extra=PAID,
    )  # fmt: skip
    case = works.deploy(route).start(business_key="k", to="k")
    assert case.task("a").complete()["instance_status"] == "completed"


SIGNAL = '<bpmn:signal id="s1" name="closing"/>'


def test_a_signal_reaches_everyone(works: Works) -> None:
    catches = (
        '<bpmn:intermediateCatchEvent id="closing">'
        '<bpmn:signalEventDefinition signalRef="s1"/></bpmn:intermediateCatchEvent>'
    )
    throws = (
        '<bpmn:intermediateThrowEvent id="tell">'
        '<bpmn:signalEventDefinition signalRef="s1"/></bpmn:intermediateThrowEvent>'
    )
    flows = "start>closing closing>after after>end"
    waits = bpmn("route", catches, user("after"), flows=flows, extra=SIGNAL)
    tells = bpmn("tells", throws, flows="start>tell tell>end", extra=SIGNAL)
    works.deploy(waits).deploy(tells)
    cases = [works.start(), works.start()]
    works.start("tells")
    works.work_off()
    assert [case.open() for case in cases] == [["after"], ["after"]]


def timed(id_: str, duration: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{id_}"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{duration}</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


PAUSE = bpmn("route", timed("pause", "PT1H"), user("after"),
             flows="start>pause pause>after after>end")  # fmt: skip


def test_a_timer_fires_once_when_due(works: Works) -> None:
    case = works.deploy(PAUSE).start()
    assert works.tick(minutes=59) == 0
    assert works.tick(minutes=1) == 1
    assert case.open() == ["after"]
    assert works.rows(timer) == []
    assert works.tick(days=1) == 0
    fired = [row for row in case.events if row.type == "timer.fired"]
    assert [row.element_id for row in fired] == ["pause"]


def test_two_clocks_fire_a_timer_once(works: Works) -> None:
    case = works.deploy(PAUSE).start()
    works.clock.advance(timedelta(hours=1))
    row = works.rows(timer)[0]
    answers = [works.run(FireTimer(row.id), "system")["fired"] for _ in range(2)]
    assert answers == [True, False]
    assert case.history.count("timer.fired") == 1
    assert works.run(FireTimer(uuid4()), "system") == {"fired": False}


def test_a_cycle_does_not_burst_after_a_standstill(works: Works) -> None:
    boundary = (
        '<bpmn:boundaryEvent id="each" attachedToRef="work" cancelActivity="false">'
        "<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1H</bpmn:timeCycle>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    route = bpmn(
        "route", user("work"), boundary, user("nudge"),
        flows="start>work work>end each>nudge nudge>end",
    )  # fmt: skip
    case = works.deploy(route).start()
    assert works.tick(hours=1) == 1
    assert works.tick(hours=5, minutes=30) == 1
    assert works.tick() == 0
    assert case.open().count("nudge") == 2
    next_due = works.rows(timer)[0].due_at
    assert works.clock.now() < next_due <= works.clock.now() + timedelta(hours=1)


def test_one_bad_timer_is_put_off_and_stops_no_other(works: Works) -> None:
    bad = works.deploy(PAUSE).start()
    works.clock.advance(timedelta(seconds=1))
    good = works.start()
    with works.engine.begin() as db:
        db.execute(timer.update().where(timer.c.root_id == bad.id).values(token="0" * 32))
    assert works.tick(hours=2) == 1
    assert good.open() == ["after"]
    left = works.rows(timer)[0]
    assert (left.failures, left.due_at > works.clock.now()) == (1, True)
    assert works.rows(history_event, history_event.c.root_id == bad.id)
    with works.engine.begin() as db:
        db.execute(timer.delete())
    bad.cancel()
