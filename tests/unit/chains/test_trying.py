"""A chain tried before it runs: the way it takes, today's names, and what would go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support.composed import ask
from support.purchase import PURCHASE

from office.chains.editing import as_letter, change, new_step
from office.chains.model import (
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Due,
    Field,
    How,
    Inform,
    Span,
    Step,
    Together,
    Wait,
    Who,
)
from office.chains.trying import DEEPEST, MOST_ENTERED, Called, Trial
from office.chains.words import outcomes_of
from office.foreseen.values import Warned
from office.foreseen.words import WARNINGS

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAST_DAY = date(2026, 11, 27)
HOLDERS = {
    "position:finance-head": "nok", "position:legal-head": "lek", "position:deputy-2": "wichan",
    "position:boss": "boss", "position:chief": "chief", "unit:finance": "nok",
}  # fmt: skip


@dataclass
class Office:
    """Everybody holds one post; the starter's superiors are the boss and the chief."""

    holders: dict[str, str] = field(default_factory=lambda: dict(HOLDERS))
    on_leave: Mapping[str, date] = field(default_factory=dict)
    #: by whose posts they are
    lent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    granted: Sequence[str] = ()
    processes: dict[str, Called] = field(default_factory=dict)

    def superior(self, username: str, level: int) -> str | None:
        return {1: "position:boss", 2: "position:chief"}.get(level)

    def found(self, who: Who, starter: str) -> Sequence[str]:
        assert starter == "faem"
        return {"head": ["position:boss"], "members": ["person:nok", "person:lek"]}.get(
            who.kind, []
        )

    def others(self, principals: Sequence[str]) -> Sequence[str]:
        return ["position:chief"] if "right:operate" in principals else principals

    def starters(self, process: str) -> Sequence[str]:
        return self.granted

    def able(self, principals: Sequence[str]) -> frozenset[str]:
        names = (self.holders.get(one, one.partition("person:")[2]) for one in principals)
        return frozenset(name for name in names if name)

    def cleared(self, usernames: Sequence[str], secrecy: int) -> frozenset[str]:
        return frozenset(name for name in usernames if self.levels.get(name, 1) >= secrecy)

    def provable(self, usernames: Sequence[str]) -> frozenset[str]:
        return frozenset(usernames)

    def away(self) -> Mapping[str, date]:
        return self.on_leave

    def acting(self, username: str) -> Sequence[str]:
        return self.lent.get(username, ())

    def later(self, start: datetime, span: Span) -> datetime:
        return start + timedelta(**{span.unit: span.amount})

    def day(self, moment: datetime) -> date:
        return moment.date()

    def called(self, process: str) -> Called | None:
        return self.processes.get(process)


def tried(chain: Chain = PURCHASE, office: Office | None = None, **values: Any) -> list[Any]:
    known = {"subject": "เก้าอี้", "amount": 5_000, **values}
    return Trial(chain, "faem", known, NOW, office or Office()).way()


def named(chain: Chain = PURCHASE, office: Office | None = None, **values: Any) -> dict[str, Any]:
    return {one.step.id: one.able for one in tried(chain, office, **values)}


def warned(chain: Chain, office: Office | None = None, **values: Any) -> dict[str, Any]:
    found = {one.step.id: one.warnings for one in tried(chain, office, **values) if one.warnings}
    assert all(each.code in WARNINGS for many in found.values() for each in many)
    return found


def with_who(step_id: str, who: Who, **more: Any) -> Chain:
    step = PURCHASE.step(step_id)
    assert isinstance(step, Ask)
    return change(PURCHASE, replace(step, who=who, **more))


def test_the_way_depends_on_the_values():
    usual = {"revise": ("faem",), "head": ("boss",), "size": (), "approve": ("wichan",),
             "told": ("nok",)}  # fmt: skip
    assert named() == usual
    assert named(amount=200_000)["units"] == ("lek", "nok")
    assert [one.taken for one in tried(amount=200_000) if one.taken] == ["วงเงินสูง"]
    assert warned(PURCHASE) == {}


