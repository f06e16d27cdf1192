"""The whole way of a letter through the pages, without script: from draft to a signed PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.letter_story import (
    SUBJECT,
    decide,
    document_id,
    draft,
    on_the_desk,
    open_task,
    work_off,
)
from support.world import World

from api import trust
from engine.actor import system_actor
from office.demo.officials import OFFICIALS
from office.people.commands import ChangeUnit
from signing.errors import TimestampUnavailable
from signing.verify import verify

PINS = {one.username: one.pin for one in OFFICIALS}


@pytest.fixture(scope="module")
def signed_letter(office: World) -> str:
    """A letter that went from the drafter to the acting signer, returned once on the way."""
    from support.browsing import signed_in

    def enter(name):
        return signed_in(office.client.application, name)

    drafter = enter("thotsop")
    letter = document_id(draft(drafter))
    decide(drafter, SUBJECT, "submit")
    decide(enter("sommut"), SUBJECT, "pass", comment="ทานแล้ว ถูกต้อง")
    checker = enter("tuayang")
    decide(
        checker, SUBJECT, "return", to="draft", comment="ขอให้ตรวจสอบวันตอบรับอีกครั้ง", resume="rerun"
    )
    assert "ขอให้ตรวจสอบวันตอบรับอีกครั้ง" in open_task(drafter, SUBJECT).text
    decide(drafter, SUBJECT, "submit")
    decide(enter("sommut"), SUBJECT, "pass")
    decide(checker, SUBJECT, "pass", consult_units=["unit:finance"])
    decide(enter("khlang"), SUBJECT, "agree", comment="ไม่ขัดข้องในส่วนของกลุ่มคลัง")
    decide(enter("phatsadu"), SUBJECT, "pass")
    decide(enter("wichan"), SUBJECT, "pass")
    signer = enter("somying")
    page = signer.open(open_task(signer, SUBJECT).path + "/sign")
    done = page.form(page.path).send(read="1", pin=PINS["somying"])
    assert done.path == f"/documents/{letter}/signed", done.text
    return letter


def test_signing_answers_with_number_and_register(signed_letter, enter):
    page = enter("somying").open(f"/documents/{signed_letter}/signed")
    assert "ลงนามแล้ว" in page.text
    assert "ตย ๐๒๐๑/" in page.text
    assert "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง" in page.text


def test_the_signed_file_verifies(signed_letter, enter, office):
    pdf = enter("thotsop").open(f"/documents/{signed_letter}/pdf").response
    assert pdf.mimetype == "application/pdf"
    anchors = trust.anchors(office.system.settings)
    assert verify(pdf.data, anchors, office.clock.now()).good


def test_anyone_verifies_the_signed_file_on_the_page(signed_letter, enter, anyone):
    pdf = enter("thotsop").open(f"/documents/{signed_letter}/pdf").response.data
    page = anyone.open("/verify").form("/verify").send(file=("letter.pdf", pdf))
    assert page.status == 200
    assert "เอกสารนี้เชื่อถือได้" in page.text
    assert "นางสาวสมหญิง รักงานดี" in page.text


def test_a_changed_file_is_not_trusted(signed_letter, enter, anyone):
    pdf = enter("thotsop").open(f"/documents/{signed_letter}/pdf").response.data
    place = len(pdf) // 3
    broken = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    page = anyone.open("/verify").form("/verify").send(file=("letter.pdf", broken))
    assert "เอกสารนี้เชื่อถือได้" not in page.text


def test_the_case_shows_way_table_and_intact_chain(signed_letter, enter):
    page = enter("thotsop").open(f"/documents/{signed_letter}").follow("/instances/")
    assert "ลูกโซ่" not in page.text.replace("ตรวจลูกโซ่", "")
    assert "ลูกโซ่ครบถ้วน" in page.follow("verify=1").text
    assert "ส่งคืนแก้ไข" in page.text
    steps = [" ".join(row.itertext()) for row in page.tree.xpath("//main//table[1]/tbody/tr")]
    assert any("ลงนาม" in step and "สมหญิง" in step for step in steps)


def test_returned_opinions_are_shown_as_void(signed_letter, enter):
    page = enter("somying").open(f"/documents/{signed_letter}")
    assert "สิ้นผล" in page.text
    assert "ไม่ขัดข้องในส่วนของกลุ่มคลัง" in page.text


def test_a_signed_letter_can_not_be_edited(signed_letter, enter):
    page = enter("thotsop").open(f"/documents/{signed_letter}/edit")
    assert page.path == f"/documents/{signed_letter}"


def test_the_outgoing_register_has_its_line(signed_letter, enter):
    page = enter("thabian").open("/registers")
    assert SUBJECT in page.text


def test_a_stranger_does_not_see_the_letter(signed_letter, enter):
    neighbour = enter("muban")
    assert neighbour.open(f"/documents/{signed_letter}").status == 404
    assert neighbour.open(f"/documents/{signed_letter}/pages/1.png").status == 404
    assert enter("phuchuai").open(f"/documents/{signed_letter}").status == 403


def test_who_presses_signs_what_stands_there_or_is_shown_what_changed(office, enter):
    page = on_the_desk(enter, "หนังสือที่ที่อยู่ของหน่วยเปลี่ยน", address="")
    moved = ChangeUnit("general", address="ที่อยู่ใหม่ ถนนอื่น")
    office.system.bus.execute(moved, system_actor(office.home.id))
    again = page.form(page.path).send(read="1", pin=PINS["somying"], comment="เห็นชอบ")
    assert again.status == 409
    assert "เปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้" in again.text
    kept = again.form(page.path).values()
    assert (kept["comment"], kept["pin"], "read" in kept) == (["เห็นชอบ"], [""], False)
    assert kept["seen"] != page.form(page.path).values()["seen"]
    assert page.form(page.path).send(read="1", pin=PINS["somying"], seen="").status == 409
    done = again.form(page.path).send(read="1", pin=PINS["somying"])
    assert done.path.endswith("/signed"), done.text


def test_a_wrong_pin_signs_nothing_and_says_so(office, enter):
    subject = "หนังสือที่ใส่ PIN ผิด"
    page = on_the_desk(enter, subject)
    signer = page.browser
    again = page.form(page.path).send(read="1", pin="000000", comment="เห็นชอบ")
    assert again.status == 403
    assert again.error("pin") == "PIN ไม่ถูกต้อง ยังไม่ได้ลงนาม"
    assert "เห็นชอบ" in again.form(page.path).values()["comment"]
    assert "pin" in again.form(page.path).names()
    assert again.form(page.path).values()["pin"] == [""]
    assert page.form(page.path).send(pin=PINS["somying"]).error("read")
    refused = decide(signer, subject, "refuse", comment="เรื่องนี้ไม่จำเป็นต้องออกหนังสือ")
    assert refused.path == "/"


class Away:
    """A timestamp authority that does not answer."""

    def stamp(self, _digest):
        raise TimestampUnavailable("nobody answers")


def test_what_waits_for_its_timestamp_is_shown_as_waiting_and_not_as_signed(office, enter):
    page = on_the_desk(enter, "หนังสือที่รอประทับเวลา")
    services = office.system.bus.services
    desk = services.extra["desk"]

    def answering(timestamps):
        there = {**services.extra, "desk": replace(desk, timestamps=timestamps)}
        office.system.bus.services = replace(services, extra=there)

    answering(Away())
    try:
        done = page.form(page.path).send(read="1", pin=PINS["somying"])
        assert done.tree.findtext(".//h1") == "รอประทับเวลา ยังไม่ออกหนังสือ"
        assert "ไม่ต้องลงนามซ้ำ" in done.text
        assert "ใครก็ตรวจไฟล์นี้ได้" not in done.text
        assert page.path not in done.links("/tasks/"), "it is not the next one to be signed"
        assert page.browser.open(page.path).path == done.path
        letter = document_id(done)
        drafter = enter("thotsop")
        assert "รอประทับเวลา" in drafter.open(f"/documents/{letter}").text
        pdf = drafter.open(f"/documents/{letter}/pdf").response.data
        anchors = trust.anchors(office.system.settings)
        assert verify(pdf, anchors, office.clock.now()).verdict == "unsigned"
        answering(trust.local_timestamps(office.system.settings))
        office.clock.advance(timedelta(minutes=10))
        work_off(office)
    finally:
        office.system.bus.services = services
    assert enter("somying").open(f"/documents/{letter}/signed").tree.findtext(".//h1") == "ลงนามแล้ว"
    pdf = enter("thotsop").open(f"/documents/{letter}/pdf").response.data
    assert verify(pdf, anchors, office.clock.now()).good
