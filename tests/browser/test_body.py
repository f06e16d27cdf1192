"""Writing a letter's body in the browser: marks, numbers, tables, and what is pasted."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from support.samples import sample
from support.writing import expect_body, write_body

pytestmark = pytest.mark.browser

LETTER = sample("S01")
WORD = """<p style="color:red">ด้วย<b>สำนักงาน</b> <i>ขอเชิญ</i><script>alert(1)</script></p>
<table><tr><th>ที่</th><th>บาท</th></tr><tr><td>๑</td><td>๒</td></tr></table>"""


@pytest.fixture
def desk(sit_down):
    found = sit_down("thotsop")
    page = found.open("/documents/new?kind=EXT")
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.fill("#subject", "เขียนเนื้อความ")
    page.fill("#to", LETTER["to"])
    return found


def _press(page, name):
    page.locator(".editor").get_by_role("button", name=name).click()


def test_marks_and_numbers_are_written_by_keyboard_and_printed(desk):
    page = desk.page
    page.focus("#paragraphs")
    page.keyboard.insert_text("ผู้รู้ กู้ ที่นี้ ")
    page.keyboard.press("Control+b")
    page.keyboard.insert_text("ภายใน ๕ วัน")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    _press(page, "ใส่หรือเอาเลขข้อออก")
    page.keyboard.insert_text("ข้อแรก")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+]")
    page.keyboard.insert_text("ข้อย่อย")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+[")
    page.keyboard.insert_text("ข้อสอง")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # an empty item ends the list
    page.keyboard.insert_text("จึงเรียนมา")
    written = "ผู้รู้ กู้ ที่นี้ **ภายใน ๕ วัน**\n๑. ข้อแรก\n๑.๑ ข้อย่อย\n๒. ข้อสอง\nจึงเรียนมา"
    expect_body(page, written)
    desk.judge("body")
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    page.wait_for_selector(".sheet img")
    expect_body(page, written)
    expect(page.locator(".ProseMirror strong")).to_have_text("ภายใน ๕ วัน")


def test_numbers_follow_when_an_item_comes_between(desk):
    page = desk.page
    write_body(page, "๑. หนึ่ง\nสอง\nสาม")
    page.get_by_text("หนึ่ง", exact=False).first.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("แทรก")
    expect_body(page, "๑. หนึ่ง\n๒. แทรก\n๓. สอง\n๔. สาม")


def test_a_table_is_filled_and_grows(desk):
    page = desk.page
    write_body(page, "ตามตาราง")
    _press(page, "แทรกตาราง")
    for text in ("ที่", "บาท", "๑", "๕๐๐"):
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
    page.get_by_text("๕๐๐").click()
    _press(page, "เพิ่มแถว")
    _press(page, "จัดซ้าย กลาง ขวา")
    page.get_by_role("textbox", name="ชื่อตาราง").fill("งบประมาณ")
    desk.judge("table")
    expect_body(
        page, "ตามตาราง\n\n|# งบประมาณ\n| ที่ | บาท |\n|: left | center |\n| ๑ | ๕๐๐ |\n|  |  |"
    )


def test_what_is_pasted_becomes_what_is_printed(desk):
    page = desk.page
    page.focus("#paragraphs")
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData('text/html', html);
          document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        WORD,
    )
    expect_body(page, "ด้วย**สำนักงาน** ขอเชิญ\n\n| ที่ | บาท |\n| ๑ | ๒ |")


def test_on_a_phone_it_is_written_under_the_finger(sit_down):
    desk = sit_down("thotsop", viewport={"width": 390, "height": 844}, has_touch=True)
    page = desk.open("/documents/new?kind=EXT")
    write_body(page, "ผู้รู้ กู้ ที่นี้ ปู่ ฎุ ฐู ญู")
    expect_body(page, "ผู้รู้ กู้ ที่นี้ ปู่ ฎุ ฐู ญู")
    desk.judge("phone")
