"""What a new card takes from those before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from office.chains import rules
from office.chains.defaults import add
from office.chains.editing import as_letter, change, only_if, place_after
from office.chains.model import END, Ask, Chain, Choose, Due, Field, Span, Step, Who

THREE = Due(Span(3), remind=True, late="superior")
PLAIN = Chain("purchase", "ซื้อ", fields=(Field("subject", "เรื่อง"),), title="subject")
LETTER = as_letter(Chain("letter", "หนังสือ"))


def grown(chain: Chain, kind: str, **said: Any) -> tuple[Chain, Ask]:
    """With a card at the end, and what its author says of it besides."""
    chain, step = add(chain, kind, f":{len(chain.steps)}")
    assert isinstance(step, Ask)
    step = replace(step, **said)
    return change(chain, step), step


def test_the_first_card_stands_alone() -> None:
    _chain, step = grown(PLAIN, "approve")
    assert (step.who, step.due, step.refusal) == (Who("superior"), None, "end")


def test_the_next_decides_one_level_higher_in_the_same_time() -> None:
    chain, _first = grown(PLAIN, "approve", due=THREE)
    _chain, step = grown(chain, "approve")
    assert (step.who, step.due) == (Who("superior", level=2), THREE)


def test_others_are_named_as_they_were_before() -> None:
    chain, _first = grown(PLAIN, "approve", who=Who("head", ("unit:finance",)))
    _chain, step = grown(chain, "approve")
    assert step.who == Who("head")


@pytest.mark.parametrize("late", ["pass", "refuse"])
def test_nothing_is_decided_by_silence_unless_that_is_said_of_the_card(late: str) -> None:
    chain, _first = grown(PLAIN, "approve", due=replace(THREE, late=late))
    _chain, step = grown(chain, "approve")
    assert step.due == replace(THREE, late="wait")


def test_an_opinion_is_asked_of_all_and_not_waited_for_longer() -> None:
    chain, _first = grown(PLAIN, "approve", due=THREE)
    chain, asked = grown(chain, "consult", who=Who("named", ("unit:finance", "unit:legal")))
    assert (asked.how, asked.due, asked.refusal) == ("all", replace(THREE, late="pass"), "none")
    chain, step = grown(chain, "approve")
    assert step.due == THREE
    assert rules.faults(chain) == []


def test_a_refusal_goes_where_that_of_its_kind_before_goes() -> None:
    chain, first = grown(PLAIN, "approve")
    chain, _second = grown(chain, "approve", refusal="back", back_to=first.id, to_me=True)
    _chain, third = grown(chain, "approve")
    assert (third.refusal, third.back_to, third.to_me) == ("back", first.id, True)


def test_who_refuses_a_letter_chooses_how_far_it_goes_back() -> None:
    chain, proof = grown(LETTER, "proofread")
    assert (proof.who, proof.may) == (Who("named"), (END, "draft"))
    chain, approve = grown(chain, "approve")
    _chain, sign = grown(chain, "sign", due=None)
    assert approve.may == (END, proof.id, "draft")
    assert sign.may == (END, approve.id, proof.id, "draft")
    assert sign.refusal == "chosen"


def test_a_signature_is_never_given_by_the_clock() -> None:
    chain = change(LETTER, replace(_draft(LETTER), due=THREE))
    _chain, sign = grown(chain, "sign")
    assert sign.due == replace(THREE, late="wait")


def test_what_would_be_a_fault_there_is_left_out() -> None:
    """What is signed is neither refused nor brought back."""
    chain, _sign = grown(LETTER, "sign")
    chain, step = grown(chain, "approve")
    assert rules.faults(chain) == []
    assert (step.refusal, step.noes) == ("none", ())


def test_a_card_comes_under_a_condition_where_it_stood() -> None:
    chain, first = grown(PLAIN, "approve")
    chain, second = grown(chain, "consult")
    made, around = only_if(chain, first.id)
    assert made.steps == (around, second)
    assert isinstance(around, Choose)
    assert [one.steps for one in around.branches] == [(first,), ()]
    assert place_after(made, first.id) == f"{around.id}.0:1"
    with pytest.raises(KeyError):
        only_if(chain, "nothing")


def _draft(chain: Chain) -> Ask:
    (step,) = chain.steps
    return _asked(step)


def _asked(step: Step) -> Ask:
    assert isinstance(step, Ask)
    return step
