"""Steps that nobody can do: passed, or handed to others, with the organisation of the moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from support.ministry import Ministry

from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.tasks import CompleteTask
from engine.models.history import history_event
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.task import task
from office.chains import rules, words
from office.chains.compose import compose
from office.chains.model import Ask, Branch, Call, Chain, Choose, How, Inform, Step, Who
from office.chains.reading import read
from office.people.commands import ChangePerson

GONE = Who("named", ("role:vacant",), if_nobody="pass")
HANDED = replace(GONE, if_nobody="hand", instead=("person:somying",))
NO = "เพราะไม่ตรงระเบียบ"


def ask(id_: str, who: Who, how: How = "one", **more: Any) -> Ask:
    refusal = more.get("refusal", "none") != "none"
    made = Ask(id_, "approve", id_, who, words.outcomes_of("approve", refusal=refusal), how)
    return replace(made, **more)


LAST = ask("last", Who("starter"))


def started(ministry: Ministry, *steps: Step) -> UUID:
    chain = Chain("nobody", "ไม่มีผู้ทำ", steps)
    assert rules.faults(chain) == []
    files = compose(chain)
    assert read(files, "nobody") == chain
    ministry.do(Deploy(files))
    case = ministry.do(StartInstance("nobody"), "thotsop")
    ministry.work_off()
    return UUID(str(case["id"]))


def live(ministry: Ministry, case: UUID) -> list[tuple[str, list[str]]]:
    rows = ministry.rows(task, task.c.root_id == case, task.c.state == "open")
    return sorted((row.element_id, [one["id"] for one in row.candidates]) for row in rows)


def do(ministry: Ministry, case: UUID, step: str, who: str, outcome: str = "approve") -> None:
    rows = ministry.rows(
        task, task.c.root_id == case, task.c.state == "open", task.c.element_id == step
    )
    reason = NO if outcome == "refuse" else None
    ministry.do(CompleteTask(rows[0].id, outcome, comment=reason), who)
    ministry.work_off()


def stuck(ministry: Ministry, case: UUID) -> Sequence[Any]:
    return ministry.rows(incident, incident.c.root_id == case)


@pytest.mark.parametrize(("who", "how"), [
    (GONE, "one"), (GONE, "all"), (replace(GONE, kind="members"), "in_order"),
    (replace(GONE, kind="members"), "share"),
])  # fmt: skip
def test_a_step_that_nobody_can_do_is_passed_and_told(
    ministry: Ministry, who: Who, how: How
) -> None:
    case = started(ministry, ask("none", who, how, refusal="end"), LAST)
    assert live(ministry, case) == [("last", ["thotsop"])]
    assert stuck(ministry, case) == []


def test_what_was_passed_stands_in_the_history_and_in_its_answer(ministry: Ministry) -> None:
    ways = Choose("ways", "ผล", (
        Branch("ใช่", (ask("yes", Who("starter")),), 'none_outcome = "approve"'),
        Branch("ไม่", (ask("no", Who("starter")),)),
    ))  # fmt: skip
    case = started(ministry, ask("none", GONE), Inform("told", "แจ้ง", GONE), ways)
    assert live(ministry, case) == [("no", ["thotsop"])]
    done = ministry.rows(
        history_event, history_event.c.root_id == case, history_event.c.type == "job.completed"
    )
    assert {"p_none", "p_told"} <= {row.element_id for row in done}


@pytest.mark.parametrize(("instead", "asked"), [
    (("person:somying",), ["somying"]), (("right:operate",), ["operator"]),
])  # fmt: skip
def test_others_do_what_nobody_can(
    ministry: Ministry, instead: tuple[str, ...], asked: list[str]
) -> None:
    case = started(ministry, ask("none", replace(HANDED, instead=instead), "all"), LAST)
    assert live(ministry, case) == [("none", asked)]


def test_nobody_instead_is_an_incident(ministry: Ministry) -> None:
    case = started(ministry, ask("none", replace(HANDED, instead=("role:vacant",))), LAST)
    (trouble,) = stuck(ministry, case)
    assert trouble.code == "nobody_can_act"


def test_whoever_is_barred_is_nobody(ministry: Ministry) -> None:
    own = Who("starter", if_nobody="pass")
    first = ask("first", Who("named", ("person:somying",)))
    same = Who("named", ("person:somying",), if_nobody="pass")
    case = started(
        ministry,
        ask("own", own, not_starter=True),
        first,
        ask("again", same, not_those=("first",)),
        ask("above", Who("superior", level=9, if_nobody="pass")),
        LAST,
    )
    assert live(ministry, case) == [("first", ["somying"])]
    do(ministry, case, "first", "somying")
    assert live(ministry, case) == [("last", ["thotsop"])]
    assert stuck(ministry, case) == []


def test_who_did_a_step_is_asked_of_this_process_and_of_those_around_it(
    ministry: Ministry,
) -> None:
    again = Who("performer", ("approve1",), if_nobody="pass")
    called = Chain("called", "เรียก", (ask("approve1", Who("named", ("person:somying",))),))
    ministry.do(Deploy(compose(called)))
    case = started(
        ministry,
        ask("approve1", Who("starter")),
        Call("call", "เรียก", "called"),
        ask("found", again),
        ask("engine", Who("performer", ("approve1",))),
    )
    do(ministry, case, "approve1", "thotsop")
    do(ministry, case, "approve1", "somying")
    for step in ("found", "engine"):
        assert live(ministry, case) == [(step, ["thotsop"])]
        do(ministry, case, step, "thotsop")


def test_those_who_can_do_it_are_asked_as_ever(ministry: Ministry) -> None:
    steps = [
        ask("named", Who("named", ("position:general-head",), if_nobody="pass")),
        ask("superior", Who("superior", if_nobody="pass")),
        ask("starter", Who("starter", if_nobody="hand", instead=("right:operate",))),
        ask("head", Who("head", ("unit:finance",), if_nobody="pass")),
        ask("did", Who("performer", ("starter",), if_nobody="pass")),
    ]
    case, met = started(ministry, *steps, LAST), []
    for who in ("tuayang", "sommut", "thotsop", "khlang", "thotsop"):
        ((step, candidates),) = live(ministry, case)
        met.append((step, *candidates))
        do(ministry, case, step, who)
    assert met == [
        ("named", "general-head"), ("superior", "general-clerk"), ("starter", "thotsop"),
        ("head", "finance-head"), ("did", "thotsop"),
    ]  # fmt: skip


OWN = Who("named", ("person:thotsop",), if_nobody="hand", instead=("right:operate",))


@pytest.mark.parametrize(("who", "how", "asked"), [
    (replace(OWN, if_starter="same"), "one", [("mine", "operator")]),
    (replace(OWN, if_starter="superior"), "one", [("mine", "general-clerk")]),
    (replace(OWN, if_starter="hand", instead_of_starter=("person:somying",)), "one",
     [("mine", "somying")]),
    (replace(OWN, if_starter="pass"), "one", [("last", "thotsop")]),
    (replace(OWN, if_starter="pass", if_nobody="stop", instead=()), "all", [("last", "thotsop")]),
    (replace(OWN, if_starter="stop"), "one", []),
    # whom it names in the starter's place is not there: as where nobody can
    (replace(OWN, if_starter="hand", instead_of_starter=("role:vacant",)), "one",
     [("mine", "operator")]),
    # the starter is not the one
    (replace(OWN, values=("role:vacant",), if_starter="pass"), "one", [("mine", "operator")]),
    (replace(OWN, values=("role:vacant",), if_starter="pass", if_nobody="stop", instead=()), "one",
     []),
    (replace(OWN, values=("person:thotsop", "person:somying"), if_starter="superior"), "one",
     [("mine", "somying")]),
    # of several each has a place of their own
    (replace(OWN, values=("person:thotsop", "person:somying"), if_starter="superior"), "all",
     [("mine", "general-clerk"), ("mine", "somying")]),
    (replace(OWN, values=("person:thotsop", "role:vacant"), if_starter="pass"), "all",
     [("mine", "operator")]),
])  # fmt: skip
def test_a_step_that_is_the_starters_own_is_done_as_its_card_says(
    ministry: Ministry, who: Who, how: How, asked: list[tuple[str, str]]
) -> None:
    case = started(ministry, ask("mine", who, how, refusal="end", not_starter=True), LAST)
    assert [(step, one) for step, many in live(ministry, case) for one in sorted(many)] == asked
    assert bool(stuck(ministry, case)) == (not asked)


BOTH = ("person:somying", "role:vacant")


@pytest.mark.parametrize(("how", "asked"), [
    ("all", ["operator", "somying"]), ("share", ["operator", "somying"]), ("in_order", ["somying"]),
    ("first", ["somying"]),
])  # fmt: skip
def test_others_take_the_places_of_those_of_several_who_cannot(
    ministry: Ministry, how: How, asked: list[str]
) -> None:
    who = Who("named", BOTH, if_nobody="hand", instead=("right:operate",))
    case = started(ministry, ask("several", who, how, refusal="end"), LAST)
    assert sorted(name for _step, names in live(ministry, case) for name in names) == asked


def test_nobody_in_the_place_of_one_of_several_is_an_incident(ministry: Ministry) -> None:
    who = Who("named", BOTH, if_nobody="hand", instead=("role:vacant",))
    case = started(ministry, ask("several", who, "all"), LAST)
    (trouble,) = stuck(ministry, case)
    assert "in place of role:vacant" in trouble.message


@pytest.mark.parametrize(("how", "share", "status"), [
    ("all", 100, "active"), ("share", 50, "active"), ("share", 60, "completed"),
])  # fmt: skip
def test_a_share_counts_those_who_are_passed_over(
    ministry: Ministry, how: How, share: int, status: str
) -> None:
    several = ask("several", Who("named", BOTH, if_nobody="pass"), how, refusal="end", share=share)
    case = started(ministry, several, LAST)
    (row,) = ministry.rows(process_instance, process_instance.c.id == case)
    assert row.variables["several_asked"]["left_out"] == ["role:vacant"]
    do(ministry, case, "several", "somying")
    (row,) = ministry.rows(process_instance, process_instance.c.id == case)
    assert row.status == status


@pytest.mark.parametrize("policy", ["pass", "hand"])
def test_work_that_comes_back_looks_up_anew(ministry: Ministry, policy: Any) -> None:
    others = ("person:somying",) if policy == "hand" else ()
    early = ask("early", replace(HANDED, if_nobody=policy, instead=others))
    head = ask("head", Who("named", ("person:somying",)), refusal="back", back_to="early")
    case = started(ministry, early, head, LAST)
    for _twice in range(2):
        if policy == "hand":
            do(ministry, case, "early", "somying")
        do(ministry, case, "head", "somying", "refuse")
    if policy == "hand":
        do(ministry, case, "early", "somying")
    do(ministry, case, "head", "somying")
    assert live(ministry, case) == [("last", ["thotsop"])]
    assert stuck(ministry, case) == []


def test_a_named_person_who_works_here_no_more_is_told_to_an_operator(ministry: Ministry) -> None:
    """Not waited for in silence; beside somebody who is here, nobody is disturbed."""
    ministry.do(ChangePerson("sommut", active=False))
    two = ask("two", Who("named", ("person:sommut", "person:somying")))
    case = started(ministry, two, ask("gone", Who("named", ("person:sommut",))), LAST)
    assert stuck(ministry, case) == []
    do(ministry, case, "two", "somying")
    (found,) = stuck(ministry, case)
    assert (found.code, found.element_id) == ("nobody_can_act", "gone")
    assert "person:sommut" in found.message