def test_every_way_of_naming_somebody():
    for who, able in (
        (Who("superior", level=2), ("chief",)), (Who("performer", ("head",)), ("boss",)),
        (Who("head", ("unit:finance",)), ("boss",)),
        (Who("members", ("unit:finance",)), ("lek", "nok")),
        (Who("field", ("subject",)), ("เก้าอี้",)), (Who("named", ("person:ying",)), ("ying",)),
        (Who("formula", ('if amount > 1 then "position:chief" else "x"',)), ("chief",)),
    ):  # fmt: skip
        assert named(with_who("approve", who))["approve"] == able


def test_what_would_go_wrong_is_a_warning():
    assert warned(with_who("approve", Who("superior", level=3))) == {"approve": (Warned("nobody"),)}
    vacant = Office({**HOLDERS, "position:deputy-2": ""})
    assert warned(PURCHASE, vacant) == {"approve": (Warned("nobody"),)}
    away = Office(on_leave={"wichan": LAST_DAY})
    assert warned(PURCHASE, away) == {"approve": (Warned("away", "wichan"),)}
    twice = Office({**HOLDERS, "position:deputy-2": "boss"})
    assert warned(PURCHASE, twice) == {"approve": (Warned("same", "หัวหน้าเห็นชอบ"),)}
    own = with_who("approve", Who("named", ("person:faem",)), not_starter=False)
    assert warned(own) == {"approve": (Warned("starter", "faem"),)}
    barred = with_who("approve", Who("named", ("person:faem",)))
    assert warned(barred) == {"approve": (Warned("nobody"), Warned("conflict", "faem"))}


@pytest.mark.parametrize(("who", "how", "code", "able"), [
    (Who("named", ("person:faem",), if_starter="stop", if_nobody="pass"), "one", "own_stuck", ()),
    (Who("named", ("person:faem",), if_starter="pass"), "one", "own_passed", ()),
    (Who("named", ("person:faem", "person:nok"), if_starter="pass"), "all", "own_passed", ("nok",)),
    (Who("named", ("person:faem",), if_starter="superior"), "one", "own_handed", ("boss",)),
    (Who("named", ("person:faem", "person:nok"), if_starter="hand",
         instead_of_starter=("position:chief",)), "all", "own_handed", ("chief", "nok")),
    (Who("named", ("person:faem", "person:nok"), if_starter="superior"), "one", "", ("nok",)),
])  # fmt: skip
def test_what_happens_where_it_is_the_starters_own_is_told(who, how, code, able):
    chain = with_who("approve", who, how=how, due=None)
    told = [one for one in warned(chain).get("approve", ()) if one.code != "same"]
    assert told == ([Warned(code, "faem")] if code else [])
    assert named(chain)["approve"] == able


def test_duties_that_one_person_may_not_do_both_are_told():
    two = Who("named", ("person:nok", "person:wichan"))
    first = with_who("head", two)
    apart = replace(first.step("approve"), not_those=("head",))
    told = {"approve": (Warned("conflict_if", "หัวหน้าเห็นชอบ"),)}
    assert warned(change(first, apart)) == told
    one = with_who("head", Who("named", ("person:wichan",)))
    told = {"approve": (Warned("nobody"), Warned("conflict", "wichan"))}
    assert warned(change(one, apart)) == told


def test_a_day_that_has_come_and_one_that_may_are_told():
    fields = (*PURCHASE.fields, Field("day", "วัน", "date"))
    wait = Wait("wait", "รอวัน", until="day")
    chain = replace(PURCHASE, fields=fields, steps=(PURCHASE.steps[1], wait))
    for day, code in ((23, "past"), (24, "past_by_then"), (25, "")):
        told = {"wait": (Warned(code, f"2026-11-{day}"),)} if code else {}
        assert warned(chain, day=date(2026, 11, day)) == told


