"""Composed chains in which whoever does a step chooses who does a later one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine
from support.builders import Case, Works, make_works
from support.composed import NO, ask, say
from support.random_chains import FOUND, PAST

from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.errors import Invalid
from engine.models.task import task
from engine.twins import PlainClearances
from forms.stored import StoredForms
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
BY_FIRST = Who("appointed", ("first",))


@dataclass(frozen=True)
class Secret(PlainClearances):
    """Every case is one that this person is not cleared for."""

    out: str

    def kept_out(
        self, db: Connection, agency_id: UUID, business_key: str | None,
        usernames: frozenset[str], at: Any,
    ) -> frozenset[str]:  # fmt: skip
        del db, agency_id, at
        return usernames & {self.out} if business_key == "secret-1" else frozenset()


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    made = make_works(db_engine, clock, FOUND, PAST, forms=StoredForms())
    services = replace(made.bus.services, clearances=Secret("director"))
    made.bus.services = services
    yield made
    assert made.findings() == []


def begun(works: Works, *steps: Step, key: str | None = None) -> Case:
    chain = Chain("chain", "สาย", steps, FIELDS)
    assert rules.faults(chain) == []
    files = compose(chain)
    assert read(files, "chain") == chain
    assert works.run(Deploy(files))["warnings"] == []
    return works.start("chain", "somchai", key, subject="ก")


def candidates(case: Case, element: str) -> list[str]:
    rows = case.works.rows(task, task.c.root_id == case.id, task.c.element_id == element)
    newest = max(rows, key=lambda row: row.id)
    return [f"{one['kind']}:{one['id']}" for one in newest.candidates]


FIRST = ask("first", "head", refusal="end")


def test_whoever_decides_chooses_who_comes_next(works: Works) -> None:
    case = begun(works, FIRST, ask("then", "", who=BY_FIRST), Inform("told", "แจ้ง", BY_FIRST))
    first = case.task("first").by("head")
    with pytest.raises(Invalid) as refused:
        first.complete("approve")
    assert {one.path for one in refused.value.errors} == {"then_appointed", "told_appointed"}
    first.complete("approve", then_appointed="malee", told_appointed="somchai")
    assert candidates(case, "then") == ["person:malee"]
    say(case, "then", ("malee", "approve"))
    assert candidates(case, "told") == ["person:somchai"]


SEVERAL_BY_FIRST = [
    replace(ask("then", "", who=BY_FIRST), how=how, share=50) if how == "share"
    else replace(ask("then", "", who=BY_FIRST), how=how)
    for how in ("all", "in_order", "share", "first")
]  # fmt: skip


@pytest.mark.parametrize("then", SEVERAL_BY_FIRST, ids=lambda one: one.how)
def test_whoever_decides_chooses_several_who_come_next(works: Works, then: Ask) -> None:
    case = begun(works, FIRST, then)
    first = case.task("first").by("head")
    with pytest.raises(Invalid) as refused:
        first.complete("approve", then_appointed=["malee", "ghost"])
    (wrong,) = refused.value.errors
    assert (wrong.path, "ghost" in wrong.message) == ("then_appointed", True)
    with pytest.raises(Invalid):
        first.complete("approve", then_appointed=[])
    # one of them twice, and two in one text
    first.complete("approve", then_appointed=["malee, director", "malee"])
    asked = {one["id"] for row in case.works.rows(task, task.c.element_id == "then")
             for one in row.candidates}  # fmt: skip
    assert asked == ({"malee"} if then.how == "in_order" else {"malee", "director"})
    say(case, "then", ("malee", "approve"))
    if then.how in ("all", "in_order"):
        assert case.status == "active"
        say(case, "then", ("director", "approve"))
    assert case.status == "completed"


def test_the_starter_chooses_several(works: Works) -> None:
    field = Field("board", "กรรมการ", "person", several=True)
    steps = (
        replace(ask("each", "", who=Who("field", ("board",))), how="all"),
        ask("any", "", who=Who("field", ("board",))),
    )
    chain = Chain("chain", "สาย", steps, (*FIELDS, field))
    assert rules.faults(chain) == []
    files = compose(chain)
    assert read(files, "chain") == chain
    works.run(Deploy(files))
    with pytest.raises(Invalid) as refused:
        works.start("chain", "somchai", None, subject="ก", board=["malee", "ghost"])
    assert [one.path for one in refused.value.errors] == ["board"]
    case = works.start("chain", "somchai", None, subject="ก", board=["malee", "director"])
    say(case, "each", ("malee", "approve"), ("director", "approve"))
    assert candidates(case, "any") == ["person:malee", "person:director"]
    assert "คนใดคนหนึ่ง" in words.sentence(steps[1], chain, str, False)
    odd = replace(chain, title="board", steps=(
        Choose("way", "ทาง", (Branch("ก", (), 'board = "malee"'), Branch("ข", steps))),
    ))  # fmt: skip
    assert [one.code for one in rules.faults(odd)] == ["title_files", "people_asked"]


def test_whoever_refuses_chooses_nobody(works: Works) -> None:
    case = begun(works, FIRST, ask("then", "", who=BY_FIRST))
    say(case, "first", ("head", "refuse"))
    assert case.status == "completed"


@pytest.mark.parametrize("name", ["ghost", "Somchai Jaidee", "person:ghost", "role:gone"])
def test_nobody_is_chosen_who_is_not_there(works: Works, name: str) -> None:
    case = begun(works, FIRST, ask("then", "", who=BY_FIRST))
    with pytest.raises(Invalid) as refused:
        case.task("first").by("head").complete("approve", then_appointed=name)
    (wrong,) = refused.value.errors
    assert (wrong.path, "choose from the list" in wrong.message) == ("then_appointed", True)
    assert case.open() == ["first"]


def test_nobody_is_chosen_who_is_not_cleared_for_the_case(works: Works) -> None:
    steps = (FIRST, ask("then", "", who=BY_FIRST))
    case = begun(works, *steps, key="secret-1")
    with pytest.raises(Invalid):
        case.task("first").by("head").complete("approve", then_appointed="director")
    case.task("first").by("head").complete("approve", then_appointed="malee")
    other = works.start("chain", "somchai", "open-1", subject="ข")
    other.task("first").by("head").complete("approve", then_appointed="director")
    assert candidates(other, "then") == ["person:director"]


def test_what_was_chosen_is_changed_by_no_other_step(works: Works) -> None:
    """A step without a form takes variables: not those that another step's form asks for."""
    case = begun(works, FIRST, ask("between", "malee"), ask("then", "", who=BY_FIRST))
    case.task("first").by("head").complete("approve", then_appointed="director")
    between = case.task("between").by("malee")
    with pytest.raises(Invalid) as refused:
        between.complete("approve", then_appointed="malee")
    assert [one.path for one in refused.value.errors] == ["then_appointed"]
    between.complete("approve", then_appointed="director")
    assert candidates(case, "then") == ["person:director"]


