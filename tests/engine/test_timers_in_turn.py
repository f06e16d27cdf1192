"""Due timers fire agency by agency in turn: a crowd of late ones keeps nobody else's waiting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support import plans
from support.builders import AGENCY, OTHER_AGENCY, Works, bpmn, make_works, user

from engine import jobs
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.ids import new_id
from engine.jobs.timers import _LOOKS
from engine.models.starting import start_event
from engine.models.waiting import timer

_PAUSE = (
    '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
ROUTE = bpmn("route", _PAUSE, user("after"), flows="start>pause pause>after after>end")
_DAILY = (
    '<bpmn:startEvent id="start"><bpmn:timerEventDefinition>'
    "<bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
)


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    made = make_works(db_engine, clock)
    for agency in (AGENCY, OTHER_AGENCY):
        made.run(Deploy({"route.bpmn": ROUTE}), made.actor("admin", agency))
    yield made
    assert made.findings() == []


def _start(works: Works, agency: UUID, count: int) -> None:
    for _ in range(count):
        works.run(StartInstance("route", None, None, {}), works.actor("admin", agency))


def _left(works: Works) -> Counter[UUID]:
    return Counter(row.agency_id for row in works.rows(timer))


def test_a_crowd_of_late_timers_keeps_no_other_agency_waiting(works: Works) -> None:
    _start(works, AGENCY, 12)
    works.clock.advance(timedelta(minutes=10))
    _start(works, OTHER_AGENCY, 1)
    works.clock.advance(timedelta(hours=2))
    # What the other agency leaves of its share is the crowd's.
    assert jobs.fire_due(works.bus, limit=4) == 4
    assert _left(works) == {AGENCY: 9}


def test_each_agency_fires_one_at_least(works: Works) -> None:
    _start(works, AGENCY, 3)
    _start(works, OTHER_AGENCY, 3)
    works.clock.advance(timedelta(hours=2))
    assert jobs.fire_due(works.bus, limit=1) == 2
    assert _left(works) == {AGENCY: 2, OTHER_AGENCY: 2}
    assert jobs.fire_due(works.bus) == 4
    assert jobs.fire_due(works.bus) == 0


def test_the_oldest_of_an_agency_goes_first(works: Works) -> None:
    for _ in range(3):
        _start(works, AGENCY, 1)
        works.clock.advance(timedelta(minutes=1))
    oldest = min(row.due_at for row in works.rows(timer))
    works.clock.advance(timedelta(hours=2))
    assert jobs.fire_due(works.bus, limit=1) == 1
    assert min(row.due_at for row in works.rows(timer)) > oldest


def test_timer_starts_take_turns_too(works: Works) -> None:
    daily = bpmn("daily", user("do"), flows="start>do do>end")
    daily = daily.replace(b'<bpmn:startEvent id="start"/>', _DAILY.encode())
    many = {f"d{n}.bpmn": daily.replace(b'"daily"', b'"daily%d"' % n) for n in range(4)}
    works.run(Deploy(many), works.actor("admin", AGENCY))
    works.clock.advance(timedelta(minutes=10))
    works.run(Deploy({"d.bpmn": daily}), works.actor("admin", OTHER_AGENCY))
    works.clock.advance(timedelta(hours=2))
    assert jobs.fire_due(works.bus, limit=2) == 2
    now = works.clock.now()
    fired = Counter(row.agency_id for row in works.rows(start_event) if row.due_at > now)
    assert fired == {AGENCY: 1, OTHER_AGENCY: 1}


def test_looking_for_turns_leaps_through_the_index(works: Works) -> None:
    """Ten thousand timers of one agency are one step."""
    _start(works, AGENCY, 1)
    one = works.rows(timer)[0]._mapping
    with works.engine.begin() as db:
        db.execute(timer.insert(), [{**one, "id": new_id()} for _ in range(10_000)])
        db.execute(sa.text("ANALYZE"))
    given = {"now": works.clock.now() + timedelta(hours=2)}
    agencies, of_one = _LOOKS[0]
    if works.engine.dialect.name == "postgresql":
        assert plans.rows_read(works.engine, agencies, **given) < 50
        assert plans.rows_read(works.engine, of_one, agency=AGENCY, limit=5, **given) == 5
    else:
        plan = plans.described(works.engine, agencies, **given)
        assert plan.count("ix_timer_turn") >= 2
        assert not re.search(r"SCAN timer(?! USING COVERING INDEX)", plan), plan
        look = plans.described(works.engine, of_one, agency=AGENCY, limit=5, **given)
        assert "ix_timer_turn" in look
    with works.engine.begin() as db:
        db.execute(timer.delete().where(timer.c.id != one["id"]))
