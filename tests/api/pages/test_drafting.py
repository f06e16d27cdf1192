"""Drafting: fields that are wrong, conflicts that keep the text, files that are refused."""

from __future__ import annotations

import io
import json
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from PIL import Image
from support.letter_story import POST, WORDS, decide, document_id, draft, open_task, signed
from support.world import World

from api.settings import Settings
from engine.db import begin_write
from engine.ids import parse_id
from office.correspondence.models import register_entry
from office.documents.models import document
from office.documents.reading import PARAGRAPHS


def test_a_new_letter_knows_whose_it_is(enter):
    shown = enter("thotsop").open("/documents/new", query={"kind": "EXT"}).form("/documents")
    values = shown.values()
    assert values["owner_agency"] == ["สำนักงานปลัดกระทรวงตัวอย่าง"]
    assert values["owner_unit"] == ["กองกลาง กลุ่มบริหารทั่วไป"]
    assert not any(letter in "0123456789" for letter in values["address"][0])


def test_minutes_say_that_their_form_has_no_mark_of_urgency(enter):
    """ข้อ 28 is of letters that somebody acts upon; แบบที่ 11 has no place for it."""
    said = "แบบของรายงานการประชุมไม่พิมพ์ชั้นความเร็ว"
    shown = enter("thotsop").open("/documents/new", query={"kind": "MIN"})
    assert said in shown.text
    assert said not in shown.browser.open("/documents/new", query={"kind": "ORDER"}).text


def test_missing_fields_are_named_beside_the_fields(enter):
    page = draft(enter("thotsop"), subject="", to="", paragraphs="", position_lines="")
    assert page.status == 422
    assert page.error("subject") == "ใส่เรื่อง"
    assert page.error("to") == "ระบุผู้รับ"
    assert page.error("paragraphs") == "ใส่ข้อความของหนังสือ"
    assert page.error("position_lines") == "เลือกผู้ลงนาม"
    assert page.links("#subject")


def test_secrecy_is_refused_with_the_reason(enter):
    page = draft(enter("thotsop"), "หนังสือลับ", secrecy="2")
    assert page.status == 422
    assert "นายทะเบียนข้อมูลลับ" in page.error("secrecy")
    assert page.form("/documents").values()["subject"] == ["หนังสือลับ"]


def test_a_memo_is_drafted_like_a_letter(enter):
    drafter = enter("thotsop")
    form = drafter.open("/documents/new", query={"kind": "INT"}).form("/documents")
    page = form.send(subject="ขออนุมัติจัดโครงการ", to="ปลัดกระทรวงตัวอย่าง", paragraphs=WORDS,
                     position_lines="ผู้อำนวยการกองกลาง")  # fmt: skip
    assert page.path.endswith("/edit"), page.text
    assert page.status == 200


def test_saving_shows_the_new_words_and_nothing_else_changes(enter):
    page = draft(enter("thotsop"), "แก้ร่าง")
    saved = page.form(page.path).send(subject="แก้ร่าง ครั้งที่สอง", cc=["สำนักงบประมาณ", ""])
    values = saved.form(page.path).values()
    assert values["subject"] == ["แก้ร่าง ครั้งที่สอง"]
    assert values["cc"] == ["สำนักงบประมาณ", ""]
    assert values["paragraphs"][0].split("\n") == WORDS.split("\n")


def test_two_who_save_at_once_lose_nothing(enter):
    page = draft(enter("thotsop"), "สองคนแก้พร้อมกัน")
    mine, theirs = page.form(page.path), page.form(page.path)
    theirs.send(subject="ของอีกคนหนึ่ง")
    conflict = mine.send(subject="ของฉัน", paragraphs="ข้อความของฉันที่ยาวมาก")
    assert conflict.status == 412
    assert "มีผู้แก้ไขร่างนี้ก่อนท่าน" in conflict.text
    kept = conflict.form(page.path)
    assert kept.values()["paragraphs"] == ["ข้อความของฉันที่ยาวมาก"]
    decided = kept.send()  # with both texts in view, saving again is a decision
    assert decided.form(page.path).values()["subject"] == ["ของฉัน"]