def test_what_the_starter_entered_is_changed_by_no_step_without_a_form(works: Works) -> None:
    """The form that a case begins with says who enters its fields: whoever starts it."""
    case = begun(works, ask("first", "head"), ask("then", "malee"))
    first = case.task("first").by("head")
    with pytest.raises(Invalid) as refused:
        first.complete("approve", subject="ข")
    assert [(one.path, one.code) for one in refused.value.errors] == [("subject", "set_by_form")]
    first.complete("approve", subject="ก", remark="อ่านแล้ว")  # as it is, and what no form asks for
    assert (case.variables["subject"], case.variables["remark"]) == ("ก", "อ่านแล้ว")


def test_it_is_chosen_anew_in_each_round(works: Works) -> None:
    then = ask("then", "", who=BY_FIRST, refusal="back", back_to="first")
    case = begun(works, FIRST, then)
    for name in ("malee", "director", "malee"):
        case.task("first").by("head").complete("approve", then_appointed=name)
        assert candidates(case, "then") == [f"person:{name}"]
        case.task("then").by(name).complete("refuse", NO)
    assert case.open() == ["first"]


def test_in_parallel_work_and_on_a_way_each_of_its_own(works: Works) -> None:
    ways = (ask("left", "", who=BY_FIRST), ask("right", "", who=BY_FIRST))
    both = Together("both", "พร้อมกัน", tuple(Branch(one.id, (one,)) for one in ways))
    third = Branch("ก", (ask("third", "", who=BY_FIRST),), 'subject = "ก"')
    case = begun(works, FIRST, both, Choose("way", "ทาง", (third, Branch("ข"))))
    case.task("first").by("head").complete(
        "approve", left_appointed="malee", right_appointed="director", third_appointed="somchai"
    )
    assert (candidates(case, "left"), candidates(case, "right")) == (
        ["person:malee"], ["person:director"],
    )  # fmt: skip
    say(case, "left", ("malee", "approve"))
    say(case, "right", ("director", "approve"))
    assert candidates(case, "third") == ["person:somchai"]