def test_each_deadline_is_told_as_if_all_before_took_their_time():
    day = timedelta(days=1)
    by = {one.step.id: one.by for one in tried(amount=200_000) if one.by}
    assert by == {"head": NOW + day, "units": NOW + 3 * day, "approve": NOW + 3 * day + day / 6}
    told = Inform("first", "แจ้ง", Who("starter"), due=Due(Span(9)))
    found = tried(replace(PURCHASE, steps=(told, PURCHASE.steps[1])))
    assert [one.by for one in found] == [NOW + 9 * day, NOW + day]  # nothing waits for it
    wait = Wait("wait", "รอ", Span(9))
    both = Together("both", "สองทาง", (Branch("1", (wait,)), Branch("2", (PURCHASE.steps[1],))))
    found = tried(replace(PURCHASE, steps=(both, PURCHASE.steps[3])))
    assert [one.by for one in found if one.by] == [
        NOW + 9 * day, NOW + day, NOW + 9 * day + day / 6,
    ]  # fmt: skip


def test_where_nobody_can_do_it_the_way_shows_the_policy():
    gone = Office({**HOLDERS, "position:deputy-2": ""})
    passed = Who("named", ("position:deputy-2",), if_nobody="pass")
    assert warned(with_who("approve", passed)) == {}
    after = Choose("after", "ผล", (Branch("ใช่", (), 'approve_outcome = "approve"'), Branch("ไม่")))
    chain = with_who("approve", passed)
    way = tried(replace(chain, steps=(*chain.steps, after)), gone)
    assert [(one.step.id, one.able, one.warnings) for one in way if one.step.id == "approve"] == [
        ("approve", (), (Warned("passed"),))
    ]
    assert way[-1].taken == "ไม่"
    handed = replace(passed, if_nobody="hand", instead=("right:operate",))
    assert named(with_who("approve", handed), gone)["approve"] == ("chief",)
    assert warned(with_who("approve", handed), gone) == {"approve": (Warned("handed"),)}
    own = replace(passed, values=("person:faem",))
    told = {"approve": (Warned("passed"), Warned("conflict", "faem"))}
    assert warned(with_who("approve", own)) == told


@pytest.mark.parametrize("how", ["all", "share", "in_order"])
def test_whoever_of_several_cannot_do_it_is_told(how: How):
    gone = Office({**HOLDERS, "position:deputy-2": ""})
    who = Who("named", ("person:nok", "position:deputy-2", "person:faem"), if_nobody="pass")
    told = {"approve": (Warned("left_out", "position:deputy-2, person:faem"),)}
    assert warned(with_who("approve", who, how=how), gone) == told
    assert warned(with_who("approve", who, how="first"), gone) == {}


BOTH = Who("named", ("person:nok", "position:deputy-2", "position:boss"))


@pytest.mark.parametrize("how", ["all", "in_order"])
def test_one_of_several_on_leave_is_told_with_the_day_and_who_acts(how: How):
    """A post waits for its holder, a person for themselves, whoever acts for their post."""
    chain = with_who("approve", BOTH, how=how, due=None)
    later = LAST_DAY + timedelta(1)
    lent = {"nok": ("lek", "wichan"), "wichan": ("lek",)}
    gone = Office(on_leave={"nok": later, "wichan": LAST_DAY, "chief": later}, lent=lent)
    person = Warned("waits_person", "nok", until=later, acting=("lek",))
    assert warned(chain, gone)["approve"] == (
        person, Warned("waits_post", "wichan", until=LAST_DAY),
    )  # fmt: skip
    assert warned(chain, Office(on_leave={"chief": later})) == {}
    assert "approve" not in warned(with_who("approve", BOTH, how="first"), gone)