def test_autosave_answers_with_the_new_revision_and_tells_a_conflict(enter):
    page = draft(enter("thotsop"), "บันทึกเอง")
    fields = {name: values[0] for name, values in page.form(page.path).values().items()}
    address = f"/documents/{document_id(page)}/autosave"
    client = page.browser.client
    saved = client.post(address, data={**fields, "subject": "บันทึกเอง สอง", "command_id": "a"})
    assert saved.status_code == 200
    assert json.loads(saved.data)["revision"] == 2
    stale = client.post(address, data={**fields, "subject": "บันทึกเอง สาม", "command_id": "b"})
    assert stale.status_code == 412
    wrong = client.post(address, data={**fields, "subject": "", "base_revision": "2"})
    assert wrong.status_code == 422


def test_changes_to_different_paragraphs_are_put_together(enter):
    page = draft(enter("thotsop"), "รวมของสองคน", paragraphs="หนึ่ง\nสอง\nสาม")
    mine, theirs = page.form(page.path), page.form(page.path)
    theirs.send(paragraphs="หนึ่งของเขา\nสอง\nสาม", to="อธิบดีกรมสาธิต")
    merged = mine.send(paragraphs="หนึ่ง\nสองของฉัน\nสาม\nสี่")
    assert "รวมของทั้งสองฝ่าย" in merged.text
    values = merged.form(page.path).values()
    assert values["paragraphs"] == ["หนึ่งของเขา\nสองของฉัน\nสาม\nสี่"]
    assert values["to"] == ["อธิบดีกรมสาธิต"]


def test_the_same_paragraph_changed_by_two_is_shown_both_ways(enter):
    page = draft(enter("thotsop"), "ชนกันจริง", paragraphs="หนึ่ง\nสอง")
    mine, theirs = page.form(page.path), page.form(page.path)
    theirs.send(paragraphs="หนึ่ง\nสองของเขา")
    conflict = mine.send(paragraphs="หนึ่ง\nสองของฉัน")
    assert conflict.status == 412
    assert "ที่แก้ชนกัน" in conflict.text
    kept = conflict.form(page.path)
    assert kept.values()["paragraphs"] == ["หนึ่ง\nสองของเขา\nสองของฉัน"]
    decided = kept.send(paragraphs="หนึ่ง\nสองของเราทั้งคู่")
    assert decided.form(page.path).values()["paragraphs"] == ["หนึ่ง\nสองของเราทั้งคู่"]


def test_autosave_brings_in_what_others_changed(enter):
    page = draft(enter("thotsop"), "บันทึกเองและรวม", paragraphs="หนึ่ง\nสอง\nสาม")
    fields = page.form(page.path).values()
    page.form(page.path).send(paragraphs="หนึ่งของเขา\nสอง\nสาม")
    client, address = page.browser.client, f"/documents/{document_id(page)}/autosave"
    typed = {**fields, "paragraphs": "หนึ่ง\nสอง\nสามของฉัน", "command_id": "m"}
    saved = client.post(address, data=typed).json
    assert (saved["revision"], saved["merged"]["paragraphs"]) == (3, "หนึ่งของเขา\nสอง\nสามของฉัน")
    assert json.loads(saved["sent"])["paragraphs"] == ["หนึ่ง", "สอง", "สามของฉัน"]
    # typed on meanwhile: what was sent is the beginning of the next
    on = {**typed, "paragraphs": "หนึ่ง\nสอง\nสามของฉันต่อ", "base_content": saved["sent"]}
    again = client.post(address, data={**on, "command_id": "n"}).json
    assert again["merged"]["paragraphs"] == "หนึ่งของเขา\nสอง\nสามของฉันต่อ"
    lists = {**typed, "refs": ["อ้าง"], "base_content": "{}", "command_id": "o"}
    assert client.post(address, data=lists).status_code == 412