def test_others_do_it_where_whoever_was_chosen_may_not(works: Works) -> None:
    who = replace(BY_FIRST, if_nobody="hand", instead=("position:head",))
    case = begun(works, FIRST, ask("then", "", who=who))
    case.task("first").by("head").complete("approve", then_appointed="malee")
    works.work_off()
    assert case.open() == ["then"]


def test_who_starts_a_case_names_somebody_who_is_there(works: Works) -> None:
    boss = Field("boss", "ผู้บังคับบัญชา", "person")
    works.run(Deploy(compose(Chain("field", "ช่อง", (ask("a", "", who=Who("field", ("boss",))),),
                                   (boss,)))))  # fmt: skip
    with pytest.raises(Invalid):
        works.start("field", "somchai", None, boss="ghost")
    assert works.start("field", "somchai", None, boss="malee").open() == ["a"]


PASSES: Any = Due(Span(1), late="pass")


@pytest.mark.parametrize(
    ("namer", "code"),
    [
        (replace(FIRST, how="all"), "appoint_several"),
        (replace(FIRST, how="first"), "appoint_several"),
        (replace(FIRST, due=PASSES), "appoint_passed"),
        (replace(FIRST, skip_same=True), "appoint_passed"),
        (replace(FIRST, who=replace(FIRST.who, if_nobody="pass")), "appoint_passed"),
        (replace(FIRST, kind="sign"), "appoint_sign"),
        (replace(FIRST, id="other"), "appoint_step"),
        (Inform("first", "แจ้ง", FIRST.who), "appoint_step"),
        (Choose("way", "ทาง", (Branch("ก", (FIRST,), "1 = 1"), Branch("ข"))), "appoint_step"),
    ],
)
def test_where_nobody_would_have_chosen_the_card_says_so(namer: Step, code: str) -> None:
    chain = Chain("chain", "สาย", (namer, ask("then", "", who=BY_FIRST)), FIELDS)
    found = {one.code for one in rules.faults(chain) if one.step == "then"}
    assert found == {code}
    assert code in words.FAULTS


def test_whoever_is_chosen_may_not_be_passed_over() -> None:
    passed = replace(ask("then", "", who=replace(BY_FIRST, if_nobody="pass")))
    chain = Chain("chain", "สาย", (FIRST, passed), FIELDS)
    assert [one.code for one in rules.faults(chain)] == ["nobody_typed"]


def test_the_cards_say_it() -> None:
    chain = Chain("chain", "สาย", (FIRST, ask("then", "", who=BY_FIRST)), FIELDS)
    first, then = (words.sentence(one, chain, str, False) for one in chain.steps)
    assert "(เลือกผู้ทำขั้น “then” ด้วย)" in first
    several = replace(chain, steps=(FIRST, SEVERAL_BY_FIRST[0]))
    assert "(เลือกผู้ทำขั้น “then” (หลายคน) ด้วย)" in words.sentence(FIRST, several, str, False)
    assert then.startswith("ให้ ผู้ที่ผู้ทำขั้น “first” เลือก พิจารณาเห็นชอบ")


def test_a_designer_may_rename_the_step_that_somebody_is_chosen_for() -> None:
    chain = Chain("chain", "สาย", (FIRST, ask("then", "", who=BY_FIRST)), FIELDS)
    files = compose(chain)
    renamed = files["chain.bpmn"].replace(b'name="then"', b'name="other"')
    found = read(files | {"chain.bpmn": renamed}, "chain")
    assert isinstance(found.steps[1], Ask)
    assert (found.steps[1].name, found.steps[1].who) == ("other", BY_FIRST)
