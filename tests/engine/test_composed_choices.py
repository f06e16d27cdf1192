"""Composed chains in which whoever refuses decides where it goes: each way, each loop twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.builders import Case, Works
from support.composed import NO, ask, say

from engine.commands.deployments import Deploy
from engine.errors import Conflict, Invalid
from office.chains import rules, words
from office.chains.compose import compose
from office.chains.model import Ask, Branch, Chain, Choose, Field, Step
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
