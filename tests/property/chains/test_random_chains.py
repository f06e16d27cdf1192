"""Any chain that cards can say opens again as it was, passes the linter, and runs to its end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr, unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import database
from support.builders import AGENCY, Case, TaskHandle, Works, assigned, bpmn, make_works, user
from support.nights import by_night
from support.random_chains import ACTION, CALLED, FOUND, PAST, VALUES, chains
from support.walking import an_action

from engine import runtime
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.db import reading
from engine.models.deployment import deployed_file
from engine.models.task import task
from engine.runtime.diagram import Box, Diagram, Node
from engine.runtime.parse.document import read_diagram
from forms.stored import StoredForms
from office.chains import rules
from office.chains.compose import compose
from office.chains.model import Chain
from office.chains.reading import read

#: before the step to which a task is returned
RETURN = "return:"
SUB = bpmn(CALLED, user("look", assigned("starter")), flows="start>look look>end")
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(chains())
@UNHURRIED
def test_a_chain_opens_again_as_it_was(chain: Chain) -> None:
    assert rules.faults(chain) == []
    assert read(compose(chain), chain.key) == chain


@given(chains())
@UNHURRIED
def test_what_was_composed_before_lists_could_change_opens_alike(chain: Chain) -> None:
    files = compose(chain)
    before = {name: as_before(content) for name, content in files.items()}
    assert read(before, chain.key) == chain


def as_before(content: bytes) -> bytes:
    """Steps of several by the numbers of a list, which their refusals count."""
    text = content.decode("utf-8")
    steps = re.findall(r"<userTask .*?</userTask>", text, re.DOTALL)
    for step in steps:
        people = re.search(r"<loopDataInputRef>=(.*?)</loopDataInputRef>", step)
        if people is None:
            continue
        older = step.replace(people[0], f"<loopCardinality>count({people[1]})</loopCardinality>")
        older = re.sub(r"\s*<inputDataItem[^>]*/>", "", older)
        by_number = quoteattr(unescape(f"{people[1]}[loopCounter]"))
        older = older.replace('value="asked_one"', f"value={by_number}")
        assert older != step
        text = text.replace(step, older)
        output = re.search(r"<loopDataOutputRef>(.*?)</loopDataOutputRef>", step)
        if output:
            text = text.replace(f"count({output[1]})", f"count({people[1]})")
    return text.encode()


@given(chains())
@UNHURRIED
def test_nothing_is_drawn_over_another(chain: Chain) -> None:
    (diagram,) = read_diagrams(compose(chain), chain.key)
    nodes = diagram.processes[0].nodes
    # events stand on borders, blocks around what is in them
    around = ("boundaryEvent", "subProcess")
    drawn = [box for id_, box in diagram.boxes.items() if nodes[id_].type not in around]
    assert len(drawn) == sum(node.type not in around for node in nodes.values())
    for one, other in combinations(drawn, 2):
        apart = (
            one.x + one.width <= other.x or other.x + other.width <= one.x
            or one.y + one.height <= other.y or other.y + other.height <= one.y
        )  # fmt: skip
        assert apart, (one, other)
    for whole in (node.id for node in nodes.values() if node.type == "subProcess"):
        for id_, box in diagram.boxes.items():
            if nodes[id_].type not in around:
                assert _holds(diagram.boxes[whole], box) == _is_in(nodes, id_, whole), (id_, whole)


def _holds(whole: Box, box: Box) -> bool:
    return (
        whole.x <= box.x and box.x + box.width <= whole.x + whole.width
        and whole.y <= box.y and box.y + box.height <= whole.y + whole.height
    )  # fmt: skip


def _is_in(nodes: Mapping[str, Node], id_: str, whole: str) -> bool:
    parent = nodes[id_].parent
    return parent is not None and (parent == whole or _is_in(nodes, parent, whole))


def read_diagrams(files: Mapping[str, bytes], key: str) -> list[Diagram]:
    return [read_diagram(f"{key}.bpmn", files[f"{key}.bpmn"])]


@given(chains())
@UNHURRIED
def test_a_chain_passes_the_linter(chain: Chain) -> None:
    found = runtime.check(
        compose(chain) | {"sub.bpmn": SUB},
        actions={ACTION: an_action(ACTION, optional=("text",)), FOUND.name: FOUND, PAST.name: PAST},
        forms=StoredForms(),
    )
    quiet = {"join_in_cycle", "shared_variable", "cycle_without_wait"}
    assert [problem for problem in found if problem.code not in quiet] == []


@pytest.mark.timeout(3_000)
@given(chains(), st.lists(st.integers(0, 99), max_size=14))
@settings(deadline=None, max_examples=by_night(30, 600), suppress_health_check=list(HealthCheck))
def test_a_chain_runs_to_its_end_whatever_people_say(
    sqlite_template: Path, tmp_path: Path, clock: SteppedClock, chain: Chain, said: list[int]
) -> None:
    # a house of its own for each: the audit reads all that is in it
    with database.sqlite_clone(sqlite_template, tmp_path / "chain.db") as engine:
        works = make_works(engine, clock, FOUND, PAST, forms=StoredForms())
        works.run(Deploy(compose(chain) | {"sub.bpmn": SUB}))
        case = works.start(chain.key, "somchai", None, **VALUES)
        for number in [*said, *([0] * 200)]:
            if case.status == "completed":
                break
            _go_on(works, case, number)
        assert case.status == "completed", (case.open(), case.history)
        assert works.findings() == []


def _go_on(works: Works, case: Case, number: int) -> None:
    """Somebody does an open task in one of its ways, or time passes, or a job runs."""
    if works.work_off():
        return
    rows = works.rows(task, task.c.root_id == case.id, task.c.state.in_(["open", "claimed"]))
    if not rows or number % 7 == 6:
        works.tick(days=45)
        return
    row = sorted(rows, key=lambda row: row.id)[number % len(rows)]
    ways = [f"{RETURN}{one}" for one in row.returns]
    outcomes = [*(one["id"] for one in row.outcomes), *ways] or [None]
    outcome = outcomes[number % len(outcomes)]
    if outcome and outcome.startswith(RETURN):
        resume = ("rerun", "back_to_me")[number % 2]
        back = outcome.removeprefix(RETURN)
        TaskHandle(case, row.id, _who(works, row)).send_back(back, "ขอให้แก้ไข", resume)
        return
    asks = {one["id"] for one in row.outcomes if one.get("reason_required")}
    reason = "เพราะไม่ตรงระเบียบ" if outcome in asks else None
    # whoever started it corrects the whole form
    changed = VALUES | {"amount": 7, "notes": "แก้"}
    # somebody is there whom they choose for a later step
    typed = {key: changed.get(key, "malee") for key in _keys(works, row)}
    TaskHandle(case, row.id, _who(works, row)).complete(outcome, reason, **typed)


def _keys(works: Works, row: Any) -> Sequence[str]:
    if row.form is None:
        return ()
    files = works.rows(deployed_file, deployed_file.c.name == f"{row.form}.form.json")
    return StoredForms().keys(max(files, key=lambda one: one.id).content)


def _who(works: Works, row: Any) -> str:
    principals = [f"{one['kind']}:{one['id']}" for one in row.candidates]
    with reading(works.engine) as db:
        able = works.people.who_can_act(db, AGENCY, principals, works.clock.now())
    return sorted(able - set(row.excluded))[0]
