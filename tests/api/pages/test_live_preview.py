"""The pages of a draft that is being typed: drawn, located when they cannot be, and never kept."""

from __future__ import annotations

import io
from base64 import b64decode
from uuid import UUID

import pytest
import sqlalchemy as sa
from PIL import Image
from support.letter_story import decide, document_id, draft
from support.world import World

from api.pages.live_preview import sheet_at
from engine.db import reading
from office.documents.models import document

SUBJECT = "ดูตัวอย่างขณะพิมพ์"
HASTY = {"position_lines": "ผู้ว่าราชการจังหวัดตัวอย่างบุรี"}


@pytest.fixture
def editor(enter):
    return draft(enter("thotsop"), SUBJECT)


def ask(page, browser=None, **fields):
    typed = {**page.form(page.path).values(), **fields}
    client = (browser or page.browser).client
    return client.post(f"/documents/{document_id(page)}/live", data=typed)


def test_what_is_typed_is_drawn_and_nothing_is_kept(editor, office: World):
    answer = ask(editor, paragraphs="ข้อความใหม่ **ตัวหนา**\nจึงเรียนมา").json
    (sheet,) = answer["sheets"]
    picture = Image.open(io.BytesIO(b64decode(sheet["png"])))
    assert (answer["pages"], picture.format, picture.width) == (1, "PNG", 840)
    with reading(office.system.engine) as db:
        (row,) = db.execute(sa.select(document).where(document.c.id == UUID(document_id(editor))))
    assert row.revision == 1
    assert "ข้อความใหม่" not in str(row.content)


def test_a_page_that_is_known_is_not_sent_again(editor):
    (before,) = ask(editor).json["sheets"]
    (same,) = ask(editor, known=[before["digest"]]).json["sheets"]
    assert same == {"digest": before["digest"], "png": None}
    (other,) = ask(editor, known=[before["digest"]], paragraphs="อื่น").json["sheets"]
    assert other["png"]
    assert other["digest"] != before["digest"]


def test_of_a_long_draft_the_sheets_around_are_drawn_and_all_are_counted(editor):
    lines = [f"ย่อหน้าที่ {n} " + "ข้อความ " * 60 for n in range(110)]
    long = {"paragraphs": "\n".join(lines)}
    first = ask(editor, **long).json
    assert (len(first["sheets"]), first["first"]) == (12, 0)
    pages = first["pages"]
    assert pages > 17
    letters = len("".join("".join(lines).split()))
    last = ask(editor, **long, near=letters, first=0).json
    assert (len(last["sheets"]), last["first"]) == (12, pages - 12)
    chosen = ask(editor, **long, first=3).json
    assert chosen["first"] == 3
    assert chosen["sheets"][0]["digest"] == first["sheets"][3]["digest"]
    assert ask(editor, **long, first="9999", near="-1").json["first"] == pages - 12


def test_the_sheet_of_a_place_is_found_behind_the_head() -> None:
    sheets = [("เรื่อง หัว", "หนึ่ง สอง"), ("สาม สี่",), ("ห้า",)]
    text, ends = ["หนึ่ง สอง", "สาม สี่ ห้า"], len("หนึ่งสอง")
    places = (0, ends, ends + 1, ends + len("สามสี่") + 1, 999)
    assert [sheet_at(sheets, text, at) for at in places] == [0, 0, 1, 2, 2]
    assert sheet_at(sheets, [], 0) == 0


def test_what_cannot_be_printed_is_told_with_its_place(editor):
    refused = ask(editor, paragraphs="ดี\nขอบคุณ 😀")
    assert refused.status_code == 200
    assert "sheets" not in refused.json
    (problem,) = refused.json["problems"]
    assert (problem["field"], problem["place"]) == ("paragraphs", "ย่อหน้าที่ 2")
    assert ask(editor, subject="").json["problems"][0]["field"] == "subject"


def test_only_who_may_write_now_may_ask(editor, enter):
    assert ask(editor, browser=enter("wichan")).status_code == 403
    mine = draft(editor.browser, "ส่งไปแล้ว")
    decide(mine.browser, "ส่งไปแล้ว", "submit")
    assert ask(mine).status_code == 403


def test_haste_is_refused_and_too_much_too(enter):
    editor = draft(enter("phumiphak"), "พิมพ์เร็วมาก", **HASTY)
    answers = [ask(editor).status_code for _ in range(14)]
    assert answers[:12] == [200] * 12
    assert set(answers[12:]) == {429}
    assert ask(editor, paragraphs="ก" * (4 << 20)).status_code == 413
