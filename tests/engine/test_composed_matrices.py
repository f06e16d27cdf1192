"""Composed approval matrices run by the engine: each way of each table is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from support.builders import Case, Works, make_works
from support.matrices import APPROVALS, KIT, approve

from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from forms.stored import StoredForms
from office.chains import rules
from office.chains.compose import compose
from office.chains.matrix.editing import relabelled
from office.chains.model import Ask, Cell, Chain, Matrix, Rule
from office.chains.reading import read


def started(works: Works, chain: Chain, **values: Any) -> Case:
    assert rules.faults(chain) == []
    works.run(Deploy(compose(chain)))
    given = {"amount": 5, "kind": "งาน", "day": "2026-12-08", "hurry": False, **values}
    return works.start("matrix", "somchai", None, **given)


@pytest.fixture
def works(sqlite_engine: Engine, clock: SteppedClock) -> Works:
    return make_works(sqlite_engine, clock, forms=StoredForms())


@pytest.mark.parametrize(
    ("values", "open_steps"),
    [
        ({"amount": 100_000}, ["head"]),
        ({"amount": "100000.01"}, ["director"]),
        ({"amount": 500_000}, ["director"]),
        ({"amount": 500_001}, ["top"]),
        ({"amount": 700_000, "kind": "คอมพิวเตอร์"}, ["computers"]),
        ({"amount": 700_000, "hurry": True}, ["head"]),
        ({"amount": 700_000, "day": "2027-03-01"}, ["head"]),
        ({"amount": 700_000, "day": "2027-03-02"}, ["top"]),
    ],
)
def test_the_first_rule_that_holds_opens_one_way(
    works: Works, values: dict[str, Any], open_steps: list[str]
) -> None:
    case = started(works, APPROVALS, **values)
    assert case.open() == open_steps
    case.task(open_steps[0]).complete("approve")
    assert case.status == "completed"
    assert works.findings() == []


@pytest.mark.parametrize(
    ("values", "open_steps"),
    [
        ({"amount": 5}, ["head"]),
        ({"amount": 900_000}, ["top"]),
        ({"amount": 900_000, "kind": "คอมพิวเตอร์"}, ["computers"]),
        ({"amount": 5, "kind": "คอมพิวเตอร์"}, ["computers", "head"]),
        ({"amount": 300_000, "kind": "คอมพิวเตอร์"}, ["computers", "director"]),
        ({"amount": 300_000}, ["director"]),
    ],
)
def test_every_rule_that_holds_opens_its_way(
    works: Works, values: dict[str, Any], open_steps: list[str]
) -> None:
    case = started(works, replace(APPROVALS, steps=(KIT,)), **values)
    assert sorted(case.open()) == open_steps
    for step in open_steps:
        assert case.status == "active"
        case.task(step).complete("approve")
    assert case.status == "completed"
    assert works.findings() == []


def test_where_no_rule_holds_the_last_way_is_taken(works: Works) -> None:
    for hit in ("unique", "first", "all"):
        made = relabelled(KIT, [branch.label for branch in KIT.branches], hit)
        one = replace(made, rules=(Rule((Cell(low="100"), Cell()), "ผู้อำนวยการ"),))
        case = started(works, replace(APPROVALS, steps=(one,)))
        assert case.open() == ["top"], hit


def test_a_refusal_ends_all_the_ways_that_were_opened(works: Works) -> None:
    def refused(step: Ask) -> Ask:
        return replace(step, refusal="end", outcomes=approve(step.id, refusal=True).outcomes)

    inside = [replace(one, steps=tuple(refused(step) for step in one.steps))
              for one in KIT.branches]  # fmt: skip
    chain = replace(APPROVALS, steps=(replace(KIT, branches=tuple(inside)),))
    case = started(works, chain, kind="คอมพิวเตอร์")
    case.task("computers").complete("refuse", "เพราะไม่ตรงระเบียบ")
    assert (case.status, case.open()) == ("completed", [])


@pytest.mark.parametrize("to_me", [False, True])
def test_a_refusal_leaves_all_the_ways_and_the_table_is_asked_anew(
    works: Works, to_me: bool
) -> None:
    def leaving(step: Ask) -> Ask:
        asked = approve(step.id, refusal=True)
        return replace(asked, refusal="back", back_to="ask", to_me=to_me)

    inside = [replace(one, steps=tuple(map(leaving, one.steps))) for one in KIT.branches]
    first, check = replace(approve("ask"), edits=("amount",)), approve("check")
    chain = replace(APPROVALS, steps=(first, check, replace(KIT, branches=tuple(inside))))
    assert read(compose(chain), chain.key) == chain
    case = started(works, chain, kind="คอมพิวเตอร์")
    case.task("ask").complete("approve", None, amount=5)
    case.task("check").complete("approve")
    for amount, way, other in ((300_000, "head", "director"), (5, "director", "head")):
        assert sorted(case.open()) == sorted(["computers", way])
        case.task("computers" if amount == 5 else way).complete("refuse", "เพราะวงเงินผิด")
        assert case.open() == ["ask"]
        case.task("ask").complete("approve", None, amount=amount)
        if not to_me:
            case.task("check").complete("approve")
        assert sorted(case.open()) == sorted(["computers", other])
    for step in ("computers", "head"):
        case.task(step).complete("approve")
    assert case.status == "completed"
    assert works.findings() == []


def test_whoever_refuses_on_a_way_of_the_table_chooses(works: Works) -> None:
    def choosing(step: Ask) -> Ask:
        asked = approve(step.id, refusal=True)
        return replace(asked, refusal="chosen", may=("end", "start", "ask"))

    inside = [replace(one, steps=tuple(map(choosing, one.steps))) for one in KIT.branches]
    chain = replace(APPROVALS, steps=(approve("ask"), replace(KIT, branches=tuple(inside))))
    assert read(compose(chain), chain.key) == chain
    case = started(works, chain, kind="คอมพิวเตอร์")
    case.task("ask").complete("approve")
    given = {"kind": "คอมพิวเตอร์", "day": "2026-12-08", "hurry": False}
    for resume in ("back_to_me", "rerun"):
        case.task("computers").send_back("s_computers", "แก้วงเงิน", resume)
        assert case.open() == ["s_computers"]
        case.task("s_computers").complete(None, None, amount=900_000, **given)
        if resume == "rerun":
            case.task("ask").complete("approve")
        assert case.open() == ["computers"]
        case.task("computers").send_back("ask", "แก้วงเงิน", resume)
        assert case.open() == ["ask"]
        case.task("ask").complete("approve")
    case.task("computers").complete("refuse", "ไม่ตรงระเบียบ")
    assert (case.status, case.open()) == ("completed", [])
    assert works.findings() == []


def test_a_step_may_go_back_over_the_table_and_takes_another_way(works: Works) -> None:
    first = replace(approve("ask"), edits=("amount",))
    last = replace(approve("last", refusal=True), refusal="back", back_to="ask")
    assert isinstance(APPROVALS.steps[0], Matrix)
    case = started(works, replace(APPROVALS, steps=(first, APPROVALS.steps[0], last)))
    case.task("ask").complete("approve", None, amount=5)
    case.task("head").complete("approve")
    case.task("last").complete("refuse", "เพราะวงเงินผิด")
    case.task("ask").complete("approve", None, amount=600_000)
    assert case.open() == ["top"]
