"""Until an operator releases it, a restored office can be read, and keeps still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support.builders import bpmn, user
from support.world import World, review_world

from api.backup import gate, quarantine
from api.bootstrap import build
from api.clock import Clockwork
from api.settings import Settings
from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.errors import Conflict
from engine.models.epoch import epoch
from engine.models.waiting import timer
from office.accounts.models import api_token, session
from office.correspondence.journal import MemoryJournal

pytestmark = pytest.mark.faults


@pytest.fixture
def world(db_engine: Engine, clock: SteppedClock, tmp_path: Path) -> Iterator[World]:
    url = db_engine.url.render_as_string(hide_password=False)
    settings = Settings(home=tmp_path / "home", database_url=url, secret="a secret of the tests")
    system = build(settings.resolved(), bell=False, clock=clock)
    yield review_world(system, clock)
    system.close()


def hold(world: World) -> None:
    """As a restore does."""
    with world.system.engine.begin() as db:
        row = {"number": 1, "cause": "a drill", "began_at": world.clock.now()}
        db.execute(sa.insert(epoch), row)
    gate_of(world)._asked_at = float("-inf")


def gate_of(world: World) -> gate.Gate:
    found = world.client.application.extensions["saraban_gate"]
    assert isinstance(found, gate.Gate)
    return found


def fence(world: World) -> quarantine.Fenced:
    return quarantine.fence(world.system.bus, world.system.storage, MemoryJournal())


def test_reads_are_answered_and_changes_wait(world: World) -> None:
    task = world.task()
    hold(world)
    assert world.get("/tasks").status_code == 200
    refused = world.post(f"/tasks/{task}/claim")
    assert (refused.status_code, refused.json["code"]) == (503, "quarantine")
    ready = world.client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "quarantine")
    fence(world)
    quarantine.release(world.system.bus)
    gate_of(world)._asked_at = float("-inf")
    world.home.tokens.clear()
    assert world.post(f"/tasks/{task}/claim").status_code == 200
    assert world.client.get("/readyz").json["status"] == "ok"


def test_the_clock_stands_still(world: World) -> None:
    pause = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    timed = bpmn("timed", pause, user("after"), flows="start>pause pause>after after>end")
    actor = system_actor(world.home.id)
    world.system.bus.execute(Deploy({"timed.bpmn": timed}), actor)
    world.system.bus.execute(StartInstance("timed", None, None, {}), actor)
    world.clock.advance(timedelta(hours=2))
    clockwork = Clockwork(world.system)
    hold(world)
    clockwork.tick()
    assert timers(world) == 1
    fence(world)
    quarantine.release(world.system.bus)
    clockwork.tick()
    assert timers(world) == 0


def timers(world: World) -> int:
    with world.system.engine.connect() as db:
        return int(db.execute(sa.select(sa.func.count()).select_from(timer)).scalar_one())


def test_what_was_handed_out_before_opens_nothing(world: World) -> None:
    cookie = world.session("clerk")
    assert world.get("/tasks").status_code == 200
    hold(world)
    fenced = fence(world)
    assert (fenced.tokens, fenced.sessions) == (1, 1)
    assert world.get("/tasks").status_code == 401
    world.client.set_cookie("saraban_session", cookie)
    assert world.client.get("/").status_code == 302
    with world.system.engine.connect() as db:
        for table in (api_token, session):
            assert db.execute(sa.select(table).where(table.c.revoked_at.is_(None))).all() == []


def test_an_office_at_work_is_neither_fenced_nor_released(world: World) -> None:
    """A number that is just being signed must not be called lost."""
    for act in (lambda: fence(world), lambda: quarantine.release(world.system.bus)):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "no_quarantine"
