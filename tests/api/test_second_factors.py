"""Second factors that are asked for, as pages and the API show them."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from support.browsing import Browser
from support.world import World

from engine.actor import system_actor
from office.accounts.commands import CompelSecondFactor


@pytest.fixture
def office(own_world: World) -> Iterator[World]:
    yield own_world
    nobody = CompelSecondFactor("nobody")
    own_world.system.bus.execute(nobody, system_actor(own_world.home.id))


def entered(office: World, username: str, address: str) -> Browser:
    browser = Browser(office.client.application, address)
    form = browser.open("/sign-in").form("/sign-in")
    form.send(username=username, password=f"{username} opens his own door")
    return browser


def test_an_administrator_asks_for_one_and_everybody_enrols(office: World) -> None:
    admin = entered(office, "admin", "10.78.0.1")
    done = admin.open("/admin/sign-in").form("/admin/sign-in/second-factor").send(whom="everyone")
    assert "กำหนดผู้ที่ต้องยืนยันตัวตนขั้นที่สอง" in done.text
    assert "→ ทุกคน" in done.text
    assert "ยังไม่ได้ตั้ง" in done.text
    clerk = entered(office, "boss", "10.78.0.2")
    page = clerk.open("/registers")
    assert page.path == "/account"
    assert "เปิดการยืนยันตัวตนขั้นที่สองก่อนเริ่มใช้งาน" in page.text
    answer = clerk.client.get("/api/v1/tasks")
    assert (answer.status_code, answer.json["code"]) == (403, "factor_must_enrol")
    begun = page.form("/account/factor/begin").send()
    form = begun.form("/account/factor/confirm")
    totp = pyotp.TOTP(form.values()["secret"][0])
    shown = form.send(code=totp.at(office.clock.now()))
    codes = shown.tree.xpath("//ul[@class='recovery']/li/text()")
    assert len(codes) == 10
    assert clerk.open("/help").path == "/help"
    account = clerk.open("/account")
    assert "เลิกใช้ไม่ได้" in account.text
    renewed = account.form("/account/factor/codes").send(code=codes[0])
    anew = renewed.tree.xpath("//ul[@class='recovery']/li/text()")
    assert len(anew) == 10
    assert not set(anew) & set(codes)
    wrong = renewed.form("/account/factor/codes").send(code=codes[1])
    assert wrong.error("codes_code")


def test_the_api_tells_and_sets_of_whom_it_is_asked(office: World) -> None:
    body = {"whom": "nobody", "roles": ["clerks"]}
    assert office.call("PUT", "/second-factors", json=body, as_="clerk").status_code == 403
    assert office.call("PUT", "/second-factors", json=body, as_="admin").json == body
    found = office.get("/second-factors", as_="admin").json
    assert found["rule"] == body
    assert found["accounts"] >= found["enrolled"]
    assert "clerk" in {one["username"] for one in found["without"]}
    unknown = {"whom": "nobody", "roles": ["no-such-role"]}
    assert office.call("PUT", "/second-factors", json=unknown, as_="admin").status_code == 422
