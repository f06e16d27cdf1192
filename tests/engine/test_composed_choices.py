"""Composed chains in which whoever refuses decides where it goes: each way, each loop twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.builders import Case, TaskHandle, Works
from support.composed import NO, ask, say

from engine.commands.deployments import Deploy
from engine.errors import Conflict, Invalid
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
    Span,
    Step,
    Together,
    Who,
)
from office.chains.reading import read

FIELDS = (Field("subject", "เรื่อง"),)


def chosen(id_: str, person: str, *may: str) -> Ask:
    buttons = words.outcomes_of("approve", refusal="end" in may)
    return replace(ask(id_, person), refusal="chosen", may=may, outcomes=buttons)


def started(works: Works, *steps: Step, fields: tuple[Field, ...] = ()) -> Case:
    chain = Chain("chain", "สาย", steps, fields)
    assert rules.faults(chain) == []
    files = compose(chain)
    assert read(files, "chain") == chain
    works.run(Deploy(files))
    return works.start("chain", "somchai", None, **({"subject": "ก"} if fields else {}))


def begun(works: Works, *may: str) -> Case:
    case = started(
        works, ask("draft", "somchai"), ask("check", "malee"), chosen("head", "head", *may)
    )
    say(case, "draft", ("somchai", "approve"))
    say(case, "check", ("malee", "approve"))
    return case


def back(case: Case, to: str, resume: str) -> None:
    case.task("head").by("head").send_back(to, NO, resume)


@pytest.mark.parametrize("resume", ["rerun", "back_to_me"])
def test_the_refuser_chooses_a_step_and_how_it_goes_on(works: Works, resume: str) -> None:
    case = begun(works, "end", "draft", "check")
    for _twice in range(2):
        back(case, "draft", resume)
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
        if resume == "rerun":
            assert case.open() == ["check"]
            say(case, "check", ("malee", "approve"))
        assert case.open() == ["head"]
        back(case, "check", resume)
        assert case.open() == ["check"]
        say(case, "check", ("malee", "approve"))
        assert case.open() == ["head"]
    say(case, "head", ("head", "approve"))
    assert case.status == "completed"
    assert works.findings() == []


def test_or_the_end(works: Works) -> None:
    case = begun(works, "end", "draft")
    back(case, "draft", "back_to_me")
    say(case, "draft", ("somchai", "approve"))
    say(case, "head", ("head", "refuse"))
    assert case.status == "completed"
    with pytest.raises((Conflict, Invalid)):
        case.task("head").by("head").send_back("draft", NO)


def test_what_the_card_does_not_allow_is_refused(works: Works) -> None:
    case = begun(works, "draft")
    with pytest.raises(Conflict):
        back(case, "check", "rerun")
    with pytest.raises(Invalid):
        case.task("head").by("head").complete("refuse", NO)
    assert case.open() == ["head"]


@pytest.mark.parametrize("inside", [False, True])
def test_the_starter_corrects_it_and_it_comes_straight_or_begins_anew(
    works: Works, inside: bool
) -> None:
    head: Any = chosen("head", "head", "start", "check")
    if inside:
        head = Choose("ways", "ทาง", (Branch("ก", (head,), "1 = 1"), Branch("ข")))
    case = started(works, ask("first", "director"), ask("check", "malee"), head, fields=FIELDS)
    say(case, "first", ("director", "approve"))
    say(case, "check", ("malee", "approve"))
    for _twice in range(2):
        back(case, "s_head", "back_to_me")
        assert case.open() == ["s_head"]
        case.task("s_head").by("somchai").complete(subject="ใหม่")
        assert case.open() == ["head"]
        back(case, "s_head", "rerun")
        case.task("s_head").by("somchai").complete(subject="ใหม่กว่า")
        assert case.open() == ["first"]
        say(case, "first", ("director", "approve"))
        say(case, "check", ("malee", "approve"))
        assert case.open() == ["head"]
    assert case.variables["subject"] == "ใหม่กว่า"
    back(case, "check", "back_to_me")
    say(case, "check", ("malee", "approve"))
    say(case, "head", ("head", "approve"))
    assert case.status == "completed"
    assert works.findings() == []


SEVERAL = Who("named", ("person:malee", "person:head", "person:director"))


def asked(case: Case, who: str) -> TaskHandle:
    """The task of one of several."""
    rows = case.works.rows(
        task, task.c.root_id == case.id, task.c.element_id == "board", task.c.state == "open"
    )
    mine = next(row for row in rows if row.candidates[0]["id"] == who)
    return TaskHandle(case, mine.id, who)


@pytest.mark.parametrize("how", ["all", "in_order", "first", "share"])
def test_one_of_several_chooses_for_all(works: Works, how: Any) -> None:
    board = chosen("board", "head", "end", "start", "draft")
    share = {"share": 100} if how == "share" else {}
    case = started(works, ask("draft", "somchai"), replace(board, who=SEVERAL, how=how, **share),
                   fields=FIELDS)  # fmt: skip
    say(case, "draft", ("somchai", "approve"))
    for resume in ("back_to_me", "rerun") * 2:
        asked(case, "malee").send_back("draft", NO, resume)
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
        asked(case, "malee").send_back("s_board", NO, resume)
        assert case.open() == ["s_board"]
        case.task("s_board").by("somchai").complete(subject="ใหม่")
        assert set(case.open()) == ({"board"} if resume == "back_to_me" else {"draft"})
        if resume == "rerun":
            say(case, "draft", ("somchai", "approve"))
    if how in ("all", "in_order"):
        asked(case, "malee").complete("approve")
        asked(case, "head").send_back("draft", NO, "back_to_me")
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
    asked(case, "malee").complete("refuse", NO)
    assert (case.status, case.open()) == ("completed", [])
    assert works.findings() == []


def test_a_share_of_them_refuses_and_the_last_to_send_it_back_chooses(works: Works) -> None:
    board = chosen("board", "head", "end", "draft", "check")
    case = started(
        works, ask("draft", "somchai"), ask("check", "malee"),
        replace(board, who=SEVERAL, how="share", share=60),
    )  # fmt: skip
    say(case, "draft", ("somchai", "approve"))
    say(case, "check", ("malee", "approve"))
    for _twice in range(2):
        asked(case, "malee").send_back("draft", NO, "back_to_me")
        asked(case, "head").send_back("check", NO, "back_to_me")
        assert case.open() == ["check"]
        say(case, "check", ("malee", "approve"))
        asked(case, "malee").send_back("draft", NO, "back_to_me")
        asked(case, "head").complete("refuse", NO)
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
    asked(case, "director").send_back("check", NO, "rerun")
    for who in ("malee", "head"):
        asked(case, who).complete("approve")
    assert case.status == "completed"
    assert works.findings() == []


def test_a_share_of_them_ends_it_where_nobody_sent_it_back(works: Works) -> None:
    board = chosen("board", "head", "end", "draft")
    case = started(
        works, ask("draft", "somchai"), replace(board, who=SEVERAL, how="share", share=60)
    )
    say(case, "draft", ("somchai", "approve"))
    asked(case, "malee").send_back("draft", NO, "rerun")
    asked(case, "head").send_back("draft", NO, "rerun")
    say(case, "draft", ("somchai", "approve"))
    for who in ("malee", "head"):
        asked(case, who).complete("refuse", NO)
    assert (case.status, case.open()) == ("completed", [])
    assert works.findings() == []


@pytest.mark.parametrize("how", ["all", "in_order", "first", "share"])
def test_several_leave_parallel_work_where_one_chooses(works: Works, how: Any) -> None:
    board = replace(chosen("board", "head", "end", "start", "draft"), who=SEVERAL, how=how)
    both = Together("both", "พร้อมกัน", (Branch("1", (board,)), Branch("2", (ask("b", "head"),))))
    case = started(works, ask("draft", "somchai"), both, fields=FIELDS)
    say(case, "draft", ("somchai", "approve"))
    for resume in ("back_to_me", "rerun"):
        asked(case, "malee").send_back("s_board", NO, resume)
        assert case.open() == ["s_board"]
        case.task("s_board").by("somchai").complete(subject=resume)
        if resume == "rerun":
            say(case, "draft", ("somchai", "approve"))
        asked(case, "malee").send_back("draft", NO, resume)
        assert case.open() == ["draft"]
        say(case, "draft", ("somchai", "approve"))
    asked(case, "malee").complete("refuse", NO)
    assert (case.status, case.open()) == ("completed", [])
    assert works.findings() == []


def test_one_who_is_returned_to_returns_it_further(works: Works) -> None:
    case = started(
        works,
        ask("draft", "somchai"),
        chosen("check", "malee", "draft"),
        chosen("head", "head", "draft", "check"),
    )
    say(case, "draft", ("somchai", "approve"))
    say(case, "check", ("malee", "approve"))
    back(case, "check", "back_to_me")
    case.task("check").by("malee").send_back("draft", NO, "back_to_me")
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["check"]
    say(case, "check", ("malee", "approve"))
    assert case.open() == ["head"]
    back(case, "draft", "back_to_me")
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["head"]


def plainly(id_: str, person: str, **more: Any) -> Ask:
    return ask(id_, person, refusal="back", back_to="start", **more)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("straight", [False, True])
def test_a_plain_refusal_goes_to_the_starter(works: Works, straight: bool, inside: bool) -> None:
    head: Any = plainly("head", "head", to_me=straight)
    if inside:
        head = Choose("ways", "ทาง", (Branch("ก", (head,), "1 = 1"), Branch("ข")))
    case = started(works, ask("first", "director"), ask("check", "malee"), head, fields=FIELDS)
    for round_ in range(3):
        if not (straight and round_):
            say(case, "first", ("director", "approve"))
            say(case, "check", ("malee", "approve"))
        assert case.open() == ["head"]
        with pytest.raises(Invalid):
            case.task("head").by("head").complete("refuse")
        say(case, "head", ("head", "refuse" if round_ < 2 else "approve"))
        if round_ < 2:
            assert case.open() == ["s_head"]
            case.task("s_head").by("somchai").complete(subject=f"ใหม่ {round_}")
    assert case.status == "completed"
    assert case.variables["subject"] == "ใหม่ 1"
    assert works.findings() == []


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("parallel", [False, True])
def test_when_time_is_up_as_well(works: Works, parallel: bool, straight: bool) -> None:
    due = Due(Span(1, working=False), late="refuse")
    head: Any = plainly("head", "head", to_me=straight, due=due)
    if parallel:
        other = Branch("2", (ask("b", "director"),))
        head = Together("both", "พร้อมกัน", (Branch("1", (head,)), other))
    case = started(works, ask("first", "malee"), head, fields=FIELDS)
    say(case, "first", ("malee", "approve"))
    works.tick(days=2)
    assert case.open() == ["s_head"]
    case.task("s_head").by("somchai").complete(subject="ใหม่")
    assert case.open() == ((["b", "head"] if parallel else ["head"]) if straight else ["first"])
    assert works.findings() == []


def test_what_was_sent_straight_is_forgotten_when_it_begins_anew(works: Works) -> None:
    check = ask("check", "malee", refusal="back", back_to="draft", to_me=True)
    case = started(works, ask("draft", "somchai"), ask("between", "director"), check,
                   plainly("head", "head"))  # fmt: skip
    say(case, "draft", ("somchai", "approve"))
    say(case, "between", ("director", "approve"))
    say(case, "check", ("malee", "refuse"))
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["check"]
    say(case, "check", ("malee", "approve"))
    say(case, "head", ("head", "refuse"))
    case.task("s_head").by("somchai").complete()
    say(case, "draft", ("somchai", "approve"))
    assert case.open() == ["between"]


def test_a_letter_is_corrected_at_its_draft() -> None:
    chain = Chain("chain", "สาย", (plainly("head", "head"),), letter=True)
    assert ("head", "back_to") in {(one.step, one.code) for one in rules.faults(chain)}
