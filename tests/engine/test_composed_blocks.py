"""Refusals that leave parallel work: the other ways end, and coming back begins it anew."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from support.builders import Case, TaskHandle, Works, make_works
from support.composed import NO, ask, say
from support.random_chains import FOUND, PAST

from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.errors import Conflict
from engine.events import TaskWithdrawn
from engine.models.history import history_event
from engine.models.task import task
from office.chains import rules, words
from office.chains.compose import compose
from office.chains.model import (
    Ask,
    Branch,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Span,
    Step,
    Together,
    Who,
)
from office.chains.reading import read

FIELDS = (Field("subject", "เรื่อง"),)


def started(works: Works, *steps: Step, fields: tuple[Field, ...] = ()) -> Case:
    chain = Chain("chain", "สาย", steps, fields)
    assert rules.faults(chain) == []
    files = compose(chain)
    assert read(files, "chain") == chain
    works.run(Deploy(files))
    return works.start("chain", "somchai", None, **({"subject": "ก"} if fields else {}))


def both(*ways: tuple[Step, ...], note: str = "") -> Together:
    branches = tuple(Branch(f"ทาง {n}", way) for n, way in enumerate(ways))
    return Together("both", "พร้อมกัน", branches, note)


def back(id_: str, person: str, **more: Any) -> Ask:
    return ask(id_, person, **{"refusal": "back", "back_to": "draft", **more})


def chosen(id_: str, person: str, *may: str) -> Ask:
    buttons = words.outcomes_of("approve", refusal="end" in may)
    return replace(ask(id_, person), refusal="chosen", may=may, outcomes=buttons)


def states(case: Case, step: str) -> list[str]:
    """Of each task of the step, the first one first."""
    rows = case.works.rows(task, task.c.root_id == case.id, task.c.element_id == step)
    return [row.state for row in sorted(rows, key=lambda row: row.id)]


DRAFT = ask("draft", "somchai")
AFTER = ask("after", "director")


def begun(works: Works, *steps: Step, **more: Any) -> Case:
    case = started(works, DRAFT, *steps, AFTER, **more)
    say(case, "draft", ("somchai", "approve"))
    return case


@pytest.mark.parametrize(("step", "who"), [("left", "malee"), ("right", "head")])
def test_a_refusal_ends_the_other_way_and_begins_anew(works: Works, step: str, who: str) -> None:
    case = begun(works, both((back("left", "malee"),), (back("right", "head"),)))
    other, else_who = {"left": ("right", "head"), "right": ("left", "malee")}[step]
    for _twice in range(2):
        assert sorted(case.open()) == ["left", "right"]
        say(case, step, (who, "refuse"))
        assert case.open() == ["draft"]
        assert states(case, other)[-1] == "cancelled"
        say(case, "draft", ("somchai", "approve"))
    gone = works.rows(
        history_event, history_event.c.root_id == case.id, history_event.c.type == "task.cancelled"
    )
    assert [row.element_id for row in gone] == [other, other]
    say(case, other, (else_who, "approve"))
    say(case, step, (who, "refuse"))
    say(case, "draft", ("somchai", "approve"))
    for name, by in (("left", "malee"), ("right", "head")):
        say(case, name, (by, "approve"))
    assert case.open() == ["after"]
    say(case, "after", ("director", "approve"))
    assert case.status == "completed"
    assert works.findings() == []


@pytest.mark.parametrize("refusal", ["back", "end"])
def test_those_who_are_no_longer_asked_are_told_why(works: Works, refusal: str) -> None:
    left = back("left", "malee") if refusal == "back" else ask("left", "malee", refusal="end")
    case = begun(works, both((left,), (ask("right", "head"),)))
    say(case, "left", ("malee", "refuse"))
    (told,) = works.heard.of(TaskWithdrawn)
    assert (told.task.element_id, told.actor.username, told.reason) == ("right", "malee", NO)


def test_or_ends_the_matter(works: Works) -> None:
    ends = ask("right", "head", refusal="end")
    case = begun(works, both((back("left", "malee"),), (ends,)))
    say(case, "left", ("malee", "refuse"))
    say(case, "draft", ("somchai", "approve"))
    say(case, "right", ("head", "refuse"))
    assert (case.status, case.open()) == ("completed", [])
    assert states(case, "left")[-1] == "cancelled"
    assert states(case, "after") == []
    assert works.findings() == []


@pytest.mark.parametrize("to_me", [False, True])
def test_corrected_work_comes_to_the_whole_again(works: Works, to_me: bool) -> None:
    check = ask("check", "director")
    case = begun(works, check, both((back("left", "malee", to_me=to_me),), (ask("right", "head"),)))
    say(case, "check", ("director", "approve"))
    for _twice in range(2):
        say(case, "right", ("head", "approve"))
        say(case, "left", ("malee", "refuse"))
        say(case, "draft", ("somchai", "approve"))
        if not to_me:
            assert case.open() == ["check"]
            say(case, "check", ("director", "approve"))
        assert sorted(case.open()) == ["left", "right"]
    assert works.findings() == []


def test_the_refuser_chooses_out_of_parallel_work(works: Works) -> None:
    left = chosen("left", "malee", "end", "start", "draft")
    right = chosen("right", "head", "start")
    case = begun(works, both((left,), (right,)), fields=FIELDS)
    for resume in ("back_to_me", "rerun"):
        case.task("left").by("malee").send_back("s_left", NO, resume)
        assert case.open() == ["s_left"]
        case.task("s_left").by("somchai").complete(subject=resume)
        if resume == "rerun":
            say(case, "draft", ("somchai", "approve"))
        assert sorted(case.open()) == ["left", "right"]
        case.task("right").by("head").send_back("s_right", NO, resume)
        assert case.open() == ["s_right"]
        case.task("s_right").by("somchai").complete(subject=resume)
        if resume == "rerun":
            say(case, "draft", ("somchai", "approve"))
    case.task("left").by("malee").send_back("draft", NO, "back_to_me")
    say(case, "draft", ("somchai", "approve"))
    assert sorted(case.open()) == ["left", "right"]
    say(case, "left", ("malee", "refuse"))
    assert (case.status, case.open()) == ("completed", [])
    assert works.findings() == []


def test_from_deep_inside_and_beside_ways_of_its_own(works: Works) -> None:
    first, own = ask("first", "malee"), back("own", "malee", back_to="first", to_me=True)
    deep = Choose("ways", "ทาง", (Branch("ก", (back("deep", "head"),), "1 = 1"), Branch("ข")))
    inner = Together("inner", "ใน", (Branch("1", (deep,)), Branch("2", (ask("beside", "head"),))))
    case = begun(works, both((first, own), (inner,), note="อ่านก่อน"))
    for _twice in range(2):
        say(case, "first", ("malee", "approve"))
        say(case, "own", ("malee", "refuse"))
        say(case, "first", ("malee", "approve"))
        assert sorted(case.open()) == ["beside", "deep", "own"]
        say(case, "deep", ("head", "refuse"))
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
    say(case, "first", ("malee", "approve"))
    assert sorted(case.open()) == ["beside", "deep", "own"]
    assert works.findings() == []


@pytest.mark.parametrize("how", ["all", "in_order", "share"])
def test_several_leave_it_together(works: Works, how: Any) -> None:
    two = Who("named", ("person:malee", "person:head"))
    share = {"share": 100} if how == "share" else {}
    left = back("left", "malee", who=two, how=how, **share)
    case = begun(works, both((left,), (ask("right", "director"),)))
    for _twice in range(2):
        say(case, "left", ("malee", "refuse"))
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
    say(case, "left", ("malee", "approve"), ("head", "approve"))
    assert case.open() == ["right"]
    assert works.findings() == []


@pytest.mark.parametrize("refusal", ["back", "end"])
def test_a_deadline_leaves_it_as_a_refusal_does(works: Works, refusal: str) -> None:
    late = Due(Span(5), late="refuse")
    left = back("left", "malee", due=late)
    if refusal == "end":
        left = ask("left", "malee", refusal="end", due=late)
    case = begun(works, both((left,), (back("right", "head"),)))
    works.tick(days=30)
    assert case.open() == (["draft"] if refusal == "back" else [])
    assert works.findings() == []


@pytest.mark.parametrize("several", [False, True])
def test_who_is_informed_inside_neither_holds_it_up_nor_ends_with_it(
    works: Works, several: bool
) -> None:
    names = ("person:malee", "person:head") if several else ("person:malee",)
    told = Inform("told", "แจ้ง", Who("named", names))
    left, right = back("left", "malee"), ask("right", "head")
    case = begun(works, both((told, left), (right,)))
    for rounds in (1, 2):
        say(case, "left", ("malee", "refuse"))
        assert sorted(case.open()) == ["draft", *["told"] * rounds * len(names)]
        say(case, "draft", ("somchai", "approve"))
    say(case, "left", ("malee", "approve"))
    say(case, "right", ("head", "approve"))
    say(case, "after", ("director", "approve"))
    assert set(case.open()) == {"told"}
    for _round in range(3):
        say(case, "told", *((name.partition(":")[2], "acknowledge") for name in names))
    assert case.status == "completed"
    assert works.findings() == []


@pytest.mark.parametrize(("late", "status"), [("pass", "completed"), ("superior", "active")])
def test_what_is_not_acknowledged_in_time_is_waited_for_no_more_where_the_card_says_so(
    works: Works, late: Any, status: str
) -> None:
    due = Due(Span(3), remind=True, late=late)
    inside = Inform("inside", "แจ้ง", Who("named", ("person:malee",)), due=due)
    each = Inform("each", "แจ้ง", Who("named", ("person:malee", "person:head")), due=due)
    case = begun(works, both((inside, back("left", "malee")), (ask("right", "head"),)), each)
    say(case, "left", ("malee", "approve"))
    say(case, "right", ("head", "approve"))
    say(case, "each", ("head", "acknowledge"))
    works.tick(days=30)
    left = ["each", "inside"] if late == "superior" else []
    assert sorted(case.open()) == ["after", *left]  # whom nothing waits for hold up nothing
    say(case, "after", ("director", "approve"))
    assert case.status == status
    for step, who in [(one, "head") for one in left]:  # whose superior the head is
        row = next(
            row for row in works.rows(task, task.c.element_id == step) if row.state == "open"
        )
        TaskHandle(case, row.id, who).complete("acknowledge")
    assert case.status == "completed"
    assert works.findings() == []


def test_who_is_informed_deep_inside_is_told_outside_all_of_it(
    sqlite_engine: Engine, clock: SteppedClock
) -> None:
    works = make_works(sqlite_engine, clock, FOUND, PAST)
    nobody = Who("named", ("role:gone",), if_nobody="pass")
    told = Inform("told", "แจ้ง", Who("named", ("person:director",)))
    way = (
        ask("own", "malee"),
        told,
        Inform("none", "แจ้ง", nobody),
        back("in", "malee", back_to="own"),
    )
    inner = Together("inner", "ใน", (Branch("1", way), Branch("2", (back("beside", "head"),))))
    case = begun(works, both((inner,), (ask("right", "head"),)))
    for rounds, (step, who) in enumerate([("in", "malee"), ("beside", "head")] * 2, 1):
        say(case, "own", ("malee", "approve"))
        while works.work_off():
            pass
        assert sorted(case.open()) == ["beside", "in", "right", *["told"] * rounds]
        say(case, step, (who, "refuse"))
        if step == "beside":
            say(case, "draft", ("somchai", "approve"))
    assert works.findings() == []


def test_of_two_who_refuse_at_the_same_moment_one_is_told_that_it_is_over(
    postgres_works: Works,
) -> None:
    case = begun(postgres_works, both((back("left", "malee"),), (back("right", "head"),)))
    handles = [case.task("left").by("malee"), case.task("right").by("head")]
    gate, said = threading.Barrier(2), []

    def refuse(handle: Any) -> None:
        gate.wait()
        try:
            handle.complete("refuse", NO)
            said.append("done")
        except Conflict as over:
            said.append(over.code)

    threads = [threading.Thread(target=refuse, args=(one,)) for one in handles]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["done", "task_not_open"]
    assert case.open() == ["draft"]
    assert postgres_works.findings() == []
