"""What operators look after: queues of the machine's work, and timers that are behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.builders import OTHER_AGENCY, Case, Works, bpmn, service, user

from engine.actor import system_actor
from engine.commands.jobs import LeaseJob
from engine.commands.late import FireLate
from engine.commands.timers import PostponeTimer
from engine.db import reading
from engine.errors import Conflict, Forbidden, NotFound
from engine.ids import new_id
from engine.models.job import job
from engine.models.starting import start_event
from engine.models.waiting import LONGEST_PAUSE, timer
from engine.queries import operations as queries

ECHO = bpmn("route", service("say", "test.echo", text='="a"'), user("after"),
            flows="start>say say>after after>end")  # fmt: skip
WAITS = bpmn(
    "route",
    '<bpmn:intermediateCatchEvent id="nap"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
    user("after"),
    flows="start>nap nap>after after>end",
)
STARTS = bpmn("begun", user("do"), flows="start>do do>end").replace(
    b'<bpmn:startEvent id="start"/>',
    b'<bpmn:startEvent id="start"><bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1H'
    b"</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>",
)


def _queues(works: Works, actor: Any = "admin") -> list[queries.QueueRow]:
    with reading(works.engine) as db:
        return list(queries.queues(db, works.actor(actor), works.clock.now()))


def _late(works: Works, actor: Any = "admin", **more: Any) -> Any:
    with reading(works.engine) as db:
        return queries.late_timers(db, works.actor(actor), works.clock.now(), **more)


def test_queues_count_what_waits_and_what_runs(works: Works) -> None:
    assert _queues(works) == []
    works.deploy(ECHO)
    for _ in range(3):
        works.start()
    first, later = works.rows(job)[:2]
    began = works.clock.now()
    works.run(LeaseJob(first.id), system_actor(UUID(int=1)))
    with works.engine.begin() as db:
        db.execute(
            job.update().where(job.c.id == later.id).values(due_at=began + timedelta(hours=1))
        )
    works.clock.advance(timedelta(minutes=5))
    (row,) = _queues(works)
    assert (row.action, row.waiting, row.due, row.running) == ("test.echo", 2, 1, 1)
    assert row.oldest_due_at == began
    assert [type(n) for n in (row.waiting, row.due, row.running)] == [int, int, int]


def test_queues_are_for_operators_of_their_agency(works: Works) -> None:
    works.deploy(ECHO).start()
    with pytest.raises(Forbidden):
        _queues(works, "somchai")
    assert _queues(works, works.actor("admin", OTHER_AGENCY)) == []


@pytest.fixture
def case(works: Works) -> Case:
    """A case that waits an hour."""
    return works.deploy(WAITS).start()


def test_a_timer_is_late_after_a_minute(works: Works, case: Case) -> None:
    works.clock.advance(timedelta(hours=1, minutes=1))
    assert _late(works).items == []
    works.clock.advance(timedelta(seconds=1))
    (row,) = _late(works).items
    assert (row.instance_id, row.element_id, row.failures) == (str(case.id), "nap", 0)
    with pytest.raises(Forbidden):
        _late(works, "somchai")
    assert _late(works, works.actor("admin", OTHER_AGENCY)).items == []


def test_an_operator_fires_a_late_timer_once(works: Works, case: Case) -> None:
    id_ = works.rows(timer)[0].id
    for minutes in (0, 60):
        works.clock.advance(timedelta(minutes=minutes))
        with pytest.raises(Conflict) as refused:
            works.run(FireLate(id_))
        assert refused.value.code == "timer_not_late"
    works.clock.advance(timedelta(minutes=2))
    with pytest.raises(Forbidden):
        works.run(FireLate(id_), "somchai")
    for stranger in (FireLate(id_), FireLate(new_id())):
        with pytest.raises(NotFound):
            works.run(stranger, works.actor("admin", OTHER_AGENCY))
    works.run(FireLate(id_))
    assert case.open() == ["after"]
    fired = next(event for event in case.events if event.type == "timer.fired")
    assert fired.actor == "admin"
    with pytest.raises(NotFound):
        works.run(FireLate(id_))


def test_one_that_was_put_off_is_shown_and_fired_before_its_turn(works: Works, case: Case) -> None:
    id_ = works.rows(timer)[0].id
    works.clock.advance(timedelta(hours=1))
    for _ in range(20):  # the longest pause is reached
        works.run(PostponeTimer(id_, "broken"), system_actor(UUID(int=1)))
    row = works.rows(timer)[0]
    assert row.due_at > works.clock.now() + LONGEST_PAUSE / 2
    assert [found.failures for found in _late(works).items] == [20]
    works.run(FireLate(id_))
    assert (case.open(), _late(works).items) == (["after"], [])


def test_a_late_start_is_shown_and_fired_too(works: Works) -> None:
    works.deploy(STARTS)
    works.clock.advance(timedelta(hours=1, minutes=2))
    (row,) = _late(works).items
    assert (row.instance_id, row.definition_key, row.element_id) == (None, "begun", "start")
    works.run(FireLate(UUID(row.id)))
    assert _late(works).items == []
    assert works.rows(start_event)[0].due_at > works.clock.now()
    with pytest.raises(Conflict):
        works.run(FireLate(UUID(row.id)))


def test_late_timers_come_longest_overdue_first_and_page_by_page(works: Works) -> None:
    works.deploy(WAITS)
    for _ in range(3):
        works.start()
        works.clock.advance(timedelta(minutes=1))
    works.clock.advance(timedelta(hours=2))
    first, second = _late(works, page_size=2), _late(works, page_size=2, page=2)
    assert (first.total, first.next is None, second.next) == (3, False, None)
    due = [row.due_at for row in (*first.items, *second.items)]
    assert due == sorted(due)
    assert len({row.id for row in (*first.items, *second.items)}) == 3