def test_a_share_that_the_others_reach_does_not_wait_for_one_on_leave():
    gone = Office(on_leave={"nok": LAST_DAY})

    def told(share: int, office: Office = gone, **more: Any) -> list[str]:
        chain = with_who("approve", replace(BOTH, **more), how="share", share=share)
        return [one.code for one in warned(chain, office).get("approve", ())]

    assert (told(66), told(67)) == ([], ["waits_person"])
    vacant = Office({**HOLDERS, "position:boss": ""}, on_leave={"nok": LAST_DAY})
    assert told(34, vacant, if_nobody="pass") == ["left_out", "waits_person"]  # one of three
    assert told(33, vacant, if_nobody="pass") == ["left_out"]


def test_who_is_passed_by_is_not_waited_for():
    gone = Office(on_leave={"nok": LAST_DAY})
    all_ = deciding("all", Who("members", ("unit:finance",)), "all", skip_same=True)
    way = tried(Chain("c", "c", (deciding("first", NOK), deciding("mid", BOSS), all_)), gone)
    assert [one.code for one in way[-1].warnings] == ["once"]


def test_a_letter_whose_signer_is_not_known_yet_is_no_letter_without_one():
    begun = as_letter(Chain("letter", "หนังสือ"))
    chain = replace(begun, steps=(*begun.steps, new_step(begun, "sign")))
    assert warned(chain) == {"sign1": (Warned("field_empty", "ผู้ลงนามตามหนังสือ"),)}
    assert named(chain, signer="position:boss")["sign1"] == ("boss",)


def test_what_cannot_be_told_is_said_and_the_way_goes_on():
    found = tried(amount="much")
    (odd,) = found[2].warnings
    assert (odd.code, odd.detail, odd.missing) == ("unclear_way", "วงเงินสูง", "")
    assert odd.why.startswith("1:8 Expected true or false from")
    assert found[-1].step.id == "told"
    (odd,) = warned(with_who("approve", Who("formula", ("nothing",))))["approve"]
    assert (odd.code, odd.missing) == ("unclear_who", "")
    assert odd.why.startswith("1:1 Expected a variable 'nothing'")


def test_a_field_without_a_value_is_called_by_its_label():
    optional = replace(PURCHASE, fields=(*PURCHASE.fields, Field("boss", "ผู้สั่ง", required=False)))
    step = optional.step("approve")
    chain = change(optional, replace(step, who=Who("formula", ("[boss]",))))
    assert warned(chain) == {"approve": (Warned("unclear_who", missing="ผู้สั่ง"),)}
    found = Trial(PURCHASE, "faem", {"subject": "เก้าอี้"}, NOW, Office()).way()
    told = [one for met in found for one in met.warnings]
    assert told == [Warned("unclear_way", "วงเงินสูง", missing="วงเงิน (บาท)")]


# ---- other processes


def _calls(process: str, *steps: Step, key: str = "outer") -> Chain:
    call = Call("sub", "ตรวจพัสดุ", process)
    return Chain(key, key, (call, *steps), PURCHASE.fields)


def test_a_trial_goes_into_the_process_that_a_card_runs():
    inner = Chain("inner", "ตรวจ", (
        ask("look", "nok", due=Due(Span(3))), ask("again", "boss"),
        Choose("size", "วงเงิน", (Branch("สูง", (ask("more", "lek"),), "amount > 9"), Branch("ต่ำ"))),
    ))  # fmt: skip
    after = Choose("after", "ผล", (Branch("ใช่", (), 'look_outcome = "approve"'), Branch("ไม่")))
    office = Office(processes={"inner": Called("ตรวจพัสดุ (รุ่นใหม่)", inner)})
    last = ask("last", "wichan", due=Due(Span(1)))
    found = tried(_calls("inner", after, last), office)
    assert [(one.step.id, [call.id for call in one.within]) for one in found] == [
        ("sub", []), ("look", ["sub"]), ("again", ["sub"]), ("size", ["sub"]), ("more", ["sub"]),
        ("after", []), ("last", []),
    ]  # fmt: skip
    assert found[0].taken == "ตรวจพัสดุ (รุ่นใหม่)"
    assert found[1].chain is inner
    assert found[5].taken == "ใช่"  # what it set is known to its caller
    assert found[6].by == NOW + timedelta(days=4)  # its time is the caller's
    assert found[6].chain is None


