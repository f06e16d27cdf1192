"""What the heart of the product costs its database: asked once too often, a step is slow for all.

Over a network each trip is a wait. The goal is twelve, and one COMMIT; we have come to five: who
asks, BEGIN, the instance with its tasks, all that is written, COMMIT. A key of the caller's is
entered first, others who come into it are looked up, and notices are written to them, on top.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from support.tapped import Tap
from support.world import World

ROUTE = Path(__file__).parents[3] / "bench" / "route.bpmn"
TRIPS = 5


def test_a_completion_asks_the_database_five_times_at_most(wired: tuple[World, Tap]) -> None:
    world, tap = wired
    world.deploy({ROUTE.name: ROUTE.read_bytes()})
    _first_step(world)  # reads the deployment, and writes down that the token was used
    _first_step(world, tap)
    begun, *others = tap.simple
    assert begun == f"BEGIN; SET LOCAL saraban.agency = '{world.home.id}'"  # no trip of its own
    assert others == ["COMMIT"]
    assert 3 < tap.trips <= TRIPS


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


def _poll(world: World) -> None:
    assert world.client.get("/inbox/live?view=mine").status_code == 200
