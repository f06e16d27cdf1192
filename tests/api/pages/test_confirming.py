"""A step that demands a proof of who answers: by code or passkey, for one answer, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
from support.browsing import Browser, Page
from support.letter_story import open_task
from support.passkeys import asked, entered, passkey_of
from support.world import World

from engine.actor import Actor, system_actor
from engine.db import reading
from engine.queries import tasks
from office.accounts import factors
from office.accounts.commands import RemoveFactor
from office.chains import rules, words
from office.chains.compose import compose
from office.chains.looking import StoredLook, tried
from office.chains.model import Ask, Chain, Field, Who
from office.chains.reading import read
from office.demo.secrets import PASSWORDS
from office.people import queries as people

WHO = "wijai"


def chain_of(key: str) -> Chain:
    step = Ask(
        "check", "approve", "รับรอง", Who("named", (f"person:{WHO}",)),
        words.outcomes_of("approve", refusal=True), refusal="end", confirm=True,
    )  # fmt: skip
    return Chain(key, "ต้องยืนยันตัวตน", (step,), (Field("subject", "เรื่อง"),), "subject")


@pytest.fixture
def case(office: World, enter) -> str:
    """The subject of a case that waits at the step."""
    key, subject = f"confirm-{uuid4().hex[:8]}", f"เรื่อง {uuid4().hex[:8]}"
    chain = chain_of(key)
    files = compose(chain)
    assert rules.faults(chain) == []
    assert read(files, key) == chain
    office.deploy(files)
    made = office.post(
        "/process-instances",
        {"definition_key": key, "variables": {"subject": subject}},
        as_="thotsop",
    )
    assert made.status_code == 201, made.text
    return subject


def me(office: World) -> Actor:
    with reading(office.system.engine) as db:
        person = people.person(db, office.home.id, WHO).id
    return Actor(office.home.id, person, WHO, WHO)


@contextmanager
def codes(office: World) -> Iterator[pyotp.TOTP]:
    """An app of theirs; taken away again at the end."""
    bus, who = office.system.bus, me(office)
    begun = factors.begin_enrolment(bus, who)
    totp = pyotp.TOTP(begun.secret)
    factors.confirm_enrolment(bus, who, totp.at(office.clock.now()), "10.80.1.1")
    try:
        yield totp
    finally:
        bus.execute(RemoveFactor(who.person_id), system_actor(office.home.id))
        office.home.tokens.pop(WHO, None)


def by_code(office: World, totp: pyotp.TOTP) -> Browser:
    """A browser in which they have signed in by password and code."""
    browser = Browser(office.client.application, "10.80.1.3")
    form = browser.open("/sign-in").form("/sign-in")
    half = form.send(username=WHO, password=PASSWORDS[WHO])
    half.form("/sign-in/factor").send(code=code(office, totp))
    return browser


def code(office: World, totp: pyotp.TOTP) -> str:
    office.clock.advance(timedelta(seconds=31))
    return str(totp.at(office.clock.now()))


def answer(page: Page, outcome: str, **more: str) -> Page:
    return page.form(f"{page.path}/decide").send(outcome=outcome, **more)


def state(office: World, page: Page) -> tuple[str, str | None]:
    with reading(office.system.engine) as db:
        found = tasks.one(db, me(office), UUID(page.path.rpartition("/")[2])).task
    return found.state, found.outcome


def test_who_has_no_second_factor_is_led_to_set_one_up(office: World, enter, case: str) -> None:
    page = open_task(enter(WHO), case)
    assert "ท่านยังไม่มีรหัสจากแอปหรือพาสคีย์" in page.text
    assert page.links("/account")
    refused = answer(page, "approve")
    assert refused.status == 409
    assert "ใส่รหัสจากแอปหรือใช้พาสคีย์" in refused.text
    assert state(office, page)[0] != "completed"


def test_a_code_of_ones_app_answers_once(office: World, enter, case: str) -> None:
    with codes(office) as totp:
        page = open_task(by_code(office, totp), case)
        without = answer(page, "approve", comment="ควรอนุมัติ")
        assert without.error("totp") == "ขั้นนี้ต้องยืนยันตัวตนก่อนตอบ ใส่รหัสจากแอปหรือใช้พาสคีย์"
        assert "ควรอนุมัติ" in without.tree.xpath("string(//textarea[@name='comment'])")
        wrong = answer(page, "approve", totp="000000")
        assert wrong.error("totp")
        assert "000000" not in wrong.response.text
        right = code(office, totp)
        # a mistake in the form costs no code
        assert answer(page, "refuse", totp=right).error("comment")
        proof = {"authorization": {"method": "totp", "code": right}}
        nonsense = {"outcome": "maybe"} | proof
        task = page.path.rpartition("/")[2]
        assert office.post(f"/tasks/{task}/complete", nonsense, as_=WHO).status_code == 422
        done = answer(page, "approve", totp=right, comment="ควรอนุมัติ")
        assert "เสร็จแล้ว" in done.text
        assert state(office, page) == ("completed", "approve")
        again = answer(page, "approve", totp=right, comment="ควรอนุมัติ")
        assert "เสร็จแล้ว" in again.text  # the same form: its answer
        shown = enter("thotsop").open(page.links("/instances/")[0])
        assert "ยืนยันตัวตนด้วยรหัสจากแอป" in shown.text


def test_a_code_that_was_used_answers_nothing_else(office: World, enter, case: str) -> None:
    with codes(office) as totp:
        page, spent = open_task(by_code(office, totp), case), code(office, totp)
        factors.check_code(office.system.bus, me(office), spent, "10.80.1.2")
        refused = answer(page, "approve", totp=spent)
        assert "รหัสนี้ใช้ไปแล้ว" in refused.error("totp")
        assert state(office, page)[0] != "completed"


def test_a_passkey_answers_for_what_stood_in_the_form_alone(
    office: World, enter, case: str
) -> None:
    with passkey_of(office, WHO) as device:
        page = open_task(entered(office, WHO, device, "10.80.1.4"), case)
        assert page.tree.xpath("//button[@data-passkey-whole]")
        address = f"{page.path}/confirm/passkey"
        for_one = device.get(asked(page, address, outcome="approve", comment="ก"))
        for outcome, comment in (("approve", "ข"), ("refuse", "ไม่เห็นด้วยกับเรื่องนี้")):
            refused = answer(page, outcome, comment=comment, totp=for_one)
            assert "พาสคีย์นี้ยืนยันไม่ได้" in refused.error("totp")
        assert state(office, page)[0] != "completed"
        done = answer(page, "approve", comment="ก", totp=for_one)
        assert "เสร็จแล้ว" in done.text
        shown = enter("thotsop").open(page.links("/instances/")[0])
        assert "ยืนยันตัวตนด้วยพาสคีย์" in shown.text


def test_no_question_is_asked_for_what_would_be_refused(office: World, enter, case: str) -> None:
    with passkey_of(office, WHO) as device:
        page = open_task(entered(office, WHO, device, "10.80.1.4"), case)
        token = page.tree.xpath("//input[@name='csrf_token']")[0].get("value")
        told = page.browser.client.post(
            f"{page.path}/confirm/passkey",
            data={"csrf_token": token, "outcome": "refuse"},
            environ_overrides={"REMOTE_ADDR": page.browser.address},
        )
        assert told.status_code == 422
        assert "ใส่เหตุผล" in told.json["problem"]
        stranger = enter("thotsop")
        other = stranger.open(page.links("/instances/")[0])
        token = other.tree.xpath("//input[@name='csrf_token']")[0].get("value")
        refused = stranger.client.post(
            f"{page.path}/confirm/passkey",
            data={"csrf_token": token, "outcome": "approve"},
            environ_overrides={"REMOTE_ADDR": stranger.address},
        )
        assert refused.status_code in {403, 404, 409}


def test_programs_bring_the_proof_with_the_answer(office: World, enter, case: str) -> None:
    with passkey_of(office, WHO) as device:
        task = open_task(entered(office, WHO, device, "10.80.1.4"), case).path.rpartition("/")[2]
        given = {"outcome": "approve", "comment": "ทาง API"}
        bare = office.post(f"/tasks/{task}/complete", given, as_=WHO)
        assert (bare.status_code, bare.json["reason"]) == (409, "confirmation_required")
        pin = {"authorization": {"method": "pin", "code": "1234"}}
        assert office.post(f"/tasks/{task}/complete", given | pin, as_=WHO).status_code == 422
        told = office.post(f"/tasks/{task}/confirmation-challenge", given, as_=WHO)
        assert told.status_code == 200, told.text
        proof = json.loads(device.get(told.json["options"]))
        whole = {"authorization": {"method": "passkey", "credential": proof}}
        other = office.post(
            f"/tasks/{task}/complete", {**given, "outcome": "refuse", **whole}, as_=WHO
        )
        assert other.status_code >= 400
        done = office.post(f"/tasks/{task}/complete", given | whole, as_=WHO)
        assert done.status_code == 200, done.text
        assert done.json["task"]["outcome"] == "approve"


def test_the_card_demands_it_and_says_so(enter) -> None:
    admin = enter("admin")
    page = admin.open("/chains").form("/chains").send(name="ยืนยัน")
    chain = page.path
    (act,) = page.tree.xpath("//button[starts-with(@value, 'add:approve@')]/@value")[:1]
    page = page.form(f"{chain}/cards").send(button=("act", act))
    form = next(f for f in page.forms() if "/steps/" in (f.element.get("action") or ""))
    page = form.send(confirm="1", skip_same="1", who="named", who_named=[f"person:{WHO}"])
    assert "ขั้นที่ต้องยืนยันตัวตนผ่านเองไม่ได้" in page.text
    form = next(f for f in page.forms() if "/steps/" in (f.element.get("action") or ""))
    page = form.send(skip_same=None)
    assert "ต้องยืนยันตัวตนก่อนตอบ" in page.text
    shown = page.form(f"{chain}/try#try").send(starter="thotsop")
    assert "ยังไม่มีรหัสจากแอปหรือพาสคีย์" in shown.text


def test_the_trial_says_nothing_of_who_has_a_second_factor(office: World, enter) -> None:
    chain = chain_of("confirm-tried")
    with codes(office):
        services = office.system.services
        with reading(office.system.engine) as db:
            look = StoredLook(
                db, office.home.id, office.clock.now(), services.directory, services.calendars
            )
            (met,) = tried(look, services.forms, chain, "thotsop", {"subject": "ก"})
    assert [one.code for one in met.warnings] == []
