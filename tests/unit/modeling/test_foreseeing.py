"""A chain opened in the designer is warned of in a play as it is in the composer's trial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.composed import ask
from unit.chains.test_trying import HOLDERS, LAST_DAY, NOW, Office

from engine.actor import principals_of
from engine.runtime import load_bundle
from engine.runtime.values import AssignmentRule, OpenedTask
from forms.stored import StoredForms
from office.chains.asking import looked_up
from office.chains.compose import compose
from office.chains.model import (
    FIND,
    Branch,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Span,
    Together,
    Wait,
    Who,
)
from office.chains.trying import Trial
from office.documents.thai import BANGKOK
from office.foreseen.values import Warned
from office.modeling.cases import Case
from office.modeling.foreseeing import agreed, foreseen
from office.modeling.playing import play
from office.modeling.testing import Laboratory


@dataclass
class Finder:
    """The office of the trial's tests, as a look-up asks it."""

    house: House

    def find(self, kind: str, of: Sequence[str], rank: str, starter: str, level: int = 1):
        match kind:
            case "named":
                return list(self.house.others(of))
            case "superior":
                return [one for one in (self.house.superior(starter, level),) if one]
            case "starter":
                return [f"person:{starter}"]
            case "field" | "formula":
                return [one if ":" in one else f"person:{one}" for one in of]
            case _:
                return list(self.house.found(Who(kind, tuple(of), rank=rank), starter))

    def superior(self, starter: str, level: int):
        return self.find("superior", (), "", starter, level)

    def others(self, principals: Sequence[str]):
        return list(self.house.others(principals))

    def able(self, principals: Sequence[str], barred: Any):
        return [one for one in principals if self.house.able([one]) - set(barred)]


@dataclass
class House(Office):
    provers: frozenset[str] | None = None

    @property
    def finder(self) -> Finder:
        return Finder(self)

    def provable(self, usernames: Sequence[str]) -> frozenset[str]:
        return frozenset(usernames) if self.provers is None else self.provers

    def of_rule(self, rule: AssignmentRule, starter: str) -> list[str]:
        if rule.kind == "starter":
            return [f"person:{starter}"]
        if rule.kind == "superior":
            return [one for one in (self.superior(starter, rule.level),) if one]
        kind = rule.kind if rule.kind in ("position", "unit", "role") else "person"
        return list(principals_of(rule.value, kind))

    def day(self, moment: Any) -> date:
        return moment.astimezone(BANGKOK).date()

    def due(self, task: OpenedTask, begun: Any) -> Any:
        return (
            task.due
            if task.due is None or not isinstance(task.due, timedelta)
            else (begun + task.due)
        )


class LookUps:
    """Found by whoever plays."""

    def asked(self, action: str) -> bool:
        return action == FIND

    def found(self, action: str, inputs: Any, starter: str) -> None:
        return None


def met(chain: Chain, house: House, secrecy: int = 1, **values: str) -> list[Any]:
    """What a play of everybody's yes comes to."""
    lab = Laboratory(
        load_bundle(compose(chain)), chain.key, StoredForms(), NOW, look_ups=LookUps()
    )  # fmt: skip

    whole = agreed(lab, Case("", start=values, starter="faem"), house, secrecy)
    return foreseen(play(lab, whole).run, house, "faem", secrecy)


def step_of(element: str) -> str:
    """The card that an element belongs to."""
    return element[2:] if element[:2] in ("l_", "p_", "x_") else element


def told(way: Sequence[Any], of: Any) -> dict[str, set[Warned]]:
    found: dict[str, set[Warned]] = {}
    for one in way:
        if one.warnings:
            found.setdefault(of(one), set()).update(one.warnings)
    return found


def both(chain: Chain, house: House | None = None, secrecy: int = 1, **values: Any) -> Any:
    """(by the trial, by the play): warnings and deadlines by their card."""
    house = house or House()
    known = dict.fromkeys(one.key for one in chain.fields)  # as a form that was left empty
    known |= {name: value for name, (value, _) in values.items()}
    tried = Trial(chain, "faem", known, NOW, house, secrecy).way()
    texts = {name: text for name, (_, text) in values.items()}
    played = met(chain, house, secrecy, **texts)
    return told(tried, lambda one: one.step.id), told(played, lambda one: step_of(one.element))


def named(*principals: str, **more: Any) -> Who:
    return Who("named", principals, **more)


def chain(*steps: Any, **more: Any) -> Chain:
    return Chain("tried", "ลอง", steps, **more)


def who(id_: str, whom: Who, **more: Any) -> Any:
    return replace(ask(id_, "x", **more), who=whom)


GONE = {**HOLDERS, "position:deputy-2": ""}
PAIR = named("person:nok", "position:deputy-2", "position:boss")
DAY = Field("day", "วันที่ใช้", "date", required=False)

