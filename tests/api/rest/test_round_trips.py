"""What the heart of the product costs its database: asked once too often, a step is slow for all.

Over a network each trip is a wait. The goal is twelve, and one COMMIT; we have come to five: who
asks, BEGIN, the instance with its tasks, all that is written, COMMIT. A key of the caller's is
entered first, and others who come into it are looked up, on top.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH
from support.tapped import Tap
from support.world import World

from api.backup import gate
from engine.db import reading
from office.notices.queries import recent

ROUTE = Path(__file__).parents[3] / "bench" / "route.bpmn"
TOLD_ROUTE = ROUTE.parent / "soak" / "route.bpmn"
TRIPS = 5
#: Whom the next step is offered to, who of them is there, what its deadline counts in, and how they
#: want to be told.
TELLING = 4


@pytest.fixture(autouse=True)
def looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the gate asks every two seconds it asks once here, however long a test takes."""
    monkeypatch.setattr(gate, "FRESH", 600)


def test_a_completion_asks_the_database_five_times_at_most(wired: tuple[World, Tap]) -> None:
    world, tap = wired
    world.deploy({ROUTE.name: ROUTE.read_bytes()})
    _first_step(world)  # reads the deployment, and writes down that the token was used
    _first_step(world, tap)
    begun, *others = tap.simple
    assert begun == f"BEGIN; SET LOCAL saraban.agency = '{world.home.id}'"  # no trip of its own
    assert others == ["COMMIT"]
    assert 3 < tap.trips <= TRIPS


def test_telling_people_and_a_comment_travel_with_the_step(wired: tuple[World, Tap]) -> None:
    """What is written for others is no trip of its own, however many they are."""
    world, tap = wired
    world.deploy({TOLD_ROUTE.name: TOLD_ROUTE.read_bytes()})
    _hand_on(world)
    _hand_on(world, tap)
    assert TRIPS < tap.trips <= TRIPS + TELLING
    with reading(world.system.engine) as db:
        told = recent(db, world.home.id, world.home.persons["boss"])
    assert [each.task_name for each in told] == ["ตรวจ", "ตรวจ"]


def _hand_on(world: World, tap: Tap | None = None) -> None:
    """The starter's step, whose end is told to the members of a unit."""
    variables = {"subject": "ขอวัสดุ", "unit": "central", "approver": "head", "closer": "clerk",
                 "urgency": 1}  # fmt: skip
    begun = {"definition_key": "soak-route", "variables": variables}
    task = world.post("/process-instances", begun).json["next"][0]["id"]
    if tap is not None:
        tap.reset()
    said = {"variables": {}, "comment": "เห็นชอบ"}
    answer = world.post(f"/tasks/{task}/complete", said)
    assert answer.status_code == 200, answer.text


def _first_step(world: World, tap: Tap | None = None) -> None:
    begun = {"definition_key": "bench_route", "variables": {"amount": 1}}
    task = world.post("/process-instances", begun).json["next"][0]["id"]
    if tap is not None:
        tap.reset()
    answer = world.post(f"/tasks/{task}/complete", {"variables": {}})
    assert answer.status_code == 200, answer.text


def test_an_open_inbox_asks_the_database_twice_and_writes_nothing(
    wired: tuple[World, Tap],
) -> None:
    world, tap = wired
    world.client.set_cookie("saraban", world.session("clerk"))
    _poll(world)  # a new line to the database is set up first
    world.clock.advance(timedelta(minutes=4))
    tap.reset()
    _poll(world)
    assert (tap.trips, tap.simple) == (2, [])  # who asks, what is new


def test_the_driver_remembers_every_statement_of_everyday_acts(wired: tuple[World, Tap]) -> None:
    """It reads longer ones anew each time, and who asks is asked with every request."""
    world, _ = wired
    world.deploy({TOLD_ROUTE.name: TOLD_ROUTE.read_bytes()})
    sent: list[str] = []

    @sa.event.listens_for(world.system.engine, "before_cursor_execute")
    def _note(_db: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    _hand_on(world)
    asked = len(sent)
    world.client.set_cookie("saraban", world.session("clerk"))
    assert world.client.get("/inbox/live").status_code == 200
    assert 0 < asked < len(sent)
    assert max(map(len, sent)) <= MAX_CACHED_STATEMENT_LENGTH


def _poll(world: World) -> None:
    assert world.client.get("/inbox/live?view=mine").status_code == 200
