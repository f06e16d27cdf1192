"""Who looks after the installation founds agencies from a page and by REST, and sees no more of
them than their names and how large they are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from support.browsing import Browser
from support.world import World

from api import stewards
from engine.actor import STEWARD, system_actor
from engine.db import reading
from engine.errors import Conflict, Forbidden
from office.accounts import credentials
from office.accounts.commands import FoundBeside, SetUpAgency
from office.accounts.sign_in import Origin
from office.people import queries as people
from office.people.commands import AddRole, GrantRole

PAGE = "/admin/agencies"
NEW = {
    "code": "third", "name": "สำนักงานที่สาม", "admin": "malee", "given_name": "มาลี",
}  # fmt: skip


@pytest.fixture
def house(wired: tuple[World, Any]) -> World:
    """On PostgreSQL, whose fences stand between agencies."""
    return wired[0]


class Steward:
    """The administrator of the house's own agency, in a browser and by a token."""

    def __init__(self, house: World) -> None:
        self.house = house
        self.browser = Browser(house.client.application, "10.79.0.2")
        form = self.browser.open("/sign-in").form("/sign-in")
        form.send(username="admin", password="admin opens his own door")

    def with_a_factor(self) -> None:
        begun = self.browser.open("/account").form("/account/factor/begin").send()
        form = begun.form("/account/factor/confirm")
        self.totp = pyotp.TOTP(form.values()["secret"][0])
        form.send(code=self.code())

    def code(self) -> str:
        self.house.clock.advance(timedelta(seconds=31))
        return str(self.totp.at(self.house.clock.now()))

    def asks(self, method: str, path: str = "", **body: Any) -> Any:
        more = {"json": body} if body else {}
        return self.house.call(method, f"/agencies{path}", as_="admin", **more)


def _events(house: World, agency_id: Any) -> dict[str, Any]:
    with reading(house.system.engine, agency_id) as db:
        found = people.events(db, agency_id, page_size=100).items
    return {one.type: one for one in reversed(found)}


def test_a_steward_founds_and_invites_and_sees_no_more(house: World) -> None:
    system, ours = house.system, system_actor(house.home.id)
    steward = Steward(house)
    # an agency's administrator, who holds everything, is none
    assert steward.browser.open(PAGE).status == 403
    assert PAGE not in steward.browser.open("/admin").links()
    assert steward.asks("GET").status_code == 403
    assert steward.asks("POST", **NEW, current="x").status_code == 403
    with reading(system.engine) as db:
        admin = people.actor_for(db, house.home.id, house.home.persons["admin"], house.clock.now())
    with pytest.raises(Forbidden):
        system.bus.execute(FoundBeside(SetUpAgency(**NEW), 24), admin)
    # and can neither make such a role nor give the one that is there
    with pytest.raises(Forbidden):
        system.bus.execute(AddRole("grab", "คว้า", [STEWARD]), admin)
    stewards.appoint(system, ours, "admin")
    with pytest.raises(Conflict):
        stewards.appoint(system, ours, "admin")
    stewards.dismiss(system, ours, "admin")
    with pytest.raises(Forbidden):
        system.bus.execute(GrantRole("clerk", stewards.ROLE, house.clock.now().date()), admin)
    assert steward.asks("GET").status_code == 403
    house.clock.advance(timedelta(days=1))
    stewards.appoint(system, ours, "admin")

    steward = Steward(house)
    page = steward.browser.open(PAGE)
    assert "ตั้งการยืนยันตัวตนขั้นที่สองก่อน" in page.text
    assert page.form(PAGE).send(**NEW, current="admin opens his own door").status == 409
    assert steward.asks("POST", **NEW, current="1").json["reason"] == "steward_factor_missing"
    steward.with_a_factor()

    # each mistake at its field, before a code is used up
    page = steward.browser.open(PAGE)
    code = steward.code()
    bad = {"code": "Bad Code", "name": "สาม", "admin": "Bad Name", "given_name": "มาลี",
           "email": "none", "current": code}  # fmt: skip
    refused = page.form(PAGE).send(**bad)
    assert refused.status == 422
    assert all(refused.error(f"{name}-found") for name in ("code", "admin", "email"))
    assert refused.form(PAGE).values()["name"] == ["สาม"]
    taken = page.form(PAGE).send(**{**NEW, "code": house.foreign.code}, current=code)
    assert (taken.error("code-found") != "", taken.status) == (True, 422)
    assert page.form(PAGE).send(**NEW, hours="999", current=code).error("hours-found")
    assert page.form(PAGE).send(**NEW, current="000000").error("current-found")
    made = page.form(PAGE).send(**NEW, current=code)
    assert made.status == 200, made.text
    (link,) = made.tree.xpath("//input[@id='issued']/@value")
    assert "/reset-password?token=" in link
    page = steward.browser.open(PAGE)
    assert link not in page.response.text
    assert "ยังไม่มีผู้เข้า" in page.text

    listed = steward.asks("GET").json["items"]
    assert [one["code"] for one in listed] == [house.home.code, house.foreign.code, "third"]
    assert listed[2] == {
        "code": "third", "name": NEW["name"], "name_en": "", "timezone": "Asia/Bangkok",
        "people": 1, "units": 0, "posts": 0, "awaited": "malee",
    }  # fmt: skip
    assert listed[1]["awaited"] is None

    # both histories tell it, each behind its own fence
    with reading(system.engine) as db:
        third = next(one.id for one in people.agencies(db) if one.code == "third")
    told = _events(house, house.home.id)["house.founded"]
    assert (told.actor, told.data["code"], told.data["username"]) == ("admin", "third", "malee")
    founded = _events(house, third)["agency.founded"]
    assert founded.data["founder"] == f"admin ({house.home.code})"
    assert "ตั้งหน่วยงานใหม่ในระบบ" in page.text

    # a new link ends the one before; somebody who is in already gets none from a steward
    unproved = steward.asks("POST", "/third/invitations", current="000000", hours=1)
    assert (unproved.status_code, unproved.json["reason"]) == (409, "bad_code"), unproved.json
    assert steward.asks("POST", "/nowhere/invitations", current=steward.code()).status_code == 404
    invited = steward.asks("POST", "/third/invitations", current=steward.code(), hours=1)
    assert (invited.status_code, invited.json["username"]) == (201, "malee"), invited.json
    token = invited.json["link"].partition("token=")[2]
    here = Origin("10.0.0.9")
    with pytest.raises(Exception, match="used or is too old"):
        credentials.reset_password(system.bus, link.partition("token=")[2], "a plain phrase", here)
    credentials.reset_password(system.bus, token, "a long and plain phrase", here)
    for code in ("third", house.foreign.code):
        late = steward.asks("POST", f"/{code}/invitations", current=steward.code())
        assert (late.status_code, late.json["reason"]) == (409, "entered"), code
    assert "house.invited" in _events(house, house.home.id)
    assert steward.asks("GET").json["items"][2]["awaited"] is None
