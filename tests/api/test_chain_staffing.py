"""Who would get each step today, before a chain is published: rules on a real organisation, on both
databases, and how it is told by REST and by the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from support.composed import ask
from support.house import House
from support.world import World

from engine.db import reading
from office.chains.looking import StoredLook
from office.chains.model import OPERATORS, Ask, Chain, Field, Inform, Who
from office.chains.staff_words import CONSEQUENCES, DEPENDS
from office.chains.staffing import staffed
from office.chains.stored import dump
from office.people.shortfalls import SHORTFALLS


class Composing(House):
    """What is found of chains in it."""

    def found(self, chain: Chain) -> list[Any]:
        services, home = self.world.system.services, self.world.home
        with reading(self.world.system.engine) as db:
            look = StoredLook(
                db, home.id, self.world.clock.now(), services.directory, services.calendars
            )
            return staffed(chain, look)

    def one(self, who: Who, **more: Any) -> Any:
        step = replace(ask("step", "nobody", **more), who=who)
        return self.found(Chain(self("chain"), "สาย", (step,)))[0]

    def told(self, who: Who, **more: Any) -> tuple[str, list[str]]:
        found = self.one(who, **more)
        assert not found.consequence or found.consequence in CONSEQUENCES
        assert all(f"{lack.kind}_{lack.why}" in SHORTFALLS for lack in found.lacks)
        return found.consequence, [lack.why for lack in found.lacks]


@pytest.fixture
def house(world: World) -> Composing:
    return Composing(world)


def test_a_rule_that_names_nobody_who_is_there_says_why(house: Composing):
    for named, told in (
        (["position:held"], ("", [])),
        (["role:lent"], ("", [])),
        (["unit:desk"], ("", [])),
        (["person:here"], ("", [])),
        (["position:none"], ("stuck", ["unknown"])),
        (["role:none"], ("stuck", ["unknown"])),
        (["unit:none"], ("stuck", ["unknown"])),
        (["person:none"], ("stuck", ["unknown"])),
        (["position:shut"], ("stuck", ["closed"])),
        (["position:empty"], ("stuck", ["vacant"])),
        (["role:unlent"], ("stuck", ["vacant"])),
        (["unit:board"], ("stuck", ["vacant"])),
        (["person:gone"], ("stuck", ["left"])),
        (["person:away"], ("waits", ["away"])),
        (["position:absent"], ("waits", ["away"])),
        (["position:held", "position:empty"], ("others", ["vacant"])),
        (["position:held", "position:absent"], ("", [])),
        (["position:absent", "position:shut"], ("waits", ["away", "closed"])),
    ):
        assert house.told(house.who(*named)) == told, named


def test_where_each_of_those_named_has_to_do_it_one_is_enough_to_be_stuck(house: Composing):
    two = ("position:held", "position:empty")
    assert house.told(house.who(*two), how="all") == ("stuck_at", ["vacant"])
    passed = house.who(*two, if_nobody="pass")
    assert house.told(passed, how="all") == ("left_out", ["vacant"])
    away = house.who("position:held", "person:away")
    assert house.told(away, how="in_order") == ("waits_at", ["away"])
    found = house.one(away, how="in_order")
    assert [(one.code, one.detail) for one in found.waiting] == [("waits_person", house("away"))]
    assert found.waiting[0].until is not None
    # where the others are enough it waits for nobody
    assert house.told(away, how="share", share=50) == ("", [])
    assert house.told(away, how="share", share=60) == ("waits_at", ["away"])
    # one of a unit's members is a person as well, of whom nobody is lacking
    desk = house.one(house.who("unit:desk", kind="members"), how="all")
    assert (desk.consequence, [one.detail for one in desk.waiting]) == ("waits_at", [house("away")])
    # members are looked up as persons: a unit without any is nobody who is asked
    members = house.who("unit:desk", "unit:board", kind="members")
    assert house.told(members, how="all") == ("others", ["vacant"])


def test_what_a_card_says_of_nobody_counts(house: Composing):
    empty = ("position:empty",)
    assert house.told(house.who(*empty, if_nobody="pass")) == ("passed", ["vacant"])
    for instead, told in (
        ("role:lent", ("handed", ["vacant"])),
        ("role:unlent", ("stuck", ["vacant", "vacant"])),
        ("person:none", ("stuck", ["vacant", "unknown"])),
    ):
        rule = house.who(*empty, if_nobody="hand", instead=(house(instead),))
        assert house.told(rule) == told, instead
    rule = house.who(*empty, if_nobody="hand", instead=(OPERATORS,))
    assert house.told(rule) == ("handed", ["vacant"])  # the role that may do everything
    two = house.who("position:held", *empty, if_nobody="hand", instead=(house("role:unlent"),))
    assert house.told(two) == ("stuck", ["vacant", "vacant"])


def test_heads_and_members_are_looked_up(house: Composing):
    assert house.one(house.who("unit:desk", kind="head")).able == (house("here"),)
    assert house.told(house.who("unit:bare", kind="head")) == ("stuck", ["headless"])
    assert house.told(house.who("unit:none", kind="head")) == ("stuck", ["unknown"])
    members = house.one(house.who("unit:desk", "role:lent", kind="members"))
    assert members.able == (house("away"), house("here"))
    assert members.away == (house("away"),)


def test_what_depends_on_the_case_is_said_to_and_judged_no_further(house: Composing):
    for who, depends in (
        (Who("starter"), "starter"), (Who("superior"), "starter"),
        (Who("ladder", rank="head"), "starter"), (Who("field", ("owner",)), "values"),
        (Who("performer", ("before",)), "performer"),
        (Who("appointed", ("before",)), "appointed"),
        (Who("formula", ('if amount > 1 then "a" else "b"',)), "values"),
        (Who("formula", ('get or else(boss, "a")',)), "values"),
    ):  # fmt: skip
        found = house.one(who)
        assert (found.depends, found.consequence, found.able) == (depends, "", ()), who
        assert depends in DEPENDS
    fixed = house.one(Who("formula", (f'["position:{house("held")}", "nobody-there"]',)))
    assert (fixed.depends, fixed.able) == ("", (house("here"),))
    assert (fixed.consequence, fixed.lacks[0].why) == ("others", "unknown")
    later = house.told(Who("superior", if_nobody="hand", instead=(house("role:unlent"),)))
    assert later == ("instead", ["vacant"])


def test_nobody_who_may_start_it_is_told_unless_somebody_was_granted_to(house: Composing):
    chain = Chain("review", "สาย", (ask("step", "admin"),), start_role=house("unlent"))
    assert [one.step.id for one in house.found(chain)] == ["step"]  # the administrators can
    with house.nobody_may_everything():
        (start, _step) = house.found(chain)
        assert start.consequence == "nobody_starts"
        assert [one.why for one in start.lacks] == ["vacant"]
        with house.granted("start"):
            assert [one.step.id for one in house.found(chain)] == ["step"]
        with house.granted("see"):
            assert house.found(chain)[0].consequence == "nobody_starts"


def test_it_is_told_by_rest_before_and_after_it_is_published(house: Composing):
    world = house.world
    chain = Chain(
        house("buy"), "สาย",
        (
            ask("first", "admin"),
            replace(ask("second", "x"), who=house.who("position:empty", "role:none")),
            Inform("third", "แจ้ง", Who("starter")),
        ),
        fields=(Field("subject", "เรื่อง"),),
    )  # fmt: skip
    made = world.post("/approval-chains", {"name": "สาย", "key": chain.key}, as_="admin").json
    path = f"/approval-chains/{made['id']}"
    assert world.get(f"{path}/staffing", as_="admin").json == {"items": []}  # no cards yet
    headers = {"If-Match": '"1"'}
    world.call("PUT", path, as_="admin", json={"content": dump(chain)}, headers=headers)
    told = world.get(f"{path}/staffing", as_="admin")
    assert told.status_code == 200, told.json
    first, second, third = told.json["items"]
    assert (first["able"], first["consequence"], first["lacking"]) == (["admin"], "", [])
    assert (third["depends"], third["able"]) == ("starter", [])
    assert second["consequence"] == "stuck"
    assert second["english"].startswith("Nobody can do this step today")
    empty, none = second["lacking"]
    assert (empty["code"], empty["page"]) == ("vacant", f"/admin/positions/{house('empty')}")
    assert empty["mend_english"] == "Appoint somebody to it, or record an order to act for it"
    assert (none["code"], none["page"]) == ("unknown", "")
    assert none["english"] == f"There is no role with the code “{house('none')}”"
    assert world.get(f"{path}/staffing", as_="clerk").status_code == 403

    done = world.call(
        "POST", f"{path}/publish", as_="admin", json={"note": "รุ่นแรก"},
        headers={"If-Match": '"2"'},
    )  # fmt: skip
    assert (done.status_code, done.json["version"]) == (200, 1)
    assert done.json["staffing"] == [second]


def test_the_answer_to_publishing_stays_when_the_cards_are_gone(sqlite_world: World):
    world, key = sqlite_world, f"buy-{uuid4().hex[:6]}"
    made = world.post("/approval-chains", {"name": "สาย", "key": key}, as_="admin").json
    path = f"/approval-chains/{made['id']}"
    content = dump(Chain(key, "สาย", (ask("only", "nobody-there"),)))
    world.call("PUT", path, as_="admin", json={"content": content}, headers={"If-Match": '"1"'})
    once = {"If-Match": '"2"', "Idempotency-Key": str(uuid4())}
    first, again = (
        world.call("POST", f"{path}/publish", as_="admin", json={"note": "x"}, headers=once)
        for _ in (1, 2)
    )
    assert first.json == again.json
    assert [one["consequence"] for one in first.json["staffing"]] == ["stuck"]
    world.call("DELETE", path, as_="admin", headers={"If-Match": '"2"'})
    last = world.call("POST", f"{path}/publish", as_="admin", json={"note": "x"}, headers=once)
    assert (last.status_code, last.json["id"], last.json["staffing"]) == (200, first.json["id"], [])


def test_a_day_later_whoever_is_back_does_it(house: Composing):
    assert isinstance(house.last, date)
    services = house.world.system.services
    later = house.world.clock.now() + timedelta(days=5)
    with reading(house.world.system.engine) as db:
        look = StoredLook(db, house.world.home.id, later, services.directory, services.calendars)
        step: Ask = replace(ask("step", "x"), who=house.who("person:away"))
        (found,) = staffed(Chain("a-chain", "สาย", (step,)), look)
    assert (found.consequence, found.able, found.away) == ("", (house("away"),), ())