def test_an_autosave_sent_again_finds_its_answer_and_no_other_writer(enter):
    page = draft(enter("thotsop"), "คำตอบหาย", paragraphs="หนึ่ง")
    fields, colleague = page.form(page.path).values(), page.form(page.path)
    client, address = page.browser.client, f"/documents/{document_id(page)}/autosave"
    typed = {**fields, "paragraphs": "หนึ่งของฉัน", "command_id": "lost"}
    first, again = (client.post(address, data=typed) for _ in range(2))
    assert (again.status_code, again.json["revision"]) == (200, first.json["revision"]) == (200, 2)
    assert "merged" not in again.json
    colleague.send(paragraphs="หนึ่ง\nสองของเขา", base_revision="2", base_content=first.json["base"])
    assert client.post(address, data=typed).json["revision"] == 2  # whoever came since


def test_a_merged_save_sent_again_is_the_same_save(enter):
    page = draft(enter("thotsop"), "คำตอบหายหลังรวม", paragraphs="หนึ่ง\nสอง")
    mine = page.form(page.path)
    page.form(page.path).send(paragraphs="หนึ่งของเขา\nสอง")
    client, address = page.browser.client, f"/documents/{document_id(page)}/autosave"
    typed = {**mine.values(), "paragraphs": "หนึ่ง\nสอง\nสาม", "command_id": "lost"}
    first, again = (client.post(address, data=typed) for _ in range(2))
    assert (again.status_code, again.json["revision"]) == (200, first.json["revision"]) == (200, 3)
    assert again.json["merged"]["paragraphs"] == "หนึ่งของเขา\nสอง\nสาม"
    first, again = (mine.send(paragraphs="หนึ่ง\nสอง\nสาม\nสี่") for _ in range(2))
    assert again.status == 200
    values = again.form(page.path).values()
    assert values["paragraphs"] == ["หนึ่งของเขา\nสอง\nสาม\nสี่"]


def test_the_same_form_sent_twice_makes_one_letter(enter, office: World):
    drafter = enter("phumiphak")
    form = drafter.open("/documents/new", query={"kind": "EXT"}).form("/documents")
    filled = {"subject": "ส่งซ้ำ", "to": "ปลัดกระทรวงสาธิต", "paragraphs": WORDS,
              "position_lines": "ผู้ว่าราชการจังหวัดตัวอย่างบุรี"}  # fmt: skip
    first, second = form.send(**filled), form.send(**filled)
    assert first.path == second.path
    changed = form.send(**{**filled, "to": "อธิบดีกรมสาธิต"})  # back, changed, sent: another letter
    assert changed.path != first.path


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def test_a_file_is_enclosed_printed_downloaded_and_taken_out(enter):
    page = draft(enter("thotsop"), "มีไฟล์แนบ")
    letter = document_id(page)
    attach = page.form(f"/documents/{letter}/attachments")
    shown = attach.send(file=("แผนที่.png", _png()), name="แผนที่", quantity="จำนวน ๑ แผ่น")
    assert "แผนที่" in shown.form(page.path).values()["enclosure"]
    address = shown.links(f"/documents/{letter}/attachments/")[0].removesuffix("/view")
    assert "ไม่ฝังใน PDF" not in shown.text
    with patch.object(Settings, "most_enclosed", 50):
        assert "ไม่ฝังใน PDF ที่ลงนาม ระบุด้วย SHA-256" in page.browser.open(page.path).text
    preview = page.browser.open(f"{address}/view")
    assert "แผนที่" in preview.text
    picture = page.browser.open(f"{address}/pages/1.png").response
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    assert page.browser.open(f"{address}/pages/2.png").response.status_code == 404
    got = page.browser.open(address).response
    assert got.data == _png()
    assert got.headers["Content-Disposition"].startswith("attachment")
    gone = shown.form(f"{address}/remove").send()
    assert not gone.links(f"/documents/{letter}/attachments/")


def test_words_of_hundreds_of_pages_are_refused_where_they_stand(enter):
    """And stay in the form: they come through, though they are larger than other forms may be."""
    line = "ข้อความที่ยาวพอสมควรของหนึ่งย่อหน้าในหนังสือ" * 4
    page = draft(enter("thotsop"), "ยาวมาก", paragraphs=f"{line}\n" * (PARAGRAPHS + 1))
    assert page.status == 422
    assert page.error("paragraphs").startswith("ข้อความยาวเกินไป รับได้ราว 100 หน้า")
    assert page.text.count(line) > PARAGRAPHS