def test_performers_of_the_process_are_its_own():
    inner = Chain("inner", "ตรวจ", (
        ask("first", "nok"), replace(ask("second", "x"), who=Who("performer", ("first",))),
    ))  # fmt: skip
    outer = (ask("first", "boss"), Call("sub", "ใน", "inner"))
    back = replace(ask("back", "x"), who=Who("performer", ("first",)))
    office = Office(processes={"inner": Called("ตรวจ", inner)})
    found = named(Chain("outer", "นอก", (*outer, back), PURCHASE.fields), office)
    assert (found["second"], found["back"]) == (("nok",), ("boss",))


def test_a_process_that_is_not_entered_is_told_with_its_name():
    assert warned(_calls("gone")) == {"sub": (Warned("no_process", "gone"),)}
    drawn = Office(processes={"drawn": Called("หนังสือเวียน", None, "รอประกาศ")})
    (met,) = tried(_calls("drawn"), drawn)
    assert (met.taken, met.warnings) == ("หนังสือเวียน", (Warned("not_cards", "รอประกาศ"),))


def test_processes_that_call_each_other_have_an_end():
    ring = Office(processes={
        "a": Called("ก", _calls("b", key="a")), "b": Called("ข", _calls("a", key="b")),
    })  # fmt: skip
    found = tried(_calls("a"), ring)
    assert [len(one.within) for one in found] == [0, 1, 2]
    assert found[-1].warnings == (Warned("circle", "ก"),)

    deep = {f"p{n}": Called(f"p{n}", _calls(f"p{n + 1}", key=f"p{n}")) for n in range(1, 9)}
    found = tried(_calls("p1"), Office(processes=deep))
    assert len(found) == DEEPEST
    assert found[-1].warnings == (Warned("too_deep", str(DEEPEST)),)

    many = tuple(Call(f"c{n}", "ซ้ำ", "leaf") for n in range(50))
    leaf = Chain("leaf", "ใบ", tuple(ask(f"s{n}", "nok") for n in range(50)))
    office = Office(processes={"leaf": Called("ใบ", leaf)})
    found = tried(Chain("outer", "นอก", many, PURCHASE.fields), office)
    assert sum(1 for one in found if one.within) == MOST_ENTERED
    told = [one.warnings for one in found if one.warnings and not one.within]
    assert told == [(Warned("too_long", str(MOST_ENTERED)),)] * 38


def test_parallel_work_is_all_met_and_answers_are_known():
    first = PURCHASE.steps[1]
    ask: Step = Choose("after", "ผล", (Branch("ใช่", (), 'head_outcome = "approve"'), Branch("ไม่")))
    both = Together("both", "สองทาง", (Branch("1", (first,)), Branch("2", (PURCHASE.steps[3],))))
    chain = replace(PURCHASE, steps=(both, ask))
    assert [one.step.id for one in tried(chain)] == ["both", "head", "approve", "after"]
    assert tried(chain)[-1].taken == "ใช่"


def secretly(secrecy: int, **levels: int) -> dict[str, list[Warned]]:
    """What a letter of this degree would meet, where these are cleared."""
    steps = (
        replace(ask("first", ""), who=Who("named", ("position:legal-head", "position:deputy-2"))),
        ask("last", "boss"),
    )
    chain = Chain("letter", "หนังสือ", steps, letter=True)
    way = Trial(chain, "faem", {}, NOW, Office(levels=levels), secrecy).way()
    return {one.step.id: list(one.warnings) for one in way}


