"""Any process, wherever its instance stands, takes a further task anywhere and still completes.

A flow of the old version leads over a new task in the new one. The instance migrates between two
steps, and what is done and what is open stay as they are; afterwards it runs to its end, and each
token that comes along that flow finds the new task.
"""

from __future__ import annotations

import random
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.blocks import draw
from support.blocks import given as variables_of
from support.diagrams import bpmn, end, flow, path, process, start, user
from support.random_blocks import any_block
from support.walking import Walk, compiled

#: enough for any of these models, unless one runs in a circle
MOST = 400


def _tasks_between(xml: str) -> list[tuple[str, str]]:
    """Flows without a condition, by their ends: those that a task can be drawn into."""
    found = re.findall(
        r'<bpmn:sequenceFlow id="[^"]*" sourceRef="([^"]*)" targetRef="([^"]*)"></bpmn', xml
    )
    return sorted(set(found))


def _with_task(xml: str, source: str, target: str) -> str:
    """The flow keeps its id and leads to the new task, as an editor draws it."""
    old = flow(source, target)
    moved = flow(source, "new", id_=f"{source}-{target}")
    return xml.replace(old, moved + user("new") + flow("new", target), 1)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data(), st.integers(0, 2**32))
def test_a_further_task_anywhere(data: st.DataObject, seed: int) -> None:
    chance = random.Random(seed)
    block = data.draw(any_block(3))
    drawn = draw(block)
    ends = [start("begin"), end("stop"), path("begin", drawn.first), path(drawn.last, "stop")]
    xml = process("p", *ends, *drawn.xml)
    source, target = chance.choice(_tasks_between(xml))
    old, new = compiled(bpmn(xml)), compiled(bpmn(_with_task(xml, source, target)))
    walk = Walk(old, variables=dict(variables_of(block)))
    _some(walk, chance, chance.randrange(8))
    if walk.done:
        return
    before = walk.open, walk.waiting, dict(walk.variables), sorted(walk.tasks)
    walk.migrate(new)
    assert (walk.open, walk.waiting, dict(walk.variables), sorted(walk.tasks)) == before
    at = len(walk.steps)
    _some(walk, chance, MOST)
    assert (walk.done, walk.troubles) == (True, [])
    later = walk.steps[at:]
    assert later.count("completed new") == later.count(f"flow {source}-{target}")


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(0, 2**32))
def test_there_and_back_is_the_same_state(data: st.DataObject, seed: int) -> None:
    chance = random.Random(seed)
    block = data.draw(any_block(3))
    drawn = draw(block)
    ends = [start("begin"), end("stop"), path("begin", drawn.first), path(drawn.last, "stop")]
    xml = process("p", *ends, *drawn.xml)
    old = compiled(bpmn(xml))
    new = compiled(bpmn(_with_task(xml, *chance.choice(_tasks_between(xml)))))
    walk = Walk(old, variables=dict(variables_of(block)))
    _some(walk, chance, chance.randrange(8))
    state = walk.last.state
    if not walk.done:
        assert walk.migrate(new).migrate(old).last.state == state


def _some(walk: Walk, chance: random.Random, steps: int) -> None:
    for _ in range(steps):
        if walk.done:
            return
        name = chance.choice(walk.open)
        back = name.endswith("h") and chance.random() < 0.2
        outcome = ("back" if back else "on") if name.endswith("h") else None
        walk.complete(name, outcome=outcome)
