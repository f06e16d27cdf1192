"""Composed chains with buttons of their own: what each leads to, and ways that depend on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.builders import Case, Works
from support.composed import ask, say

from engine.commands.deployments import Deploy
from office.chains import rules, words
from office.chains.answers import write_said
from office.chains.compose import compose
from office.chains.model import (
    Ask,
    Branch,
    Chain,
    Choose,
    Due,
    Outcome,
    Span,
    Step,
    Who,
)
from office.chains.reading import read

MAYBE = Outcome("answer1", "มีเงื่อนไข", "With conditions")
NOT_MINE = Outcome("refuse_1", "ไม่อยู่ในอำนาจ", "Not mine to decide")
SEVERAL = Who("named", ("person:malee", "person:head", "person:director"))


def with_buttons(step: Ask, *more: Outcome) -> Ask:
    return replace(step, outcomes=tuple(sorted((*step.outcomes, *more), key=lambda o: o.refuses)))


def asks(step: Ask, outcome: str) -> Choose:
    """Who is asked where this was answered: malee, else the director."""
    then = Branch("ตอบเช่นนั้น", (ask("then", "malee"),), write_said(step, outcome))
    return Choose("way", "ตามคำตอบ", (then, Branch("นอกจากนั้น", (ask("else", "director"),))))


def chain_of(*steps: Step) -> Chain:
    return Chain("chain", "สาย", steps)


def started(works: Works, *steps: Step) -> Case:
    chain = chain_of(*steps)
    assert rules.faults(chain) == []
    files = compose(chain)
    assert read(files, "chain") == chain
    assert works.run(Deploy(files))["warnings"] == []
    return works.start("chain", "somchai", None)


FIRST = with_buttons(ask("first", "head", refusal="end"), MAYBE, NOT_MINE)


@pytest.mark.parametrize(
    ("said", "opens"), [("approve", ["else"]), ("answer1", ["then"]), ("refuse", []),
                        ("refuse_1", [])],
)  # fmt: skip
def test_each_button_leads_where_it_says(works: Works, said: str, opens: list[str]) -> None:
    case = started(works, FIRST, asks(FIRST, "answer1"))
    say(case, "first", ("head", said))
    assert case.open() == opens
    assert (case.status == "completed") == (not opens)


@pytest.mark.parametrize("no", ["refuse", "refuse_1"])
@pytest.mark.parametrize("how", ["all", "in_order", "first", "share"])
def test_of_several_each_button_that_refuses_counts(works: Works, how: Any, no: str) -> None:
    board = with_buttons(ask("board", "", who=SEVERAL, how=how, refusal="end"), NOT_MINE)
    case = started(works, board, ask("after", "head"))
    say(case, "board", ("malee", no))
    assert (case.status, case.open()) == ("completed", [])


@pytest.mark.parametrize("answers", [("approve", "answer1", "approve"), ("approve",) * 3])
def test_a_way_depends_on_whether_somebody_of_several_said_it(
    works: Works, answers: tuple[str, ...]
) -> None:
    board = with_buttons(ask("board", "", who=SEVERAL, how="all"), MAYBE)
    case = started(works, board, asks(board, "answer1"))
    for who, answer in zip(("malee", "head", "director"), answers, strict=True):
        say(case, "board", (who, answer))
    assert case.open() == (["then"] if "answer1" in answers else ["else"])


def test_a_step_that_nobody_answered_in_time_has_no_answer(works: Works) -> None:
    late = replace(FIRST, due=Due(Span(1, working=False), late="pass"))
    case = started(works, late, asks(late, "answer1"))
    works.tick(days=2)
    assert case.open() == ["else"]


def test_nor_has_one_on_a_way_that_was_not_taken(works: Works) -> None:
    inner = with_buttons(ask("inner", "malee"), MAYBE)
    skipped = Choose("skip", "ข้าม", (Branch("ก", (inner,), "1 = 2"), Branch("ข")))
    case = started(works, skipped, asks(inner, "answer1"))
    assert case.open() == ["else"]


def test_the_answer_of_the_newest_round_counts(works: Works) -> None:
    back = ask("back", "malee", refusal="back", back_to="first")
    case = started(works, FIRST, back, asks(FIRST, "answer1"))
    say(case, "first", ("head", "answer1"))
    say(case, "back", ("malee", "refuse"))
    say(case, "first", ("head", "approve"))
    say(case, "back", ("malee", "approve"))
    assert case.open() == ["else"]


def faults(*steps: Step) -> list[tuple[str, str]]:
    found = [(one.step, one.code) for one in rules.faults(chain_of(*steps))]
    assert all(code in words.FAULTS for _step, code in found)
    return found


def test_a_condition_on_what_is_never_answered_is_a_fault() -> None:
    way = asks(FIRST, "answer1")
    assert faults(FIRST, way) == []
    assert faults(way, FIRST) == [("way", "answer_step")]
    assert faults(replace(FIRST, id="other"), way) == [("way", "answer_step")]
    assert faults(replace(FIRST, outcomes=FIRST.outcomes[:1], refusal="none"), way) == [
        ("way", "answer_gone")
    ]
    assert faults(replace(FIRST, how="all"), way) == [("way", "answer_gone")]


def test_an_answer_of_the_round_before_is_a_fault() -> None:
    late = replace(FIRST, due=Due(Span(1), late="pass"))
    begin = ask("begin", "somchai")
    back = ask("back", "malee", refusal="back", back_to="begin")
    way = asks(FIRST, "answer1")
    assert faults(begin, late, way) == []
    assert faults(begin, late, back, way) == [("way", "answer_old")]
    assert faults(begin, FIRST, back, way) == []
    starter = replace(back, back_to="start")
    assert faults(begin, late, starter, way) == [("way", "answer_old")]


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ((), "outcomes"),
        ((NOT_MINE, MAYBE), "outcomes"),
        ((MAYBE, MAYBE), "outcomes"),
        ((replace(MAYBE, id="return"),), "outcomes"),
        ((replace(MAYBE, id='x" or "1'),), "outcomes"),
        ((MAYBE, NOT_MINE), "refusal_way"),
        ((replace(MAYBE, name=" "),), "label"),
    ],
)
def test_buttons_that_cannot_be_are_faults(buttons: tuple[Outcome, ...], code: str) -> None:
    assert ("a", code) in faults(replace(ask("a", "malee"), outcomes=buttons))


def test_a_refusal_needs_a_button() -> None:
    assert faults(replace(FIRST, outcomes=(MAYBE,))) == [("first", "refusal_button")]
