"""Anybody who holds a letter's code learns whether it is genuine and counts, and nothing else."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pyhanko.pdf_utils.reader import PdfFileReader
from support import letter_story
from support.browsing import Browser
from support.samples import sample
from support.world import World

from api import public
from office.accounts import rules
from office.documents.codes import LENGTH, grouped, new_code, normal, with_address
from office.documents.models import document
from signing.authority import Authority, revoke
from signing.preview import page_text


def test_a_code_is_read_however_it_was_typed() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert normal(code) == code
    assert normal(grouped(code).lower()) == code
    assert normal(f" {code[:8]} {code[8:]} ") == code
    digits = str.maketrans("23456789", "๒๓๔๕๖๗๘๙")
    assert normal(code.translate(digits)) == code
    for other in ("", "x", code[:-1], code + "2", code[:-1] + "0", "ก" * LENGTH, code * 9):
        assert normal(other) is None
    assert len({new_code() for _ in range(500)}) == 500


def test_a_letter_without_a_code_is_printed_as_it_was() -> None:
    assert with_address({"to": "x"}, "https://a") == {"to": "x"}
    none = {"verification": {"code": None}}
    assert with_address(none, "https://a") == none


@pytest.fixture(scope="module")
def letter(office: World) -> dict[str, Any]:
    return letter_story.signed(office)


def stranger(office: World, n: int = 1) -> Browser:
    return Browser(office.client.application, f"198.51.100.{n}")


def test_it_is_printed_on_the_letter_and_leads_to_the_verdict(
    office: World, letter: dict[str, Any]
) -> None:
    pdf = office.get(f"/documents/{letter['id']}/pdf", as_="thotsop").data
    code = letter["public_code"]
    text = page_text(pdf)
    assert grouped(code) in text
    assert "127.0.0.1:8000/v" in text
    page = stranger(office).open(f"/v/{code}")
    assert page.status == 200
    for words in (
        "หนังสือนี้เชื่อถือได้",
        letter["number"],
        "นางสาวสมหญิง รักงานดี",
        "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง",
        "มีผลใช้อยู่",
        "PAdES B-B",
        letter["subject"],
    ):
        assert words in page.text
    assert letter["content"]["paragraphs"][0][:30] not in page.text
    assert letter["content"]["to"] not in page.text


def test_the_form_takes_the_code_as_it_stands_on_paper(
    office: World, letter: dict[str, Any]
) -> None:
    form = stranger(office, 2).open("/v").form("/v")
    page = form.send(code=grouped(letter["public_code"]).lower())
    assert page.path == f"/v/{letter['public_code']}"
    assert "หนังสือนี้เชื่อถือได้" in page.text


def test_codes_that_are_none_answer_alike(office: World) -> None:
    draft = office.post("/documents", sample("S01", subject="ร่างอยู่"), as_="thotsop").json
    browser, told = stranger(office, 3), set()
    for code in (new_code(), "x", "A" * 16, draft["id"], "%27%20OR%201=1"):
        page = browser.open(f"/v/{code}")
        assert page.status == 404
        told.add(page.error("code"))
    assert len(told) == 1
    assert browser.open("/v?code=zzz").status == 404
    answers = [office.call("GET", f"/verifications/{code}", as_=None) for code in (new_code(), "x")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json["detail"] == answers[1].json["detail"]


def test_looking_up_is_rationed_before_anything_is_looked_for(
    office: World, letter: dict[str, Any]
) -> None:
    browser = stranger(office, 4)
    for _ in range(rules.VERIFIED_PER_CLIENT):
        assert browser.open(f"/v/{new_code()}").status == 404
    assert browser.open(f"/v/{letter['public_code']}").status == 429
    assert browser.open(f"/v/{new_code()}").status == 429
    office.clock.advance(timedelta(hours=1, seconds=1))
    assert browser.open(f"/v/{letter['public_code']}").status == 200


def test_the_same_by_rest(office: World, letter: dict[str, Any]) -> None:
    answer = office.call("GET", f"/verifications/{letter['public_code']}", as_=None)
    assert answer.status_code == 200, answer.text
    told = answer.json
    assert (told["stands"], told["verdict"], told["level"]) == (True, "valid", "B-B")
    assert told["number"] == letter["number"]
    (signer,) = told["signers"]
    assert signer["name"] == "นางสาวสมหญิง รักงานดี"
    assert signer["position_lines"][-1] == "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง"
    assert told["sha256"] == letter["signed_sha256"]
    assert told["certificate_revoked_at"] is None
    assert not {"content", "to", "paragraphs"} & set(told)


def compared(office: World, code: str, pdf: bytes) -> str:
    page = stranger(office, 8).open(f"/v/{code}").form(f"/v/{code}").send(file=("x.pdf", pdf))
    assert page.status == 200
    return page.text


def test_a_file_is_held_against_this_letter_and_no_other(
    office: World, letter: dict[str, Any]
) -> None:
    code, this = letter["public_code"], "ไฟล์ของท่านคือหนังสือนี้"
    pdf = office.get(f"/documents/{letter['id']}/pdf", as_="thotsop").data
    told = compared(office, code, pdf)
    assert this in told
    assert "ตรงกับฉบับที่เก็บไว้ทุกไบต์" in told
    another = letter_story.signed(office)  # as validly signed
    other = office.get(f"/documents/{another['id']}/pdf", as_="thotsop").data
    told = compared(office, code, other)
    assert "ไฟล์ของท่านไม่ใช่หนังสือนี้" in told
    assert this not in told
    assert this in compared(office, another["public_code"], other)
    for altered in (pdf.replace(b"/Type", b"/Typo", 1), b"nothing"):
        assert "ไฟล์ของท่านไม่ใช่หนังสือนี้" in compared(office, code, altered)
    page = stranger(office, 9).open(f"/v/{code}").form(f"/v/{code}").send()
    assert (page.status, page.error("file")) == (422, "เลือกไฟล์ PDF ที่จะเทียบ")
    gone = stranger(office, 9).open(f"/v/{code}").form(f"/v/{code}")
    gone.element.set("action", f"/v/{new_code()}")
    assert gone.send(file=("x.pdf", pdf)).status == 404


def test_a_secret_letter_does_not_tell_its_subject(office: World) -> None:
    secret = letter_story.signed(office)
    with office.system.engine.begin() as db:  # letters with a class are not written here yet
        which = document.c.public_code == secret["public_code"]
        db.execute(sa.update(document).where(which).values(secrecy=2))
    page = stranger(office, 5).open(f"/v/{secret['public_code']}")
    assert page.status == 200
    assert secret["subject"] not in page.text
    assert "ไม่แสดง เพราะมีชั้นความลับ" in page.text
    told = office.call("GET", f"/verifications/{secret['public_code']}", as_=None).json
    assert told["subject"] is None


def test_a_letter_that_was_taken_back_says_so(office: World, enter: Any) -> None:
    old, new = letter_story.signed(office), letter_story.signed(office)
    path = f"/documents/{old['id']}"
    assert enter("thotsop").open(path).links("/revoke") == []
    refused = office.post(f"{path}/revoke", {"reason": "ก"}, as_="thotsop")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    signer = enter("somying")
    page = signer.open(path).form(f"{path}/revoke").send(reason="", replaced_by="")
    assert page.status == 422
    assert page.error("reason")
    wrong = page.form(f"{path}/revoke").send(reason="พิมพ์ผิด", replaced_by="ตย ๙๙๙")
    assert wrong.error("replaced_by")
    done = wrong.form(f"{path}/revoke").send(reason="พิมพ์ผิด", replaced_by=new["number"])
    assert done.status == 200
    assert "หนังสือนี้ถูกยกเลิกแล้ว" in done.text
    public = stranger(office, 6).open(f"/v/{old['public_code']}")
    assert "หนังสือนี้ถูกยกเลิกแล้ว" in public.text
    assert new["number"] in public.text
    assert "พิมพ์ผิด" not in public.text  # the reason is the agency's own
    told = office.call("GET", f"/verifications/{old['public_code']}", as_=None).json
    assert (told["stands"], told["verdict"], told["replaced_by"]) == (False, "valid", new["number"])
    again = office.post(f"{path}/revoke", {"reason": "ก"}, as_="somying")
    assert (again.status_code, again.json["reason"]) == (409, "not_in_force")


def test_a_certificate_that_was_revoked_is_told(
    office: World, letter: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = office.get(f"/documents/{letter['id']}/pdf", as_="thotsop").data
    (embedded,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    now = office.clock.now()
    revoke(tmp_path, embedded.signer_cert.serial_number, now)
    authority = Authority.load(office.system.settings.authority)
    lists = authority.statuses(tmp_path, lambda: now).known()
    monkeypatch.setattr(public, "revocation_lists", lambda _settings, _at: lists)
    told = office.call("GET", f"/verifications/{letter['public_code']}", as_=None).json
    assert told["certificate_revoked_at"] == now.isoformat(timespec="seconds").replace(
        "+00:00", "Z"
    )
    assert (told["stands"], told["verdict"]) == (False, "invalid")  # B-B: nothing proves when
    page = stranger(office, 7).open(f"/v/{letter['public_code']}")
    assert "ใบรับรองถูกเพิกถอนเมื่อ" in page.text
