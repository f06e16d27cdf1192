"""A draft is played on a page of plain forms, and what was played becomes a test of the model."""

from __future__ import annotations

import pytest

from office.modeling import cases
from office.modeling.cases import Case

OUTCOMES = (
    '<saraban:outcomes variable="verdict"><saraban:outcome id="pass" name="ผ่าน" nameEn="Pass"/>'
    '<saraban:outcome id="fail" name="ไม่ผ่าน" nameEn="Fail"/></saraban:outcomes>'
)
STARTER = '<saraban:assignment kind="starter" />'


@pytest.fixture
def draft(enter):
    """The page of a draft with two ways out of its only step."""
    page = enter("admin").open("/designer").form("/designer").send(name="ขอลา")
    xml = page.browser.open(f"{page.path}/xml").response.text
    sent = xml.replace(STARTER, STARTER + OUTCOMES).encode()
    imported = page.browser.open("/designer").form("/designer/import")
    return imported.send(files=("play.bpmn", sent)).path.removesuffix("/checklist"), page.browser


def _tokens(page):
    return {
        one.get("data-token"): "".join(one.itertext()).strip()
        for one in page.tree.iter()
        if one.get("data-token")
    }


def _begun(draft, **values):
    path, browser = draft
    page = browser.open(f"{path}/play")
    assert not _tokens(page)
    return page.form(f"{path}/play#play").send(**values)


def test_tokens_stand_in_the_picture_and_move_with_each_press(draft):
    page = _begun(draft, start="amount = 7000")
    action = f"{draft[0]}/play#play"
    assert _tokens(page) == {"work": "1"}
    waits = page.tree.xpath("//*[@data-waits='work']//button")
    assert [one.get("value") for one in waits] == ["work pass", "work fail"]
    assert "amount" in page.text
    done = page.form(action).send(press="work fail", values='note = \nwhy = "ไม่ครบ"')
    assert "จบแล้วที่ เสร็จ" in done.text
    assert (_tokens(done), "ไม่ครบ" in done.text) == ({}, True)
    back = done.form(action).send(undo="1")
    assert (_tokens(back), "ไม่ครบ" in back.text) == ({"work": "1"}, False)


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        ({"press": "end"}, "ไม่มีขั้น “เสร็จ” รออยู่ ที่รออยู่คือ work"),
        ({"press": "work maybe"}, "“ดำเนินการ” ต้องการผลลัพธ์ pass, fail แต่ได้ maybe"),
        ({"press": "work pass", "values": "x"}, "เขียนค่าเป็น ชื่อ = ค่า"),
        ({"press": "work pass", "values": "x = 1 +"}, "ค่า x อ่านไม่ได้"),
    ],
)
def test_what_cannot_be_pressed_is_said_and_nothing_moves(draft, pressed, said):
    page = _begun(draft).form(f"{draft[0]}/play#play").send(**pressed)
    told = "".join("".join(one.itertext()) for one in page.tree.xpath("//*[@data-failure]"))
    assert said in told
    assert _tokens(page) == {"work": "1"}


@pytest.mark.parametrize("wrong", ["วงเงิน 7000", "amount = 1 +"])
def test_what_was_typed_stays_and_only_the_wrong_line_is_quoted(draft, wrong):
    typed = f'why = "ครบ"\n{wrong}\nnote = "ด่วน"'
    page = _begun(draft).form(f"{draft[0]}/play#play").send(press="work pass", values=typed)
    told = "".join("".join(one.itertext()) for one in page.tree.xpath("//*[@data-failure]"))
    assert wrong.partition("=")[2].strip() in told
    assert "ครบ" not in told
    assert "ด่วน" not in told
    (area,) = page.tree.xpath("//*[@data-waits='work']//textarea")
    assert area.text.strip().splitlines() == typed.splitlines()
    assert area.get("rows") == "3"


def test_a_play_that_cannot_be_kept_goes_on_and_is_told_in_thai(draft):
    path, browser = draft
    full = cases.write([Case(f"ข้อ {n}") for n in range(cases.MOST_CASES)])
    browser.open(path).form(f"{path}/files").send(files=("play.tests.json", full))
    played = _begun(draft).form(f"{path}/play#play").send(press="work pass")
    kept = played.form(f"{path}/play/keep").send(name="อีกข้อ")
    told = "".join("".join(one.itertext()) for one in kept.tree.xpath("//*[@data-failure]"))
    assert told == "ชุดทดสอบใหญ่เกินที่รับได้"
    assert "จบแล้วที่ เสร็จ" in kept.text


def test_a_play_is_kept_as_a_test_that_is_green(draft):
    path, _browser = draft
    played = _begun(draft).form(f"{path}/play#play").send(press="work pass")
    kept = played.form(f"{path}/play/keep").send(name="ผ่านทันที")
    assert kept.path == f"{path}/tests"
    assert "ผ่านทั้ง 1 ข้อ" in kept.text
    assert kept.tree.xpath("//input[@value='ผ่านทันที']")
    assert kept.tree.xpath("//input[@value='end']")


def test_who_may_not_draw_plays_nothing(draft, enter):
    assert enter("thotsop").open(f"{draft[0]}/play").status == 403
