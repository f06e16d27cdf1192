"""The first external letter of the samples, from draft to a signed, numbered PDF, in Chromium."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from support.samples import sample
from support.writing import write_body

from office.demo.officials import OFFICIALS

pytestmark = pytest.mark.browser

LETTER = sample("S01")
PINS = {one.username: one.pin for one in OFFICIALS}
REASON = "ขอให้ตรวจสอบวันตอบรับอีกครั้ง เว้นให้ผู้รับอย่างน้อย 7 วันทำการ"
PROPOSED = "ทั้งนี้ โปรดตอบภายในกำหนด"
DECIDE = ".decide button[type=submit]:visible"


def _draft(desk):
    page = desk.open("/documents/new?kind=EXT")
    desk.judge("new letter")
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.fill("#subject", LETTER["subject"])
    page.fill("#to", LETTER["to"])
    page.fill("#refs-1", LETTER["refs"][0])
    for number, enclosure in enumerate(LETTER["attachments"], 1):
        if number > 1:
            page.click("#enclosure [data-row-add]")
        page.fill(f"#enclosure-{number}", enclosure["name"])
        page.fill(f"#enclosure_qty-{number}", enclosure["qty"])
    write_body(page, "\n".join(LETTER["paragraphs"]))
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    desk.judge("draft")
    return page.url.split("/documents/")[1].split("/")[0]


def _to_task(desk):
    """From the inbox by keyboard: J moves from task to task, Enter opens the letter's. Other tests
    have left tasks on the same desks, more than one page of them.
    """
    desk.open("/")
    desk.judge("inbox")
    for view in ("mine", "claimable"):
        page = desk.open(f"/?view={view}&q={quote(LETTER['subject'])}")
        if page.locator(".task").count():
            break
    for _ in range(page.locator(".task").count()):
        page.keyboard.press("j")
        if LETTER["subject"] in page.inner_text(".task.is-cursor"):
            break
    expect(page.locator(".task.is-cursor")).to_contain_text(LETTER["subject"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    desk.judge("task")
    return page


def _pass(desk, note="", units=()):
    page = _to_task(desk)
    for unit in units:
        page.check(f"input[name=consult_units][value='{unit}']")
    if note:
        page.fill("#comment", note)
    page.click(DECIDE)
    page.wait_for_url(lambda url: "/tasks/" not in url)


def _send_back(desk, reason):
    page = _to_task(desk)
    page.keyboard.press("r")
    expect(page.locator("input[name=outcome][value=return]")).to_be_checked()
    page.click("label:has(input[name=to][value=draft])")
    page.fill("#comment", reason)
    page.click("label:has(input[value=rerun])")
    desk.judge("return")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/tasks/" not in url)


def _propose(desk):
    """Whose step changes no words writes in the editor all the same: each change is a proposal."""
    page = _to_task(desk)
    page.click("a:has-text('เสนอแก้')")
    editor = page.locator("#paragraphs")
    editor.locator("p").last.click()
    page.keyboard.press("End")
    page.keyboard.insert_text(PROPOSED)
    page.keyboard.press("Control+B")  # words alone are proposed
    expect(editor.locator("ins")).to_have_text(PROPOSED)
    desk.judge("propose")
    with page.expect_navigation():
        page.click("[data-suggest-send]")
    expect(editor.locator(".proposed ins")).to_have_text(PROPOSED)
    expect(editor.locator("[data-settle]")).to_have_count(0)
    expect(page.locator("#remarks li[id]")).to_have_count(1)
    desk.judge("proposed to a writer")


def _accept(desk):
    page = _to_task(desk)
    page.click("text=แก้ร่าง")
    with page.expect_navigation():
        page.locator("[data-settle=accept]").click()
    expect(page.locator("#paragraphs p").last).to_contain_text(PROPOSED)
    desk.open("/")  # an editor that is left open goes on asking who else is there


def _sign(desk):
    page = _to_task(desk)
    page.click("text=ไปหน้าลงนาม >> nth=0")
    page.wait_for_url("**/sign")
    desk.judge("sign")
    page.check("#read")
    page.fill("#pin", PINS["somying"])
    page.click("#sign button[type=submit]")
    page.wait_for_url("**/signed")
    desk.judge("signed")
    return page


@dataclass(frozen=True, slots=True)
class Signed:
    letter: str
    pdf: Path


@pytest.fixture(scope="module")
def story(story_desks, tmp_path_factory):
    """The letter goes the whole way, each step from its own inbox, with one return."""
    drafter = story_desks("thotsop")
    letter = _draft(drafter)
    _pass(drafter)
    _pass(story_desks("sommut"), "ทานแล้ว ถูกต้อง")
    checker = story_desks("tuayang")
    _send_back(checker, REASON)
    _mend(drafter)
    _pass(story_desks("sommut"))
    _pass(checker, units=["unit:finance"])
    _propose(story_desks("khlang"))
    _pass(story_desks("khlang"), "ไม่ขัดข้องในส่วนของกลุ่มคลังและพัสดุ")
    _accept(story_desks("phatsadu"))
    _pass(story_desks("phatsadu"), "เห็นชอบ")
    _pass(story_desks("wichan"), "เห็นควรลงนาม")
    page = _sign(story_desks("somying"))
    expect(page.locator(".verdict")).to_contain_text("ตย ๐๒๐๑/")
    with page.expect_download() as download:
        page.click("a:has-text('PDF')")
    pdf = tmp_path_factory.mktemp("signed") / "letter.pdf"
    download.value.save_as(pdf)
    return Signed(letter, pdf)


def _mend(desk):
    """What came back is changed as asked, saves itself, and goes on its way again."""
    page = _to_task(desk)
    expect(page.locator("main")).to_contain_text(REASON)
    page.click("text=แก้ร่าง")
    write_body(page, page.input_value("[name=paragraphs]").replace("๒๕ กันยายน", "๓๐ กันยายน"))
    page.wait_for_selector("[data-state=saved]", timeout=15_000)
    page.click("text=บันทึก แล้วไปเลือกผลของงาน")
    page.click(DECIDE)
    page.wait_for_url(lambda url: "/tasks/" not in url)


def test_the_file_passes_every_check(story, served):
    pdf = story.pdf
    verdict = served.saraban("verify", str(pdf))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    poppler = _run("pdfsig", str(pdf))
    assert "Signature is Valid" in poppler.stdout, poppler.stdout
    text = _run("pdftotext", "-layout", str(pdf), "-").stdout
    for words in (LETTER["subject"], LETTER["to"], "๓๐ กันยายน", "รักษาราชการแทน"):
        assert words in text


def _run(*command):
    assert shutil.which(command[0]), f"Expected {command[0]}: apt-get install poppler-utils"
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_the_case_is_drawn_and_the_mark_of_its_makers_stands_free(sit_down, story):
    desk = sit_down("thotsop")
    page = desk.open(f"/documents/{story.letter}")
    desk.judge("letter")
    page.click("a:has-text('เส้นทาง')")
    page.wait_for_selector(".at-done")
    desk.judge("case")
    page.wait_for_function("document.querySelector('.bjs-powered-by')")
    page.locator(".bjs-powered-by").scroll_into_view_if_needed()
    free = page.evaluate(
        """() => { const mark = document.querySelector('.bjs-powered-by');
        const box = mark.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return box.width > 10 && mark.contains(top); }"""
    )
    assert free, "bpmn.io's licence: the mark stays visible and nothing overlaps it"
    page.click("a:has-text('ตรวจลูกโซ่')")
    page.wait_for_selector("text=ลูกโซ่ครบถ้วน")


def test_anyone_verifies_the_file_without_signing_in(sit_down, story):
    desk = sit_down()
    page = desk.open("/verify")
    page.set_input_files("#file", story.pdf)
    page.click("button:has-text('ตรวจสอบ')")
    page.wait_for_selector(".asks")
    desk.judge("verified")
    expect(page.locator("main")).to_contain_text("เอกสารนี้เชื่อถือได้")


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PAGES = ("/", "/documents/new?kind=INT", "/documents", "/registers", "/instances", "/account",
         "/notices", "/help", "/menu", "/verify")  # fmt: skip


def test_every_page_fits_a_telephone(sit_down, story):
    desk = sit_down("thotsop", **PHONE)
    for address in (*PAGES, f"/documents/{story.letter}"):
        desk.open(address)
        desk.judge()


def test_the_dark_scheme_has_contrast_too(sit_down, story):
    desk = sit_down("somying", color_scheme="dark")
    for address in ("/", "/account", f"/documents/{story.letter}", "/registers"):
        desk.open(address)
        desk.judge()


def test_the_operators_pages(sit_down):
    desk = sit_down("admin")
    for address in ("/definitions", "/incidents", "/instances?status=all"):
        page = desk.open(address)
        desk.judge()
    page = desk.open("/definitions")
    page.click("table a >> nth=0")
    page.wait_for_selector(".djs-shape")
    desk.judge("process")


def test_the_same_without_script(sit_down):
    desk = sit_down("thotsop", java_script_enabled=False)
    page = desk.open("/documents/new?kind=EXT")
    page.fill("#subject", "ร่างโดยไม่มีจาวาสคริปต์")
    page.fill("#to", LETTER["to"])
    page.fill("#paragraphs", LETTER["paragraphs"][0])
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.click("text=สร้างร่างหนังสือ")
    page.click("text=กลับไปที่งาน")
    page.click("label:has(input[value=withdraw])")
    expect(page.locator(DECIDE)).to_have_text("ยกเลิกเรื่อง และยุติเรื่อง")
    page.fill("#comment", "ทดลองโดยไม่มีจาวาสคริปต์")
    page.click(DECIDE)
    expect(page.locator("main")).to_contain_text("เสร็จแล้ว")
