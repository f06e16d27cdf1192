"""Copies of a signed letter on its page and by REST: made, downloaded, refused to others."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from support import letter_story
from support.browsing import Browser, Form, Page
from support.device import device_of
from support.passkeys import asked, entered, passkey_of
from support.world import World

from office.demo.officials import OFFICIALS
from signing.preview import page_text

Enter = Callable[[str], Browser]


@pytest.fixture(scope="module")
def letter(office: World) -> dict[str, Any]:
    """Signed, and received by the finance group."""
    return letter_story.signed(office, to="กลุ่มคลังและพัสดุ")


@pytest.fixture
def fresh(office: World) -> dict[str, Any]:
    """One of which there is no copy yet, whatever was tried before."""
    return letter_story.signed(office, to="กลุ่มคลังและพัสดุ")


def page_of(browser: Browser, letter: dict[str, Any]) -> Any:
    return browser.open(f"/documents/{letter['id']}")


def test_the_unit_that_received_it_has_it_stamped(enter: Enter, fresh: dict[str, Any]) -> None:
    clerk = enter("khlang")
    page = page_of(clerk, fresh)
    assert "กลุ่มคลังและพัสดุ รับเป็นเลขที่" in page.text
    form = page.form(f"/documents/{fresh['id']}/copies/stamped")
    done = form.send()
    assert done.path == f"/documents/{fresh['id']}"
    assert "ทำฉบับประทับตรารับแล้ว" in done.text
    assert "ฉบับประทับตรารับ กลุ่มคลังและพัสดุ" in done.text
    (link,) = done.links("/copies/")
    file = clerk.open(link).response
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "เลขที่รับ" in page_text(file.data, 0)
    # no second of the same line is offered, and the form sent again makes none
    assert not [one for one in done.forms() if "stamped" in (one.element.get("action") or "")]
    assert len(form.send().links("/copies/")) == 1


def test_the_drafter_is_offered_no_stamp_of_another_unit(
    enter: Enter, letter: dict[str, Any]
) -> None:
    page = page_of(enter("thotsop"), letter)
    assert not [one for one in page.forms() if "stamped" in (one.element.get("action") or "")]


def test_a_draft_has_no_card_of_copies(enter: Enter) -> None:
    draft = letter_story.draft(enter("thotsop"), "หนังสือที่ยังไม่ลงนาม")
    page = enter("thotsop").open(f"/documents/{letter_story.document_id(draft)}")
    assert "copies" not in {one.get("id") for one in page.tree.iter("section")}


def test_by_rest(office: World, fresh: dict[str, Any]) -> None:
    path = f"/documents/{fresh['id']}"
    (line,) = office.get(f"{path}/receipts", as_="khlang").json["items"]
    made = office.post(f"{path}/copies/stamped", {"entry_id": line["id"]}, as_="khlang")
    assert made.status_code == 201, made.text
    (copy,) = office.get(f"{path}/copies", as_="khlang").json["items"]
    assert copy["id"] == made.json["id"]
    assert (copy["kind"], copy["entry_id"]) == ("stamped", line["id"])
    assert copy["of_sha256"] == office.get(path, as_="khlang").json["signed_sha256"]
    file = office.get(f"{path}/copies/{copy['id']}", as_="khlang")
    assert file.mimetype == "application/pdf"
    assert copy["of_sha256"] in page_text(file.data, 0)


def test_by_rest_it_is_refused_to_others(office: World, letter: dict[str, Any]) -> None:
    path = f"/documents/{letter['id']}"
    (line,) = office.get(f"{path}/receipts", as_="khlang").json["items"]
    for who, status in (("niti", 404), ("thotsop", 404)):
        asked = office.post(f"{path}/copies/stamped", {"entry_id": line["id"]}, as_=who)
        assert asked.status_code == status, (who, asked.text)
    assert office.get(f"{path}/copies", as_="niti").status_code == 403
    other = letter_story.signed(office, to="กลุ่มคลังและพัสดุ")
    wrong = office.post(
        f"/documents/{other['id']}/copies/stamped", {"entry_id": line["id"]}, as_="khlang"
    )
    assert wrong.status_code == 404
    assert office.post(f"{path}/copies/stamped", {}, as_="khlang").status_code == 422


# -- certified --------------------------------------------------------------------------------

PIN = {one.username: one.pin for one in OFFICIALS}


def certify_form(page: Page) -> Form:
    return page.form(page.path)


def test_a_copy_is_certified_on_its_page_and_verifies(
    office: World, enter: Enter, fresh: dict[str, Any]
) -> None:
    clerk = enter("khlang")
    page = page_of(clerk, fresh).follow("/certify")
    assert "นางคลัง นับแม่น" in page.text
    assert "ผู้อำนวยการกลุ่มคลังและพัสดุ" in page.text
    unread = certify_form(page).send(pin=PIN["khlang"])
    assert unread.status == 422
    assert "ยืนยันว่าตรวจแล้ว" in unread.error("compared")
    wrong = certify_form(page).send(compared="1", pin="000000")
    assert wrong.status in {401, 403, 409, 422}, wrong.status
    assert wrong.error("pin")
    assert "000000" not in wrong.response.text
    done = certify_form(page).send(compared="1", pin=PIN["khlang"])
    assert done.path == f"/documents/{fresh['id']}", done.text
    assert "รับรองสำเนาแล้ว" in done.text
    assert "สำเนาถูกต้อง รับรองโดย นางคลัง นับแม่น" in done.text
    (copy,) = _certified(office, fresh)
    pdf = clerk.open(f"/documents/{fresh['id']}/copies/{copy['id']}").response.data
    verdict = office.client.post(
        "/api/v1/documents/verify",
        data=pdf,
        headers={"Authorization": f"Bearer {office.token('khlang')}"},
        content_type="application/pdf",
    ).json
    assert verdict["verdict"] == "valid", verdict
    assert [one["signer"] for one in verdict["signatures"]] == ["นางคลัง นับแม่น"]
    case = enter("thotsop").open(f"/instances/{fresh['instance_id']}")
    assert "ทำสำเนาจากไฟล์ที่ลงนาม" in case.text


def _certified(office: World, letter: dict[str, Any]) -> list[dict[str, Any]]:
    found = office.get(f"/documents/{letter['id']}/copies", as_="khlang").json["items"]
    return [one for one in found if one["kind"] == "certified"]


def test_whoever_may_not_is_offered_nothing_and_refused(
    enter: Enter, letter: dict[str, Any]
) -> None:
    page = page_of(enter("thotsop"), letter)
    assert page.links("/certify") == []
    refused = enter("thotsop").open(f"/documents/{letter['id']}/certify")
    assert refused.status == 403
    assert "รับรองสำเนา" in refused.text


def test_by_passkey(office: World, enter: Enter) -> None:
    mine = letter_story.signed(office, to="กลุ่มคลังและพัสดุ")
    with passkey_of(office, "khlang") as device:
        clerk = entered(office, "khlang", device, "10.84.0.1")
        page = clerk.open(f"/documents/{mine['id']}/certify")
        answer = device.get(
            asked(page, f"/documents/{mine['id']}/certify/passkey", seen=_seen(page))
        )
        done = certify_form(page).send(compared="1", pin=PIN["khlang"], totp=answer)
        assert "รับรองสำเนาแล้ว" in done.text
        # it answered for that copy alone
        page = clerk.open(f"/documents/{mine['id']}/certify")
        again = certify_form(page).send(compared="1", pin=PIN["khlang"], totp=answer)
        assert again.error("totp")
    (copy,) = _certified(office, mine)
    assert copy["told"]["method"] == "passkey"


def _seen(page: Page) -> str:
    return certify_form(page).values()["seen"][0]


def test_certified_by_rest(office: World, letter: dict[str, Any]) -> None:
    path = f"/documents/{letter['id']}/copies/certified"
    before = len(_certified(office, letter))
    proof = {"method": "pin", "code": PIN["khlang"]}
    made = office.post(path, {"authorization": proof}, as_="khlang")
    assert made.status_code == 201, made.text
    assert made.json["ordinal"] == before + 1
    assert office.post(path, {}, as_="khlang").status_code == 422
    refused = office.post(path, {"authorization": proof}, as_="thotsop")
    assert (refused.status_code, refused.json["code"]) == (403, "cannot_certify")
    wrong = {"method": "pin", "code": "111111"}
    assert office.post(path, {"authorization": wrong}, as_="khlang").json["code"] == "wrong_pin"
    assert len(_certified(office, letter)) == before + 1


def test_both_kinds_are_told_in_english(
    office: World, enter: Enter, letter: dict[str, Any]
) -> None:
    browser = enter("khlang")
    token = browser.open("/account").form("/language").values()["csrf_token"][0]
    browser.post("/language", {"csrf_token": token, "language": "en"})
    try:
        page = browser.open(f"/documents/{letter['id']}/certify")
        assert "Certify a true copy" in page.text
        assert "I have compared them" in page.text
    finally:
        browser.post("/language", {"csrf_token": token, "language": "th"})


# -- slips of what was said -------------------------------------------------------------------


def slips(office: World, letter: dict[str, Any]) -> list[dict[str, Any]]:
    found = office.get(f"/documents/{letter['id']}/copies", as_="thotsop").json["items"]
    return [one for one in found if one["kind"] == "slip"]


def test_a_slip_is_made_on_the_letters_page(
    office: World, enter: Enter, fresh: dict[str, Any]
) -> None:
    drafter = enter("thotsop")
    page = page_of(drafter, fresh)
    assert "ผู้อำนวยการกลุ่มบริหารทั่วไป" in page.text  # as what each has said it
    form = page.form(f"/documents/{fresh['id']}/copies/slip")
    done = form.send()
    assert done.path == f"/documents/{fresh['id']}"
    assert "ทำใบเกษียนแล้ว" in done.text
    (made,) = slips(office, fresh)
    (link,) = [one for one in done.links("/copies/") if one.endswith(made["id"])]
    assert f"ใบเกษียน {made['told']['endorsements']} รายการ" in done.text
    file = drafter.open(link).response
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "จบใบเกษียน" in page_text(file.data)
    # nothing was said since
    again = page_of(drafter, fresh).form(f"/documents/{fresh['id']}/copies/slip").send()
    assert "ยังไม่มีเกษียนใหม่" in again.text
    assert len(slips(office, fresh)) == 1
    # the card of copies does not count it
    (card,) = [one for one in done.tree.iter("section") if one.get("id") == "copies"]
    assert "ใบเกษียน" not in "".join(card.itertext())
    case = drafter.open(f"/instances/{fresh['instance_id']}")
    assert "ทำใบเกษียนจากประวัติของเรื่อง" in case.text


def test_of_a_draft_on_its_way_too(office: World, enter: Enter) -> None:
    subject = "หนังสือที่อยู่ในเส้นทาง"
    drafter = enter("thotsop")
    draft = letter_story.draft(drafter, subject)
    letter = {"id": letter_story.document_id(draft)}
    page = page_of(drafter, letter)
    path = f"/documents/{letter['id']}/copies/slip"
    assert not [one for one in page.forms() if one.element.get("action") == path]  # nothing said
    letter_story.decide(drafter, subject, "submit")
    done = page_of(drafter, letter).form(path).send()
    assert "ทำใบเกษียนแล้ว" in done.text
    (made,) = slips(office, letter)
    assert made["of_sha256"] is None


def test_a_slip_by_rest(office: World, fresh: dict[str, Any]) -> None:
    path = f"/documents/{fresh['id']}/copies"
    made = office.post(f"{path}/slip", as_="thotsop")
    assert made.status_code == 201, made.text
    (copy,) = slips(office, fresh)
    assert (copy["id"], made.json["ordinal"]) == (made.json["id"], 1)
    assert copy["of_sha256"] == office.get(path[:-7], as_="thotsop").json["signed_sha256"]
    file = office.get(f"{path}/{copy['id']}", as_="thotsop")
    assert copy["of_sha256"] in page_text(file.data)
    assert office.post(f"{path}/slip", as_="tuayang").json == {**made.json, "ordinal": 0}


def test_a_slip_is_refused_to_others(office: World, enter: Enter, letter: dict[str, Any]) -> None:
    path = f"/documents/{letter['id']}/copies/slip"
    refused = office.post(path, as_="niti")
    assert (refused.status_code, refused.json["code"]) == (403, "not_reader")
    assert office.post(path, as_="truatsop").status_code == 403  # reads all, and changes nothing
    auditor = page_of(enter("truatsop"), letter)
    assert not [one for one in auditor.forms() if one.element.get("action") == path]
    draft = letter_story.document_id(letter_story.draft(enter("thotsop")))
    bare = office.post(f"/documents/{draft}/copies/slip", as_="thotsop")
    assert (bare.status_code, bare.json["reason"]) == (409, "not_endorsed")


# -- with a key on one's own device ------------------------------------------------------------


def test_by_ones_own_device(office: World, enter: Enter) -> None:
    mine = letter_story.signed(office, to="กลุ่มคลังและพัสดุ")
    here = f"/documents/{mine['id']}"
    with device_of(office, "khlang") as card, passkey_of(office, "khlang") as passkey:
        clerk = entered(office, "khlang", passkey, "10.84.0.2")
        page = clerk.open(f"{here}/certify")
        assert "pin" not in certify_form(page).names()
        proof = passkey.get(asked(page, f"{here}/certify/passkey", seen=_seen(page)))
        waits = certify_form(page).send(compared="1", totp=proof)
        assert waits.path == f"{here}/certify/device", waits.text
        assert "ไปส่งลายมือชื่อ" in clerk.open(f"{here}/certify").text
        # whoever reads the letter sees that it waits, and only its certifier goes on
        assert "รออุปกรณ์ของผู้รับรองลงนาม" in page_of(enter("thotsop"), mine).text
        assert page_of(enter("thotsop"), mine).links("/certify/device") == []
        assert page_of(clerk, mine).links("/certify/device")
        assert _certified(office, mine) == []
        given = clerk.open(f"{waits.path}/to-be-signed.der").response.data
        wrong = waits.form(waits.path).send(signature=("s.bin", card.sign(given + b"x")))
        assert wrong.error("signature")
        done = wrong.form(waits.path).send(signature=("s.bin", card.sign(given)))
        assert done.path == here, done.text
        assert "รับรองสำเนาแล้ว" in done.text
        assert "ไม่มีสำเนาที่รออุปกรณ์" in clerk.open(waits.path).text
    (copy,) = _certified(office, mine)
    assert copy["told"]["method"] == "passkey"
    assert copy["level"] == "B-B"  # this world has no timestamp authority


def test_by_ones_own_device_and_rest(office: World, enter: Enter) -> None:
    mine = letter_story.signed(office, to="กลุ่มคลังและพัสดุ")
    path = f"/documents/{mine['id']}/copies/certified"
    assert office.get(f"{path}/device-signature", as_="khlang").status_code == 404
    with device_of(office, "khlang") as card, passkey_of(office, "khlang") as passkey:
        clerk = entered(office, "khlang", passkey, "10.84.0.3")
        page = clerk.open(f"/documents/{mine['id']}/certify")
        where = f"/documents/{mine['id']}/certify/passkey"
        answer = json.loads(passkey.get(asked(page, where, seen=_seen(page))))
        proof = {"method": "passkey", "credential": answer, "seen": _seen(page)}
        begun = office.post(path, {"authorization": proof}, as_="khlang")
        assert (begun.status_code, begun.json["status"]) == (202, "waiting_device"), begun.text
        question = office.get(f"{path}/device-signature", as_="khlang").json
        told = begun.json["device"]
        assert {name: told[name] for name in ("certification_id", "digest", "to_be_signed")} == {
            name: question[name] for name in ("certification_id", "digest", "to_be_signed")
        }
        listed = office.get(f"/documents/{mine['id']}/copies", as_="khlang").json["waiting"]
        assert [(one["id"], one["status"]) for one in listed] == [
            (question["certification_id"], "waiting_device")
        ]

        def bring(signature: str) -> Any:
            this = question["certification_id"]
            body = {"certification_id": this, "signature": signature}
            return office.post(f"{path}/device-signature", body, as_="khlang")

        assert bring("not base64").json["code"] == "foreign_signature"
        made = b64encode(card.sign(b64decode(question["to_be_signed"]))).decode()
        done = bring(made)
        assert done.status_code == 201, done.text
        assert bring(made).json["id"] == done.json["id"]
    (copy,) = _certified(office, mine)
    assert copy["id"] == done.json["id"]
