"""Signing in and out, coming back, the second factor, and forms that outlive a session."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from support.browsing import Browser
from support.letter_story import decide, draft, open_task

from engine.db import reading
from engine.jobs import run_job
from engine.models.job import job
from office.demo.secrets import PASSWORDS


def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(office, anyone):
    page = anyone.open("/registers", query={"register": "receive"})
    assert page.path == "/sign-in"
    form = page.form("/sign-in")
    back = form.send(username="thabian", password=PASSWORDS["thabian"])
    assert back.path == "/registers"
    assert "ทะเบียนหนังสือรับ" in back.title


def test_a_wrong_password_says_nothing_of_which_was_wrong(office):
    known = _try(Browser(office.client.application, "10.3.0.1"), "thotsop", "not the password")
    unknown = _try(
        Browser(office.client.application, "10.3.0.2"), "nobody-here", "not the password"
    )
    assert known.status == unknown.status == 401
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in known.text
    assert known.text == unknown.text


def _try(browser, username, password):
    return browser.open("/sign-in").form("/sign-in").send(username=username, password=password)


def test_too_many_guesses_are_told_to_wait(office):
    browser = Browser(office.client.application, "10.3.0.3")
    answers = [_try(browser, "nobody-at-all", "guess").status for _ in range(7)]
    assert answers[0] == 401
    assert answers[-1] == 429


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_nobody_is_sent_to_another_site_after_signing_in(office, address):
    browser = Browser(office.client.application, "10.3.1.1")
    form = browser.open("/sign-in", query={"next": address}).form("/sign-in")
    assert form.values()["next"] == ["/"]


def test_signing_out_ends_the_session_on_the_server(office, enter):
    browser = enter("rapsong")
    cookie = browser.client.get_cookie("saraban")
    page = browser.open("/").form("/sign-out").send()
    assert page.path == "/sign-in"
    browser.client.set_cookie("saraban", cookie.value)
    assert browser.open("/").path == "/sign-in"


def test_a_form_sent_after_the_session_ended_comes_back_filled(office, enter):
    drafter = enter("thotsop")
    draft(drafter, "หนังสือที่หมดเวลากลางคัน")
    task = open_task(drafter, "หนังสือที่หมดเวลากลางคัน")
    comment = task.form(f"{task.path}/comments")
    drafter.client.delete_cookie("saraban")
    asked = comment.send(text="ความเห็นที่ยาวและพิมพ์นาน")
    assert asked.status == 401
    assert "สิ่งที่ท่านกรอกไว้ยังอยู่ครบ" in asked.text
    back = asked.form("/sign-in").send(username="thotsop", password=PASSWORDS["thotsop"])
    again = back.form(f"{task.path}/comments")
    assert again.values()["text"] == ["ความเห็นที่ยาวและพิมพ์นาน"]
    sent = again.send()
    assert sent.path == task.path
    assert "ความเห็นที่ยาวและพิมพ์นาน" in sent.text


def test_a_kept_letter_keeps_every_field_and_no_secret(office, enter):
    drafter = enter("thotsop")
    form = drafter.open("/documents/new", query={"kind": "EXT"}).form("/documents")
    drafter.client.delete_cookie("saraban")
    asked = form.send(subject="ยังไม่ได้ส่ง", paragraphs="ย่อหน้าแรก\nย่อหน้าที่สอง", refs=["อ้างถึง"])
    assert "csrf_token" not in asked.form("/sign-in").values()["kept"][0]
    back = asked.form("/sign-in").send(username="thotsop", password=PASSWORDS["thotsop"])
    shown = back.form("/documents").values()
    assert shown["subject"] == ["ยังไม่ได้ส่ง"]
    assert shown["paragraphs"][0].split() == ["ย่อหน้าแรก", "ย่อหน้าที่สอง"]
    assert "อ้างถึง" in shown["refs"]


def test_a_page_left_open_over_another_sign_in_keeps_what_was_typed(office, enter):
    drafter, subject = enter("thotsop"), "เปิดค้างไว้"
    draft(drafter, subject)
    task = open_task(drafter, subject)
    fields = {**task.form(f"{task.path}/comments").values(), "text": "พิมพ์ไว้ก่อน"}
    drafter.client.delete_cookie("saraban")
    drafter.sign_in("thotsop")
    address, ours = f"{task.path}/comments", {"Sec-Fetch-Site": "same-origin"}
    page = drafter.post(address, fields, headers=ours)
    assert page.status == 403
    assert page.form(address).values()["text"] == ["พิมพ์ไว้ก่อน"]
    assert "พิมพ์ไว้ก่อน" in page.form(address).send().text
    strange = drafter.post(address, fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert "พิมพ์ไว้ก่อน" not in strange.text


def test_a_poll_after_the_session_swaps_nothing(anyone):
    page = anyone.open("/inbox/live", headers={"HX-Request": "true"})
    assert page.status == 204


def test_a_kept_form_that_was_forged_is_ignored(office, anyone):
    secret = PASSWORDS["faem"]
    forged = {"username": "faem", "password": secret, "kept": "bm90IG91cnM.forged.signature"}
    assert anyone.post("/sign-in", {**forged, "next": "/help"}).path == "/help"


def test_a_second_factor_is_enrolled_asked_for_and_replaceable(office, enter):
    browser = enter("banchi")
    begun = browser.open("/account").form("/account/factor/begin").send()
    form = begun.form("/account/factor/confirm")
    assert begun.tree.xpath("//img[starts-with(@src, 'data:image/svg+xml')]")
    totp = pyotp.TOTP(form.values()["secret"][0])
    wrong = form.send(code="000000")
    assert wrong.status in {401, 403, 409}
    assert wrong.error("code")
    done = wrong.form("/account/factor/confirm").send(code=totp.at(office.clock.now()))
    codes = done.tree.xpath("//ul[@class='recovery']/li/text()")
    assert len(codes) == 10
    anew = browser.open("/account").form("/account/factor/begin").send()
    other = pyotp.TOTP(anew.form("/account/factor/confirm").values()["secret"][0])
    asked = {"code": other.at(office.clock.now()), "totp": "no code of the first"}
    assert anew.form("/account/factor/confirm").send(**asked).error("totp")
    again = Browser(office.client.application, "10.3.2.1")
    half = _try(again, "banchi", PASSWORDS["banchi"])
    assert "ยืนยันตัวตนขั้นที่สอง" in half.text
    assert again.open("/registers").path == "/sign-in"  # half a session opens nothing
    inside = again.open("/sign-in").form("/sign-in/factor").send(code=codes[0])
    assert inside.path == "/"
    third = Browser(office.client.application, "10.3.2.2")
    _try(third, "banchi", PASSWORDS["banchi"])
    used = third.open("/sign-in").form("/sign-in/factor").send(code=codes[0])
    assert used.path == "/sign-in/factor"
    assert used.status == 401


def test_whoever_asks_for_a_new_password_learns_nothing(office, anyone):
    for name in ("thotsop", "nobody-here-either"):
        form = anyone.open("/forgot-password").form("/forgot-password")
        assert "ถ้ามีบัญชีนี้อยู่ เราได้ส่งลิงก์ให้แล้ว" in form.send(username=name).text


def test_the_mailed_link_leads_to_the_page_that_sets_the_password(office, anyone):
    anyone.open("/forgot-password").form("/forgot-password").send(username="phaen")
    link = re.search(r"https?://\S+/reset-password\S+", _last_mail(office))[0]
    page = anyone.open(urlsplit(link).path, query=urlsplit(link).query)
    new = "ปลาทู ร่มชูชีพ กระดานดำ"
    assert page.form("/reset-password").send(password=new, repeat=new).path == "/sign-in"
    assert _try(anyone, "phaen", new).path == "/"


def test_the_link_under_a_notice_leads_to_the_wishes(office, enter):
    drafter, subject = enter("thotsop"), "มีผู้ได้รับแจ้ง"
    draft(drafter, subject)
    decide(drafter, subject, "submit")
    link = re.search(r"http\S+/(account\S*)\s*$", _last_mail(office))[1]
    path, _, place = link.partition("#")
    assert drafter.open(f"/{path}").tree.get_element_by_id(place) is not None


def _last_mail(office):
    """Run the mails that wait, as a worker would, and read the newest."""
    with reading(office.system.engine) as db:
        waiting = sa.select(job.c.id).where(job.c.state == "waiting", job.c.action.endswith("mail"))
        found = db.scalars(waiting.order_by(job.c.id)).all()
    for job_id in found:
        run_job(office.system.bus, job_id)
    folder = office.system.settings.home / "outbox"
    newest = max(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return message_from_bytes(newest.read_bytes(), policy=default).get_content()


def test_an_unknown_reset_link_says_so(office, anyone):
    form = anyone.open("/reset-password", query={"token": "made-up"}).form("/reset-password")
    differs = form.send(password="ปลาทู ร่มชูชีพ กระดานดำ", repeat="อย่างอื่น")
    assert differs.error("repeat")
    page = form.send(password="ปลาทู ร่มชูชีพ กระดานดำ", repeat="ปลาทู ร่มชูชีพ กระดานดำ")
    assert "ลิงก์นี้ใช้ไปแล้วหรือหมดอายุ" in page.text


def test_the_language_of_a_person_is_kept_for_their_mail_and_other_devices(office, enter):
    browser = enter("prasan")
    page = browser.open("/account")
    sent = page.form("/language").values()
    browser.post("/language", {**sent, "language": "en"})
    assert enter("prasan").open("/").tree.get("lang") == "en"


def test_the_language_is_the_readers_choice(office, anyone):
    page = anyone.open("/sign-in").form("/language").send(button=("language", "en"))
    assert "Sign in" in page.title
    assert page.tree.get("lang") == "en"
    assert "เข้าสู่ระบบ" in page.form("/language").send(button=("language", "th")).title
