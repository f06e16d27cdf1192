"""Instances in flight that earlier versions stored: this one goes on with them, to the same end.

There is one for everything that a token can wait at. `support.golden` writes new ones, never over
one that is there.
"""

from __future__ import annotations

from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState
from support.golden import CASES, FOLDER, Resumed, load

from engine.runtime.advance import revived
from engine.runtime.places.containers import Call, EventSubProcess, SubProcess, Trigger
from engine.runtime.places.events import Boundary, Catch, ErrorEnd, TerminateEnd, Throw
from engine.runtime.places.gateways import EventBased, Exclusive, Inclusive, Parallel
from engine.runtime.places.loops import StandardLoop
from engine.runtime.places.multi_instance import MultiInstance
from engine.runtime.places.place import Place
from engine.runtime.places.tasks import (
    DecisionTask,
    PassThrough,
    ScriptTask,
    ServiceTask,
    UserTask,
)

KEPT = sorted(file.stem for file in FOLDER.glob("*.json"))
#: no token rests at these but one that is stuck
AT_ONCE = {PassThrough, ScriptTask, DecisionTask, Exclusive, Throw, ErrorEnd, TerminateEnd}
RESTS = {UserTask, ServiceTask, Catch, Boundary, Trigger, Parallel, Inclusive, EventBased,
         StandardLoop, MultiInstance, SubProcess, EventSubProcess, Call}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_goes_on_to_the_same_end(name: str):
    kept = load(name)
    walk = Resumed(kept)
    for verb, element_id, given in kept["then"]:
        walk.act(verb, element_id, given)
    assert walk.done
    assert walk.variables == kept["end"]["variables"]
    assert walk.steps == kept["end"]["steps"]


def test_no_case_is_without_its_file():
    assert set(CASES) <= set(KEPT), "run `python -m support.golden`, and keep what it wrote"


def tokens() -> list[Any]:
    found: list[Any] = []
    for name in KEPT:
        walk = Resumed(load(name))
        instance = revived(*walk._state, walk.around)
        found += instance.tasks.values()
    return found


def concrete(kind: type[Place]) -> set[type[Place]]:
    below = set(kind.__subclasses__())
    return below.union(*(concrete(one) for one in below))


def test_every_place_at_which_a_token_rests_is_there():
    """A new one wants a new file: what it stores must be read by the versions after it."""
    assert {type(token.task_spec) for token in tokens()} >= RESTS
    shared = {kind for kind in concrete(Place) if kind.__subclasses__()} - RESTS - AT_ONCE
    root = {kind for kind in concrete(Place) if kind.__name__ == "Root"}
    assert concrete(Place) - shared - root == RESTS | AT_ONCE


def test_every_event_that_is_waited_for_is_there():
    waiting = {
        (type(token.task_spec).__name__, token.task_spec.event.kind)
        for token in tokens()
        if isinstance(token.task_spec, Catch)
    }
    assert {kind for place, kind in waiting if place == "Catch"} == {
        "message", "signal", "timer", "conditional",
    }  # fmt: skip
    for place in ("Boundary", "Trigger"):
        assert {kind for one, kind in waiting if one == place} == {
            "message", "signal", "timer", "conditional", "error", "escalation",
        }  # fmt: skip


def test_every_way_to_be_stuck_is_there():
    stuck = [token for token in tokens() if token.state == TaskState.ERROR]
    assert {token.internal_data["stuck"] for token in stuck} == {"arrive", "run", "look"}
