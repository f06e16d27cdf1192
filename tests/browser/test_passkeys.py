"""A passkey in Chromium, whose device is a virtual one: enrolled, sign-in and a signature by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from support.letter_story import at_the_signer
from support.passkeys import take_passkeys
from support.world import World, demo_world

from api.bootstrap import opened
from api.settings import Settings
from office.chains.compose import compose
from office.chains.model import Ask, Chain, Field, Who
from office.chains.words import outcomes_of
from office.demo.officials import OFFICIALS
from office.demo.secrets import PASSWORDS

pytestmark = pytest.mark.browser

PIN = {one.username: one.pin for one in OFFICIALS}["somying"]
#: answers instead of a finger on a reader
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def office(served) -> Iterator[World]:
    """The office that is served, from behind: letters come to their signer without a browser."""
    with opened(Settings(home=served.home, demo=True).resolved(), bell=False) as system:
        world = demo_world(system, system.services.clock)
        yield world
        take_passkeys(world, "somying")


def test_it_is_enrolled_and_opens_the_office_and_signs(office, served, sit_down):
    _letter, task = at_the_signer(office, subject="ลงนามด้วยพาสคีย์ในเบราว์เซอร์")
    desk = sit_down()
    desk.served = replace(served, address=served.address.replace("127.0.0.1", "localhost"))
    page = desk.open("/sign-in")
    device = desk.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    _enter(page)
    page.wait_for_url(desk.served.address + "/")
    desk.open("/account")
    page.click("#passkeys summary")
    page.fill("#passkeys #name", "เครื่องเสมือน")
    page.fill("#passkeys #proof", PASSWORDS["somying"])
    page.click("[data-passkey-new]")
    expect(page.locator(".recovery li")).to_have_count(10)
    desk.judge("account with a passkey")
    desk.context.clear_cookies()
    desk.open("/sign-in")
    _enter(page)
    desk.judge("second factor")
    page.click("[data-passkey='/sign-in/passkey']")
    page.wait_for_url(desk.served.address + "/")
    desk.open(f"/tasks/{task}/sign")
    page.check("#read")
    page.fill("#pin", PIN)
    desk.judge("sign by passkey")
    page.click("#sign [data-passkey]")
    page.wait_for_url("**/signed")
    _confirm(desk, page, office)


def _confirm(desk, page: Page, office: World) -> None:
    """An answer that is asked for with all that stands in the form: outcome, field and words."""
    subject = Field("subject", "เรื่อง")
    step = Ask(
        "vouch", "approve", "รับรอง", Who("named", ("person:somying",)),
        outcomes_of("approve", refusal=True), refusal="end", confirm=True, edits=("subject",),
    )  # fmt: skip
    office.deploy(compose(Chain("certify", "รับรอง", (step,), (subject,), "subject")))
    begun = {"definition_key": "certify", "variables": {"subject": "รับรองด้วยพาสคีย์"}}
    made = office.post("/process-instances", begun, as_="thotsop")
    assert made.status_code == 201, made.text
    desk.open("/?q=รับรองด้วยพาสคีย์&view=claimable")
    page.locator("a[href^='/tasks/']", has_text="รับรองด้วยพาสคีย์").click()
    page.locator("#outcome label", has_text="ไม่เห็นชอบ").click()
    page.fill("#comment", "ยังขาดเอกสารประกอบ")
    page.fill("[name=subject]", "รับรองไม่ได้")
    desk.judge("an answer by passkey")
    page.locator("#decide [data-passkey]:visible").click()
    expect(page.locator("main")).to_contain_text("เสร็จแล้ว")
    desk.open(f"/instances/{made.json['id']}")
    expect(page.locator("main")).to_contain_text("ยืนยันตัวตนด้วยพาสคีย์")
    expect(page.locator("main")).to_contain_text("รับรองไม่ได้")


def _enter(page: Page) -> None:
    page.fill("#username", "somying")
    page.fill("#password", PASSWORDS["somying"])
    page.click("form[action='/sign-in'] button[type=submit]")