def test_who_is_not_cleared_for_the_degree_is_named_at_each_step():
    everybody = {"faem": 3, "lek": 3, "wichan": 3, "boss": 3}
    assert secretly(3, **everybody) == {"first": [], "last": []}
    assert secretly(1) == {"first": [], "last": []}
    found = secretly(3, **{**everybody, "wichan": 2})
    assert found == {"first": [Warned("uncleared", "wichan")], "last": []}
    assert secretly(2, **{**everybody, "wichan": 2}) == {"first": [], "last": []}


def test_a_step_with_nobody_cleared_and_a_starter_without_are_told():
    found = secretly(2, lek=2, wichan=2)
    assert found["first"] == [Warned("starter_uncleared", "faem")]
    assert found["last"] == [Warned("nobody_cleared", "boss")]
    assert all(one.code in WARNINGS for many in found.values() for one in many)


def test_a_starter_without_the_role_that_may_start_and_a_role_without_anybody_are_told():
    chain = replace(PURCHASE, start_role="buyers")
    first = PURCHASE.steps[0].id

    def told(holder: str) -> Any:
        return warned(chain, Office({**HOLDERS, "role:buyers": holder}))

    assert told("faem") == {}
    assert told("nok") == {first: (Warned("may_not_start", "faem"),)}
    assert told("") == {first: (Warned("nobody_may_start", "buyers"),)}
    by_grant = Office({**HOLDERS, "role:buyers": "nok"}, granted=("person:faem",))
    assert warned(chain, by_grant) == {}


BOSS, NOK = Who("named", ("position:boss",)), Who("named", ("person:nok",))
LOOKED_UP = Who("head", ("unit:finance",))


def deciding(id_: str, who: Who, how: Any = "one", **more: Any) -> Ask:
    return Ask(id_, "approve", id_, who, outcomes_of("approve", refusal=False), how, **more)


@pytest.mark.parametrize("who", [BOSS, LOOKED_UP, replace(BOSS, if_nobody="pass")])
def test_who_has_done_as_much_is_passed(who: Who):
    """Also with another step between; where the card does not say so, it is a warning."""
    again = deciding("again", who, skip_same=True)
    once = {"again": (Warned("once", "boss"),)}
    first, mid = deciding("first", BOSS), deciding("mid", NOK)
    for steps in ((first, again), (first, mid, again)):
        assert warned(Chain("c", "c", steps)) == once
    plain = Chain("c", "c", (first, mid, replace(again, skip_same=False)))
    assert warned(plain) == {"again": (Warned("same", "first"),)}


def test_another_answer_or_another_to_ask_lets_nobody_pass():
    mind = replace(deciding("first", BOSS), outcomes=outcomes_of("consult", refusal=False))
    again = deciding("again", LOOKED_UP, skip_same=True)
    told = warned(Chain("c", "c", (mind, deciding("mid", NOK), again)))
    assert told == {"again": (Warned("same", "first"),)}
    assert warned(Chain("c", "c", (mind, again))) == {"again": (Warned("once", "boss"),)}
    either = replace(again, who=Who("named", ("position:boss", "person:nok")))
    assert warned(Chain("c", "c", (deciding("first", BOSS), either))) == {}
    names = deciding("named", Who("appointed", ("mid",)))
    chain = Chain("c", "c", (deciding("first", BOSS), deciding("mid", NOK), names, again))
    assert "once" not in {one.code for one in warned(chain, named_appointed="lek")["again"]}


def test_of_several_those_pass_who_have_done_as_much_and_the_starter_at_once():
    all_ = deciding("all", Who("members", ("unit:finance",)), "all", skip_same=True)
    told = warned(Chain("c", "c", (deciding("first", NOK), deciding("mid", BOSS), all_)))
    assert told == {"all": (Warned("once", "nok"),)}
    own = deciding("own", Who("starter"), skip_same=True)
    assert warned(Chain("c", "c", (own,))) == {"own": (Warned("once", "faem"),)}
    assert warned(Chain("c", "c", (deciding("first", BOSS), own))) == {}
