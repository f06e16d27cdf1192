"""Whoever is asked together in a composed step: one comes in late, one withdraws."""

from __future__ import annotations

import pytest
from support.builders import Case, Works
from support.composed import ask, say

from engine.commands.deployments import Deploy
from engine.commands.tasks import ChangeList
from office.chains import rules
from office.chains.compose import compose
from office.chains.model import Ask, Chain, Inform, Who

BOTH = Who("named", ("person:malee", "person:head"))


def started(works: Works, step: Ask) -> Case:
    chain = Chain("chain", "สาย", (ask("draft", "somchai"), step, ask("after", "somchai")))
    assert rules.faults(chain) == []
    works.run(Deploy(compose(chain)))
    case = works.start("chain", "somchai")
    say(case, "draft", ("somchai", "approve"))
    return case


def change(case: Case, add: tuple[str, ...] = (), withdraw: tuple[str, ...] = ()) -> None:
    step = "each"
    case.works.run(ChangeList(case.task(step).id, "ราชการด่วน", add, withdraw))


def test_one_who_comes_in_late_is_asked_and_counts(works: Works) -> None:
    case = started(works, ask("each", "malee", who=BOTH, how="all", refusal="end"))
    change(case, add=("person:director",))
    say(case, "each", ("malee", "approve"), ("head", "approve"))
    assert case.open() == ["each"]
    say(case, "each", ("director", "refuse"))
    assert (case.status, case.open()) == ("completed", [])
    assert works.findings() == []


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        (("malee", "refuse", "head", "approve", "director", "approve"), ["after"]),
        (("malee", "refuse", "head", "refuse"), ["draft"]),
        (("malee", "approve", "director", "approve"), ["after"]),
    ],
)
def test_a_share_is_of_those_who_are_asked_now(
    works: Works, answers: tuple[str, ...], after: list[str]
) -> None:
    """One of two who refuses would be too many for three fifths; one of three is not."""
    again = {"refusal": "back", "back_to": "draft"}
    case = started(works, ask("each", "malee", who=BOTH, how="share", share=60, **again))
    change(case, add=("person:director",))
    for who, outcome in zip(answers[::2], answers[1::2], strict=True):
        assert case.open().count("each") >= 1
        say(case, "each", (who, outcome))
    assert case.open() == after
    assert works.findings() == []


def test_one_who_withdraws_need_not_answer(works: Works) -> None:
    case = started(works, ask("each", "malee", who=BOTH, how="all", refusal="end"))
    change(case, withdraw=("person:head",))
    say(case, "each", ("malee", "approve"))
    assert case.open() == ["after"]


def test_the_last_one_in_turn_can_be_followed_by_another(works: Works) -> None:
    case = started(works, ask("each", "malee", who=BOTH, how="in_order", refusal="end"))
    say(case, "each", ("malee", "approve"))
    change(case, add=("person:director",))
    say(case, "each", ("head", "approve"))
    assert case.open() == ["each"]
    change(case, withdraw=("person:director",))
    assert case.open() == ["after"]


def test_one_more_is_informed(works: Works) -> None:
    chain = Chain("chain", "สาย", (Inform("each", "แจ้ง", BOTH), ask("after", "somchai")))
    assert rules.faults(chain) == []
    works.run(Deploy(compose(chain)))
    case = works.start("chain", "somchai")
    change(case, add=("person:director",))
    assert len([one for one in case.open() if one == "each"]) == 3