CASES: Mapping[str, tuple[set[str], Chain, House]] = {
    "nobody": ({"nobody"}, chain(ask("a", "x", who=named("position:deputy-2"))), House(GONE)),
    "no superior": ({"nobody"}, chain(who("a", Who("superior", level=3))), House()),
    "no head": ({"nobody"}, chain(who("a", Who("ladder", rank="division"))), House()),
    "away": ({"away"}, chain(ask("a", "nok")), House(on_leave={"nok": LAST_DAY})),
    "waits for each": (
        {"waits_person", "waits_post"}, chain(who("a", PAIR, how="all")),
        House(on_leave={"nok": LAST_DAY, "wichan": LAST_DAY}, lent={"nok": ("lek",)}),
    ),
    "in order": (
        {"waits_person"}, chain(who("a", PAIR, how="in_order")), House(on_leave={"nok": LAST_DAY}),
    ),
    "a share is not enough": (
        {"waits_person"}, chain(who("a", PAIR, how="share", share=67)),
        House(on_leave={"nok": LAST_DAY}),
    ),
    "a share is enough": (
        set(), chain(who("a", PAIR, how="share", share=66)), House(on_leave={"nok": LAST_DAY}),
    ),
    "the first is enough": (
        set(), chain(who("a", PAIR, how="first")), House(on_leave={"nok": LAST_DAY}),
    ),
    "the first, all away": (
        {"away"}, chain(who("a", named("person:nok", "person:lek"), how="first")),
        House(on_leave={"nok": LAST_DAY, "lek": LAST_DAY}),
    ),
    "one of several": ({"left_out"}, chain(who("a", PAIR, how="all")), House(GONE)),
    "one of several passed": (
        {"left_out"}, chain(who("a", replace(PAIR, if_nobody="pass"), how="all")), House(GONE),
    ),
    "one of several handed": (
        {"left_out"},
        chain(who("a", replace(PAIR, if_nobody="hand", instead=("position:chief",)), how="all")),
        House(GONE),
    ),
    "a share of those left": (
        {"left_out", "waits_person"},
        chain(who("a", replace(PAIR, if_nobody="pass"), how="share", share=34)),
        House({**HOLDERS, "position:boss": ""}, on_leave={"nok": LAST_DAY}),
    ),
    "the same person": (
        {"same"}, chain(ask("a", "nok"), ask("b", "boss"), ask("c", "nok")), House(),
    ),
    "the starter's own": ({"starter"}, chain(ask("a", "faem")), House()),
    "by the starter": (set(), chain(who("a", Who("starter"))), House()),
    "done before": (
        {"once"}, chain(ask("a", "nok"), ask("b", "nok", skip_same=True)), House(),
    ),
    "said before": (
        {"once"}, chain(ask("a", "nok"), ask("b", "boss"), ask("c", "nok", skip_same=True)),
        House(),
    ),
    "the starter is barred": (
        {"nobody", "conflict"}, chain(ask("a", "faem", not_starter=True)), House(),
    ),
    "barred and stopped": (
        {"own_stuck"}, chain(who("a", named("person:faem", if_starter="stop"), not_starter=True)),
        House(),
    ),
    "barred and passed": (
        {"own_passed"}, chain(who("a", named("person:faem", if_starter="pass"), not_starter=True)),
        House(),
    ),
    "one of several barred and passed": (
        {"own_passed"},
        chain(who("a", named("person:faem", "person:nok", if_starter="pass"), how="all",
                  not_starter=True)),
        House(),
    ),
    "barred and handed": (
        {"own_handed"},
        chain(who("a", named("person:faem", if_starter="superior"), not_starter=True)), House(),
    ),
    "duties": (
        {"nobody", "conflict"}, chain(ask("a", "nok"), ask("b", "nok", not_those=("a",))), House(),
    ),
    "duties that may meet": (
        {"conflict_if"},
        chain(who("a", named("person:nok", "person:boss")), ask("b", "nok", not_those=("a",))),
        House(),
    ),
    "duties and passed": (
        {"passed", "conflict"},
        chain(ask("a", "nok"),
              who("b", named("person:nok", if_nobody="pass"), not_those=("a",))), House(),
    ),
    "passed": ({"passed"}, chain(who("a", named("position:deputy-2", if_nobody="pass"))),
               House(GONE)),
    "handed": (
        {"handed"},
        chain(who("a", named("position:deputy-2", if_nobody="hand", instead=("position:chief",)))),
        House(GONE),
    ),
    "handed to nobody": (
        {"handed", "nobody"},
        chain(who("a", named("position:deputy-2", if_nobody="hand", instead=("position:none",)))),
        House({**GONE, "position:none": ""}),
    ),
    "no proof": (
        {"unprovable"}, chain(ask("a", "nok", confirm=True)), House(provers=frozenset()),
    ),
    "may not start": (
        {"may_not_start"}, chain(ask("a", "nok"), start_role="buyer"),
        House({**HOLDERS, "role:buyer": "lek"}),
    ),
    "nobody may start": (
        {"nobody_may_start"}, chain(ask("a", "nok"), start_role="buyer"),
        House({**HOLDERS, "role:buyer": ""}),
    ),
    "told": (
        {"nobody"},
        chain(Inform("t", "แจ้ง", named("position:deputy-2")), ask("b", "nok")), House(GONE),
    ),
    "at the same time": (
        {"once", "away"},
        chain(Together("both", "สองทาง", (
            Branch("1", (ask("a", "nok"),)), Branch("2", (ask("b", "lek"),)),
        )), ask("c", "nok", skip_same=True), ask("d", "boss", skip_same=True)),
        House(on_leave={"lek": LAST_DAY}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_play_warns_as_the_trial_of_the_same_cards(case: str):
    codes, drawn, house = CASES[case]
    trial, played = both(drawn, house)
    assert {one.code for each in trial.values() for one in each} == codes
    if begun := played.pop("start", None):  # in the trial of cards, at the first
        played["a"] = played.get("a", set()) | begun
    assert played == trial


def test_a_letter_is_tried_with_its_degree_and_a_day_with_the_time_before_it():
    house = House(levels={"nok": 2, "faem": 3})
    two = chain(ask("a", "nok"), who("b", named("person:lek", "person:nok")), ask("c", "lek"))
    for secrecy, codes in ((1, {"same"}), (2, {"uncleared", "nobody_cleared", "same"})):
        trial, played = both(two, house, secrecy)
        assert {one.code for each in trial.values() for one in each} >= codes - {"same"}
        assert played == trial
    assert both(two, House(), 2)[1]["start"] == {Warned("starter_uncleared", "faem")}
    wait = Wait("wait", "รอ", until="day")
    waiting = chain(
        ask("a", "nok", due=Due(Span(1, working=False))), wait, fields=(DAY,)
    )  # fmt: skip
    for day, codes in ((23, {"past"}), (24, {"past_by_then"}), (25, set())):
        trial, played = both(waiting, day=(date(2026, 11, day), f'date("2026-11-{day}")'))
        assert played == trial
        assert {one.code for each in trial.values() for one in each} == codes


def test_what_has_no_answer_yet_is_told_by_the_label_of_its_field():
    fields = (
        Field("boss", "ผู้สั่ง", required=False),
        Field("amount", "วงเงิน", "number", required=False),
    )
    size = Choose("size", "แยก", (Branch("สูง", (), "amount > 5"), Branch("ต่ำ")))
    for last, code in (
        (who("a", Who("field", ("boss",))), "field_empty"),
        (who("a", Who("field", ("boss",)), how="all"), "field_empty"),
        (who("a", Who("formula", ("boss",))), "field_empty"),
        (who("a", Who("formula", ("[boss][1]",))), "nobody"),
        (who("a", Who("formula", ("1 / amounts",))), "unclear_who"),
        (size, "unclear_way"),
    ):
        trial, played = both(chain(last, fields=fields))
        assert played == trial
        assert [one.code for each in trial.values() for one in each] == [code]
    unset = replace(size, branches=(Branch("สูง", (), "other > 5"), Branch("ต่ำ")))
    trial, played = both(chain(unset, fields=fields))
    assert played == trial
    letter = chain(who("a", Who("field", ("signer",))), letter=True)
    assert both(letter)[1] == both(letter)[0] == {"a": {Warned("field_empty", "ผู้ลงนามตามหนังสือ")}}


def test_deadlines_are_the_latest_that_steps_before_let_be():
    day = Due(Span(1, working=False))
    fork = Together("both", "สองทาง", (
        Branch("1", (ask("a", "nok", due=Due(Span(9, working=False))),)),
        Branch("2", (Wait("w", "รอ", Span(2, working=False)), ask("b", "lek", due=day))),
    ))  # fmt: skip
    drawn = chain(fork, ask("c", "boss", due=day))
    trial = {one.step.id: one.by for one in Trial(drawn, "faem", {}, NOW, House()).way() if one.by}
    played = {one.element: one.by for one in met(drawn, House()) if one.by}
    assert played == trial == {
        "a": NOW + timedelta(9), "w": NOW + timedelta(2), "b": NOW + timedelta(3),
        "c": NOW + timedelta(10),
    }  # fmt: skip


def test_a_look_up_of_whoever_did_a_step_is_known_in_a_play():
    assert looked_up(Finder(House()), {"kind": "performer", "of": "a"}, "faem") is None
    judged = who("b", Who("performer", ("a",), if_nobody="pass"), skip_same=True)
    trial, played = both(chain(ask("a", "nok"), judged))
    assert played == trial == {"b": {Warned("once", "nok")}}