REFUSED = {
    "โปรแกรม.exe": (b"MZ", "ไฟล์ชนิดนี้แนบไม่ได้"),
    "ปลอม.png": (b"not a picture", "เนื้อไฟล์ไม่ตรงกับนามสกุล"),
    "เสีย.pdf": (b"%PDF-1.7 broken", "PDF นี้เสียหาย"),
    "ว่าง.txt": (b"", "ไฟล์ว่างเปล่า"),
    "หน้าเว็บ.html": (b"<script>alert(1)</script>", "ไฟล์ชนิดนี้แนบไม่ได้"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_file_leaves_nothing_and_says_why(enter, office: World, name):
    data, words = REFUSED[name]
    page = draft(enter("thotsop"), f"แนบ {name}")
    letter = document_id(page)
    before = set(office.system.storage.listing())
    refused = page.form(f"/documents/{letter}/attachments").send(file=(name, data))
    assert refused.status == 422
    assert words in refused.text
    assert set(office.system.storage.listing()) == before


@pytest.mark.parametrize(
    ("size", "said", "most"),
    [(30, "“ภาพ.png” มี 30.0 MB", "ไม่เกินไฟล์ละ 25 MB"), (52, "มี 52.1 MB", "ไม่เกิน 51 MB")],
)
def test_a_file_that_is_too_large_is_named_with_both_sizes(enter, office: World, size, said, most):
    page = draft(enter("thotsop"), f"แนบ {size} MB")
    before = set(office.system.storage.listing())
    address = f"/documents/{document_id(page)}/attachments"
    token = page.form(address).values()["csrf_token"][0]
    sent = _multipart(csrf_token=token.encode(), **{'file"; filename="ภาพ.png': bytes(size << 20)})
    refused = page.browser.client.post(
        address, input_stream=io.BytesIO(sent), content_length=len(sent),
        content_type="multipart/form-data; boundary=part",
    )  # fmt: skip
    assert refused.status_code == 413
    assert said in refused.text
    assert most in refused.text
    assert set(office.system.storage.listing()) == before


def _multipart(**fields: bytes) -> bytes:
    """As bytes in memory: the client would leave a file open."""
    parts = (
        f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value
        for name, value in fields.items()
    )
    return b"\r\n".join([*parts, b"--part--\r\n"])


def test_pages_are_pictures_that_a_browser_keeps(enter):
    page = draft(enter("thotsop"), "ดูหน้ากระดาษ")
    source = page.tree.xpath("//div[@class='sheet']/img/@src")[0]
    first = page.browser.client.get(source)
    assert first.mimetype == "image/png"
    assert first.data.startswith(b"\x89PNG")
    etag = {"If-None-Match": first.headers["ETag"]}
    assert page.browser.client.get(source, headers=etag).status_code == 304
    assert page.browser.client.get(source.replace("/1.png", "/99.png")).status_code == 404


def test_words_that_can_not_be_printed_break_no_page(enter):
    drafter, subject = enter("thotsop"), "พิมพ์ไม่ได้"
    page = draft(drafter, subject, paragraphs="ขอบคุณ 😀\nจึงเรียนมาเพื่อโปรดทราบ")
    if page.status == 422:  # refused where it is typed
        assert page.error("paragraphs")
        return
    assert "แสดงหน้ากระดาษไม่ได้" in page.text
    assert drafter.open(f"/documents/{document_id(page)}/pdf").status == 422
    assert "แสดงหน้ากระดาษไม่ได้" in open_task(drafter, subject).text


def test_versions_are_compared_word_by_word(enter):
    drafter, subject = enter("thotsop"), "เทียบร่าง"
    page = draft(drafter, subject)
    letter = document_id(page)
    decide(drafter, subject, "submit")
    reader = enter("sommut")
    edit = reader.open(f"/documents/{letter}/edit")
    edit.form(edit.path).send(paragraphs=WORDS.replace("พิจารณา", "ทราบ"))
    diff = reader.open(f"/documents/{letter}/compare", query={"old": "1"})
    assert diff.tree.xpath("//main//del/text()") == ["พิจารณา"]
    assert diff.tree.xpath("//main//ins/text()") == ["ทราบ"]


def test_the_drafter_recalls_until_somebody_looks(enter):
    drafter, subject = enter("thotsop"), "ดึงกลับ"
    letter = document_id(draft(drafter, subject))
    decide(drafter, subject, "submit")
    case = drafter.open(f"/documents/{letter}").follow("/instances/")
    back = case.form(f"/documents/{letter}/recall").send(reason="ลืมแนบไฟล์")
    assert back.path == f"/documents/{letter}/edit", back.text
    decide(drafter, subject, "submit")
    open_task(enter("sommut"), subject)
    case = drafter.open(f"/documents/{letter}").follow("/instances/")
    late = case.form(f"/documents/{letter}/recall").send()
    assert late.status == 409
    assert "ขั้นถัดไปเปิดอ่านแล้ว" in late.text


def test_style_is_advised_beside_the_draft_and_never_blocks(enter):
    page = draft(enter("thotsop"), "อื่นๆ", paragraphs="ครั้งที่ 2 เรื่องอื่น ๆ")
    assert "เว้นวรรคหน้าและหลังไม้ยมก (ๆ)" in page.text
    assert "หนังสือราชการใช้เลขไทย" in page.text
    assert open_task(enter("thotsop"), "อื่นๆ").status == 200


def test_one_press_mends_what_was_posted_and_saves_it(enter):
    page = draft(enter("thotsop"), "แก้ครั้งที่ 1", paragraphs="อื่นๆ ครั้งที่ 2")
    marked = page.tree.xpath("//button[@name='mend'][@value!='all']")
    assert {button.get("form") for button in marked} == {"letter"}
    first = marked[0].get("value")
    typed = "อื่นๆ ครั้งที่ 2\nพิมพ์เพิ่มแล้วกดแก้"
    saved = page.form(page.path).send(button=("mend", first), paragraphs=typed)
    values = saved.form(page.path).values()
    assert values["subject"] == ["แก้ครั้งที่ ๑"]
    assert values["paragraphs"] == [typed.replace("\n", "\r\n")] or values["paragraphs"] == [typed]


def test_all_is_mended_at_once_and_then_nothing_is_left(enter):
    page = draft(enter("thotsop"), "แก้ครั้งที่ 1", paragraphs="อื่นๆ ครั้งที่ 2", refs=["หนังสือ", ""])
    saved = page.form(page.path).send(button=("mend", "all"))
    values = saved.form(page.path).values()
    assert (values["subject"], values["paragraphs"]) == (["แก้ครั้งที่ ๑"], ["อื่น ๆ ครั้งที่ ๒"])
    assert "ไม่พบสิ่งที่ควรแก้" in saved.text


def test_a_mend_of_words_that_are_gone_saves_and_changes_nothing(enter):
    page = draft(enter("thotsop"), "แก้ครั้งที่ 1")
    saved = page.form(page.path).send(button=("mend", "0000"), subject="แก้ครั้งที่ ๒")
    assert saved.form(page.path).values()["subject"] == ["แก้ครั้งที่ ๒"]


def test_a_mend_on_an_old_revision_is_a_conflict_like_any_other_save(enter):
    page = draft(enter("thotsop"), "แก้ครั้งที่ 1")
    page.form(page.path).send(subject="แก้ครั้งที่ 5")
    conflict = page.form(page.path).send(button=("mend", "all"))
    assert conflict.status == 412


KINDS_OF_DOCUMENTS = ["EXT", "INT", "STAMP", "ORDER", "REG", "BYLAW", "ANN", "STMT", "NEWS", "CERT",
                      "MIN", "NOTE", "OTHER"]  # fmt: skip


def test_every_kind_can_be_begun_from_the_page(enter):
    drafter = enter("thotsop")
    page = drafter.open("/documents/new")
    assert [link[-4:].lstrip("d=") for link in page.links("kind=")]
    for kind in KINDS_OF_DOCUMENTS:
        assert page.links(f"/documents/new?kind={kind}")


@pytest.mark.parametrize("kind", KINDS_OF_DOCUMENTS)
def test_each_kind_is_drafted_with_its_own_fields(enter, kind):
    form = enter("thotsop").open("/documents/new", query={"kind": kind}).form("/documents")
    words = {
        "subject": "เรื่องของเอกสาร", "to": "ปลัดกระทรวงตัวอย่าง", "paragraphs": WORDS,
        "position_lines": "ปลัดกระทรวงตัวอย่าง", "extra.edition": "2", "extra.issue": "3",
        "extra.notify": "ผู้อำนวยการกองกลาง", "extra.source": "บริษัทตัวอย่าง จำกัด",
        "extra.received": "2026-11-20", "extra.meeting": "1/2569",
        "extra.meeting_date": "2026-11-20", "extra.start": "09:30", "extra.venue": "ห้องประชุม ๑",
        "extra.present": "นาย ก | รองปลัด | ประธานกรรมการ\nนาย ข",
    }  # fmt: skip
    page = form.send(**{name: said for name, said in words.items() if name in form.names()})
    assert page.path.endswith("/edit"), page.text[:2000]
    values = page.form(page.path).values()
    assert [values[name] for name in words if name in values] == [
        [said] for name, said in words.items() if name in values
    ]
    assert "แสดงหน้ากระดาษไม่ได้" not in page.text


def test_minutes_like_others_are_recorded_by_whoever_begins_them(enter):
    drafter = enter("thotsop")
    form = drafter.open("/documents/new", query={"kind": "MIN"}).form("/documents")
    recorder = form.values()["extra.recorder"]
    made = form.send(**{
        "subject": "รายงานการประชุม", "paragraphs": WORDS, "position_lines": POST,
        "extra.meeting": "1/2569", "extra.meeting_date": "2026-11-20", "extra.present": "นาย ก",
        "extra.recorder": "นายคนก่อน", "extra.venue": "ห้องประชุม ๑",
    })  # fmt: skip
    like = drafter.open("/documents/new", query={"like": document_id(made)}).form("/documents")
    assert like.values()["extra.recorder"] == recorder != [""]
    assert like.values()["extra.venue"] == ["ห้องประชุม ๑"]


def test_what_is_missing_of_minutes_is_named_beside_its_field(enter):
    form = enter("thotsop").open("/documents/new", query={"kind": "MIN"}).form("/documents")
    page = form.send(subject="รายงานการประชุม", paragraphs="ก", position_lines="ปลัดกระทรวงตัวอย่าง",
                     **{"extra.present": "| รองปลัด"})  # fmt: skip
    assert page.status == 422
    for name in ("meeting", "meeting_date", "present"):
        assert page.error(f"extra-{name}"), name


def test_a_signed_letter_is_answered_from_its_page(enter, office):
    letter = signed(office)
    drafter = enter("thotsop")
    page = drafter.open(f"/documents/{letter['id']}")
    form = page.follow("?reply=").form("/documents")
    values = form.values()
    assert values["subject"] == ["ตอบแจ้งผลการประชุม"]
    assert values["to"] == [POST]
    assert letter["number"] in values["refs"][0]
    made = form.send(position_lines=POST)
    assert made.path.endswith("/edit"), made.text
    shown = drafter.open(made.path.removesuffix("/edit"))
    assert shown.links(f"/documents/{letter['id']}")


def test_a_letter_of_the_register_is_referred_to_and_linked_while_its_text_stands(enter, office):
    letter = signed(office, subject="แจ้งผลครั้งที่อ้างถึง")
    drafter, digits = enter("thotsop"), str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
    for asked in ("ครั้งที่อ้างถึง", letter["number"].translate(digits)):
        offered = drafter.open("/references/offers", query={"q": asked})
        (text,) = offered.tree.xpath("//option[text()='แจ้งผลครั้งที่อ้างถึง']/@value")
        assert f" ที่ {letter['number']} ลงวันที่ " in text
    page = draft(drafter, "อ้างถึง", refs=[text, "คำสั่งที่พิมพ์เอง"])
    shown = drafter.open(f"/documents/{document_id(page)}")
    assert shown.tree.xpath("//dd/a/text()") == [text]
    assert shown.links(f"/documents/{letter['id']}")
    saved = page.form(page.path).send(refs=[f"{text} แก้", "คำสั่งที่พิมพ์เอง"])
    assert not drafter.open(f"/documents/{document_id(page)}").links(f"/documents/{letter['id']}")
    found = drafter.open("/references", query={"draft": document_id(page), "q": "ครั้งที่อ้างถึง"})
    added = found.form(f"/documents/{document_id(page)}/references").send()
    refs = [f"{text} แก้", "คำสั่งที่พิมพ์เอง", text, ""]
    assert added.form(saved.path).values()["refs"] == refs
    assert drafter.open(f"/documents/{document_id(page)}").links(f"/documents/{letter['id']}")
    begun = drafter.open("/references", query={"q": "ครั้งที่อ้างถึง"}).follow("&refer=")
    assert begun.form("/documents").values()["refs"] == [text, ""]


def test_letters_of_registers_that_are_not_theirs_are_not_offered(enter, office):
    letter = signed(office, subject="ไม่ใช่ของเขา")
    with begin_write(office.system.engine) as db:
        lines = register_entry.c.document_id == parse_id(letter["id"], "document")
        db.execute(sa.update(register_entry).where(lines).values(unit="elsewhere"))
        (entry,) = db.scalars(
            sa.select(register_entry.c.id).where(lines, register_entry.c.register == "send")
        )
        db.commit()
    drafter = enter("wikhro")
    assert "ไม่ใช่ของเขา" not in drafter.open("/references/offers", query={"q": "ไม่ใช่ของเขา"}).text
    assert drafter.open("/documents/new", query={"kind": "EXT", "refer": str(entry)}).status == 404


def test_what_has_no_number_is_not_answered(enter):
    page = draft(enter("thotsop"), "ยังไม่ลงนาม")
    found = enter("thotsop").open("/documents/new", query={"reply": document_id(page)})
    assert found.status == 409
    assert not enter("thotsop").open(f"/documents/{document_id(page)}").links("?reply=")


def test_recipients_of_the_directory_are_offered(enter):
    page = enter("thotsop").open("/documents/new", query={"kind": "EXT"})
    offered = page.tree.xpath("//datalist[@id='recipients']/option/@value")
    assert POST in offered
    assert page.tree.xpath("//input[@name='to']/@list") == ["recipients"]


def test_a_document_serves_as_the_pattern_of_a_new_one(enter):
    drafter = enter("thotsop")
    page = draft(drafter, "ขอเชิญประชุมประจำเดือน", refs=["คำสั่ง ที่ ๑/๒๕๖๙", ""])
    form = drafter.open(f"/documents/{document_id(page)}").follow("?like=").form("/documents")
    values = form.values()
    assert values["subject"] == ["ขอเชิญประชุมประจำเดือน"]
    assert values["refs"] == ["คำสั่ง ที่ ๑/๒๕๖๙", ""]
    assert values["position_lines"] == [""]
    made = form.send(position_lines=POST)
    assert made.path.endswith("/edit")
    assert document_id(made) != document_id(page)


def test_a_secret_letter_gives_no_words_to_a_new_one(enter, office):
    letter, drafter = signed(office)["id"], enter("thotsop")
    for ask in ("reply", "like"):
        assert drafter.open("/documents/new", query={ask: letter}).status == 200
    with begin_write(office.system.engine) as db:
        this = document.c.id == parse_id(letter, "document")
        db.execute(sa.update(document).where(this).values(secrecy=2))
        db.commit()
    page = drafter.open(f"/documents/{letter}")
    assert page.status == 200
    for ask in ("reply", "like"):
        assert not page.links(f"?{ask}=")
        refused = drafter.open("/documents/new", query={ask: letter})
        assert refused.status == 409
        assert "มีชั้นความลับ" in refused.text
        assert "แจ้งผลการประชุม" not in refused.text
