"""Composed chains run by the engine: each way of a refusal taken, each loop twice."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from support.builders import Case, Works, assigned, bpmn, make_works, user
from support.composed import NO, ask, say
from support.random_chains import FOUND

from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.errors import Forbidden, Invalid
from office.chains import rules
from office.chains.compose import compose
from office.chains.model import (
    Branch,
    Call,
    Chain,
    Choose,
    Due,
    How,
    Late,
    Outcome,
    Span,
    Step,
    Together,
    Who,
)


def started(works: Works, *steps: Step) -> Case:
    chain = Chain("chain", "สาย", steps)
    assert rules.faults(chain) == []
    works.run(Deploy(compose(chain)))
    return works.start("chain", "somchai")


def back(how: How = "one", **more: object) -> dict[str, object]:
    return {"refusal": "back", "back_to": "draft", "to_me": True, "how": how, **more}


def test_corrected_work_goes_straight_to_whoever_sent_it_back(works: Works) -> None:
    case = started(
        works,
        ask("draft", "somchai"),
        ask("check", "malee"),
        ask("head", "head", **back()),
        ask("boss", "director", **{**back(), "to_me": False}),
    )
    say(case, "draft", ("somchai", "approve"))
    say(case, "check", ("malee", "approve"))
    for _again in range(2):
        say(case, "head", ("head", "refuse"))
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
        assert case.open() == ["head"]
    say(case, "head", ("head", "approve"))
    for _again in range(2):
        say(case, "boss", ("director", "refuse"))
        say(case, "draft", ("somchai", "approve"))
        assert case.open() == ["check"]
        say(case, "check", ("malee", "approve"))
        say(case, "head", ("head", "approve"))
    say(case, "boss", ("director", "approve"))
    assert case.status == "completed"
    assert works.findings() == []


def test_several_who_refused_are_asked_again(works: Works) -> None:
    both = Who("named", ("person:malee", "person:head"))
    case = started(
        works,
        ask("draft", "somchai"),
        Choose("size", "ทาง", (
            Branch("ก", (ask("each", "malee", **back("in_order", who=both)),), "1 = 1"),
            Branch("ข"),
        )),
        ask("share", "malee", **back("share", share=60, who=both)),
    )  # fmt: skip
    say(case, "draft", ("somchai", "approve"))
    for _again in range(2):
        say(case, "each", ("malee", "refuse"))
        say(case, "draft", ("somchai", "approve"))
        assert case.open() == ["each"]
    say(case, "each", ("malee", "approve"), ("head", "approve"))
    for _again in range(2):
        assert case.open() == ["share", "share"]
        say(case, "share", ("malee", "refuse"))
        say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["share", "share"]
    say(case, "share", ("malee", "approve"), ("head", "approve"))
    assert case.status == "completed"
    assert works.findings() == []


def test_whoever_did_a_step_may_not_do_the_one_that_checks_it(works: Works) -> None:
    desk = Who("named", ("role:officer",))
    case = started(
        works, ask("first", "malee"), ask("second", "malee", who=desk, not_those=("first",))
    )
    say(case, "first", ("malee", "approve"))
    assert case.task("second").row.excluded == ["malee"]
    with pytest.raises(Forbidden):
        case.task("second").by("malee").complete("approve")
    case.task("second").by("somchai").complete("approve")
    assert case.status == "completed"


def test_an_opinion_can_be_demanded(works: Works) -> None:
    asked = (Outcome("approve", "เห็นชอบ", "Approve", reason=True),)
    case = started(works, ask("first", "malee", outcomes=asked))
    with pytest.raises(Invalid):
        case.task("first").by("malee").complete("approve")
    case.task("first").by("malee").complete("approve", NO)
    assert case.status == "completed"


def test_a_refusal_in_parallel_work_ends_the_whole_case(works: Works) -> None:
    sides = tuple(Branch(who, (ask(f"of_{who}", who, refusal="end"),)) for who in ("malee", "head"))
    case = started(works, Together("both", "พร้อมกัน", sides), ask("after", "director"))
    say(case, "of_malee", ("malee", "refuse"))
    assert (case.status, case.open()) == ("completed", [])
    assert case.task("of_head").row.state == "cancelled"
    assert works.findings() == []


@pytest.mark.parametrize("name", ["head_outcome", "draft_outcome"])
def test_nobody_brings_in_the_answer_of_a_step(works: Works, name: str) -> None:
    steps = ask("draft", "somchai"), ask("check", "malee"), ask("head", "head", **back())
    case = started(works, *steps)
    with pytest.raises(Invalid) as refused:
        case.task("draft").by("somchai").complete("approve", **{name: "refuse"})
    assert [(one.path, one.code) for one in refused.value.errors] == [(name, "set_by_process")]
    with pytest.raises(Invalid):
        works.start("chain", "somchai", **{name: "refuse"})
    case.task("draft").by("somchai").complete("approve", remark="ก")
    assert case.open() == ["check"]


def test_nor_from_inside_a_process_that_is_called(works: Works) -> None:
    works.deploy(
        bpmn("sub", user("inside", assigned("person", "malee")), flows="start>inside inside>end")
    )
    case = started(
        works, ask("draft", "somchai"), Call("call", "ย่อย", "sub"), ask("head", "head", **back())
    )
    say(case, "draft", ("somchai", "approve"))
    with pytest.raises(Invalid):
        case.task("inside").by("malee").complete(draft_outcome="refuse")
    case.task("inside").by("malee").complete(draft_outcome="approve")
    assert case.open() == ["head"]


def late(way: Late) -> Due:
    return Due(Span(5), late=way)


@pytest.mark.parametrize("way", ["pass", "refuse"])
def test_a_deadline_leaves_no_refusal_behind(works: Works, way: Late) -> None:
    case = started(
        works,
        ask("draft", "somchai"),
        ask("check", "malee"),
        ask("head", "head", **back(due=late(way))),
        ask("boss", "director", **back(to_me=False)),
    )
    say(case, "draft", ("somchai", "approve"))
    say(case, "check", ("malee", "approve"))
    say(case, "head", ("head", "refuse"))
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["head"]
    works.tick(days=30)
    if way == "refuse":
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
        assert case.open() == ["head"]
        say(case, "head", ("head", "approve"))
    say(case, "boss", ("director", "refuse"))
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["check"]
    assert works.findings() == []


def test_a_step_that_asks_for_more_itself_is_followed_by_all_others(works: Works) -> None:
    case = started(
        works,
        ask("start1", "somchai"),
        ask("draft", "malee", refusal="back", back_to="start1"),
        ask("check", "malee"),
        ask("head", "head", **back()),
    )
    for step, who in (("start1", "somchai"), ("draft", "malee"), ("check", "malee")):
        say(case, step, (who, "approve"))
    say(case, "head", ("head", "refuse"))
    say(case, "draft", ("malee", "refuse"))
    say(case, "start1", ("somchai", "approve"))
    say(case, "draft", ("malee", "approve"))
    assert case.open() == ["check"]


@pytest.mark.parametrize(("how", "who"), [
    ("share", Who("members", ("role:officer",))), ("all", Who("head", ("unit:desk",))),
    ("in_order", Who("ladder", rank="division")),
])  # fmt: skip
def test_those_who_are_looked_up_can_get_work_straight_again(
    sqlite_engine: Engine, clock: SteppedClock, how: How, who: Who
) -> None:
    works = make_works(sqlite_engine, clock, FOUND)
    case = started(
        works,
        ask("draft", "somchai"),
        ask("check", "malee"),
        ask("asked", "", **back(how, who=who)),
    )
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["check"]
    say(case, "check", ("malee", "approve"))
    works.work_off()
    say(case, "asked", ("head", "refuse"))
    while case.open() != ["draft"]:
        say(case, "asked", ("malee", "refuse"))
    say(case, "draft", ("somchai", "approve"))
    works.work_off()
    assert set(case.open()) == {"asked"}


def test_a_called_chain_knows_nothing_of_its_callers_rounds(works: Works) -> None:
    inner = Chain("inner", "ใน", (ask("draft", "malee"), ask("check", "malee"),
                                  ask("head", "head", **back())))  # fmt: skip
    works.run(Deploy(compose(inner)))
    case = started(
        works, ask("draft", "somchai"), Call("call", "ย่อย", "inner"), ask("head", "head", **back())
    )
    say(case, "draft", ("somchai", "approve"))
    for step, who in (("draft", "malee"), ("check", "malee")):
        assert case.open() == [step]
        say(case, step, (who, "approve"))
    say(case, "head", ("head", "refuse"))
    say(case, "draft", ("malee", "approve"))
    assert case.open() == ["head"]
    say(case, "head", ("head", "approve"))
    say(case, "head", ("head", "refuse"))
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["head"]
    assert works.findings() == []
