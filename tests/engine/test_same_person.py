"""Composed chains in which the same person comes up again: what they have done once passes by
itself, whichever way they are looked up, and not once they would have something else before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from support.builders import INSTRUMENT, Case, Works, make_works
from support.composed import ask
from support.random_chains import FOUND, PAST

from engine import jsonio
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.commands.variables import SetVariables
from engine.events import TaskCompleted
from forms.stored import StoredForms
from office.chains import rules, words
from office.chains.compose import compose
from office.chains.model import (
    STARTER,
    Ask,
    Branch,
    Chain,
    Choose,
    Field,
    How,
    Inform,
    Step,
    Together,
    Who,
)

HEAD = Who("named", ("person:head",))
FIELDS = (Field("subject", "เรื่อง"), Field("amount", "วงเงิน", "number"))


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    made = make_works(db_engine, clock, FOUND, PAST, forms=StoredForms())
    yield made
    assert made.findings() == []


def begun(works: Works, *steps: Step, who: str = "somchai") -> Case:
    chain = Chain("chain", "สาย", steps, FIELDS)
    assert rules.faults(chain) == []
    works.run(Deploy(compose(chain)))
    case = works.start("chain", who, None, subject="ก", amount=1)
    works.work_off()
    return case


def said(case: Case, *words: tuple[str, str, str]) -> None:
    """Steps, who answers them, and how."""
    for element, who, outcome in words:
        reason = "เพราะไม่ตรงระเบียบ" if outcome == "refuse" else None
        case.task(element).by(who).complete(outcome, reason)
        case.works.work_off()


def passed(case: Case, element: str) -> tuple[bool, str, str]:
    row = case.task(element).row
    return row.skipped, row.completed_by, row.outcome


DIRECTOR = Who("named", ("position:director",))
ONCE = ("first", "director", "approve")
FIRST = ask("first", "", who=DIRECTOR)
LAST = ask("last", "stranger")
#: nobody, so that the look-up before the step finds those who do it instead
STEPPED_IN = Who("named", ("role:gone",), if_nobody="hand", instead=("position:director",))


def again(**more: Any) -> Ask:
    return ask("again", "", **{"who": DIRECTOR, "skip_same": True, **more})


@pytest.mark.parametrize(("who", "how"), [
    (DIRECTOR, "one"),
    (DIRECTOR, "all"),
    (replace(DIRECTOR, if_nobody="pass"), "one"),
    (replace(DIRECTOR, if_nobody="pass"), "first"),
    (STEPPED_IN, "one"),
    (STEPPED_IN, "all"),
    (Who("performer", ("first",)), "one"),
    (Who("formula", ('["position:director"]',)), "share"),
])  # fmt: skip
@pytest.mark.parametrize("between", [(), (ask("mid", "malee"),)])
def test_what_one_has_agreed_to_passes(
    works: Works, who: Who, how: How, between: tuple[Ask, ...]
) -> None:
    case = begun(works, FIRST, *between, again(who=who, how=how), LAST)
    said(case, ONCE, *(("mid", "malee", "approve") for _one in between))
    assert case.open() == ["last"]
    assert passed(case, "again") == (True, "director", "approve")
    (told,) = [event for event in case.events if event.type == "task.skipped"]
    about = jsonio.loads(told.data)
    assert about == {"because": "same_person", "by": "director", "did": "first"}
    news = works.heard.of(TaskCompleted)[-1]
    assert (news.skipped, news.actor.username) == (True, "director")


def test_who_acts_for_another_by_an_order_does_so_again(works: Works) -> None:
    """For the post that is asked again; while whoever holds it could do it, nothing passes."""
    post = Who("named", ("position:head",))
    case = begun(works, ask("first", "", who=post), again(who=post))
    said(case, ("first", "deputy", "approve"))
    assert case.open() == ["again"]
    once = ask("first", "", who=post, not_starter=True)
    theirs = again(who=replace(post, if_nobody="pass"), not_starter=True)
    other = begun(works, once, ask("mid", "malee"), theirs, LAST, who="head")
    said(other, ("first", "deputy", "approve"), ("mid", "malee", "approve"))
    row = other.task("again").row
    assert (row.skipped, row.completed_by) == (True, "deputy")
    assert (row.on_behalf_of, row.instrument_id) == ("position:head", INSTRUMENT)


@pytest.mark.parametrize("who", [DIRECTOR, replace(DIRECTOR, if_nobody="pass")])
def test_the_start_is_the_step_before_and_no_more(works: Works, who: Who) -> None:
    case = begun(works, again(who=who), LAST, who="director")
    assert case.open() == ["last"]
    other = begun(works, ask("mid", "malee"), again(who=who), LAST, who="director")
    said(other, ("mid", "malee", "approve"))
    assert other.open() == ["again"]


def test_another_answer_is_no_reason_to_pass_but_in_the_step_before(works: Works) -> None:
    mind = replace(FIRST, kind="consult", outcomes=words.outcomes_of("consult", refusal=False))
    case = begun(works, mind, ask("mid", "malee"), again(), LAST)
    said(case, ("first", "director", "agree"), ("mid", "malee", "approve"))
    assert case.open() == ["again"]
    other = begun(works, mind, again(), LAST)
    said(other, ("first", "director", "agree"))
    assert other.open() == ["last"]


def test_an_acknowledgement_is_no_answer_and_hinders_none(works: Works) -> None:
    case = begun(works, Inform("told", "แจ้ง", DIRECTOR), ask("mid", "malee"), again(), LAST)
    said(case, ("told", "director", "acknowledge"), ("mid", "malee", "approve"))
    assert case.open() == ["again"]
    said(case, ("again", "director", "approve"))
    other = begun(works, FIRST, Inform("told", "แจ้ง", DIRECTOR), ask("mid", "malee"), again(), LAST)
    said(other, ONCE, ("told", "director", "acknowledge"), ("mid", "malee", "approve"))
    assert other.open() == ["last"]


@pytest.mark.parametrize("who", [DIRECTOR, replace(DIRECTOR, if_nobody="pass")])
def test_what_was_sent_back_is_seen_again(works: Works, who: Who) -> None:
    """Back past what they had agreed to, or to a step behind it; then once more, and it passes."""
    back: dict[str, Any] = {"refusal": "back", "back_to": "mid"}
    case = begun(
        works, FIRST, ask("mid", "malee"), ask("check", "head", **back), again(who=who), LAST
    )
    said(case, ONCE, ("mid", "malee", "approve"), ("check", "head", "refuse"))
    said(case, ("mid", "malee", "approve"), ("check", "head", "approve"))
    assert case.open() == ["again"]
    to_them: dict[str, Any] = {"refusal": "back", "back_to": "first"}
    other = begun(
        works, FIRST, ask("mid", "malee"), ask("check", "head", **to_them), again(who=who), LAST
    )
    said(other, ONCE, ("mid", "malee", "approve"), ("check", "head", "refuse"))
    assert other.open() == ["first"]
    said(other, ONCE, ("mid", "malee", "approve"), ("check", "head", "approve"))
    assert other.open() == ["last"]


@pytest.mark.parametrize("straight", [False, True])
def test_what_the_starter_has_corrected_is_seen_again(works: Works, straight: bool) -> None:
    back: dict[str, Any] = {"refusal": "back", "back_to": STARTER, "to_me": straight}
    case = begun(works, replace(FIRST, skip_same=True), ask("check", "head", **back), again(), LAST)
    said(case, ONCE, ("check", "head", "refuse"))
    case.task("s_check").by("somchai").complete(subject="ข", amount=2)
    works.work_off()
    said(case, *([] if straight else [ONCE]), ("check", "head", "approve"))
    assert case.open() == (["again"] if straight else ["last"])


@pytest.mark.parametrize("who", [DIRECTOR, replace(DIRECTOR, if_nobody="pass")])
def test_who_refuses_does_not_agree_to_what_comes_back_to_them(works: Works, who: Who) -> None:
    """The step to which they send it back is theirs too."""
    check = ask("check", "", who=DIRECTOR, refusal="back", back_to="again")
    case = begun(works, ask("mid", "malee"), again(who=who), check, LAST)
    said(case, ("mid", "malee", "approve"))
    for _round in range(2):
        assert case.open() == ["again"]
        said(case, ("again", "director", "approve"), ("check", "director", "refuse"))
    said(case, ("again", "director", "approve"), ("check", "director", "approve"))
    assert case.open() == ["last"]


@pytest.mark.parametrize(("amount", "stands"), [(1, ["last"]), (9, ["again"])])
def test_what_another_has_changed_is_seen_again(
    works: Works, amount: int, stands: list[str]
) -> None:
    case = begun(works, FIRST, ask("mid", "malee", edits=("amount",)), again(), LAST)
    said(case, ONCE)
    case.task("mid").by("malee").complete("approve", amount=amount)
    assert case.open() == stands


def test_their_own_change_and_other_ways_at_the_same_time_are_nothing_new(works: Works) -> None:
    first = replace(FIRST, edits=("amount",))
    ways = Together("ways", "พร้อมกัน", (Branch("ก", (ask("mid", "malee"),)),
                                         Branch("ข", (ask("other", "head"),))))  # fmt: skip
    either = Choose(
        "way", "ทาง", (Branch("ก", (again(how="in_order"),), "amount > 5"), Branch("ข"))
    )
    case = begun(works, first, ways, either, LAST)
    case.task("first").by("director").complete("approve", amount=9)
    said(case, ("other", "head", "approve"), ("mid", "malee", "approve"))
    assert case.open() == ["last"]
    assert passed(case, "again") == (True, "director", "approve")


def test_what_an_operator_sets_is_seen_again(works: Works) -> None:
    case = begun(works, FIRST, ask("mid", "malee"), again(), LAST)
    said(case, ONCE)
    works.run(SetVariables(case.id, {"amount": 9}))
    said(case, ("mid", "malee", "approve"))
    assert case.open() == ["again"]
