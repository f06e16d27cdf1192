"""Two who write in one draft at once: each sees the other's words, and none is lost."""

from __future__ import annotations

import pytest
from support.samples import sample
from support.writing import body_text, write_body

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LETTER = sample("S01")


def test_their_words_come_into_the_page_that_is_typed_in(sit_down):
    mine, theirs = sit_down("thotsop"), sit_down("thotsop")
    page = mine.open("/documents/new?kind=EXT")
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.fill("#subject", "สองคนในร่างเดียว")
    page.fill("#to", LETTER["to"])
    write_body(page, "หนึ่ง\nสอง\nสาม")
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    other = theirs.open(page.url.removeprefix(mine.served.address))
    other.get_by_text("หนึ่ง", exact=True).click()
    other.keyboard.press("End")
    other.keyboard.insert_text(" ของเขา")
    other.wait_for_selector("[data-state=saved]", timeout=30_000)
    page.get_by_text("สาม", exact=True).click()
    page.keyboard.press("End")
    page.keyboard.insert_text(" ของฉัน")
    page.wait_for_selector("[data-state=merged]", timeout=30_000)
    assert body_text(page) == "หนึ่ง ของเขา\nสอง\nสาม ของฉัน"
    page.keyboard.insert_text(" ต่อ")  # the cursor stands where it stood
    assert body_text(page) == "หนึ่ง ของเขา\nสอง\nสาม ของฉัน ต่อ"


def test_words_typed_without_a_connection_come_back_and_go_with_signing_out(sit_down):
    desk = sit_down("thotsop")
    page = desk.open("/documents/new?kind=EXT")
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.fill("#subject", "สายหลุด")
    page.fill("#to", LETTER["to"])
    write_body(page, "หนึ่ง")
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    address = page.url
    page.context.set_offline(True)
    page.focus("#paragraphs")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" พิมพ์ตอนสายหลุด")
    page.wait_for_selector("[data-state=offline]", timeout=30_000)
    page.close()
    desk.complaints.clear()  # the browser's own about the lost connection
    desk.context.set_offline(False)
    page = desk.page = desk.context.new_page()
    page.goto(address)
    assert body_text(page) == "หนึ่ง"
    desk.judge("kept")
    page.click("[data-kept-back]")
    assert body_text(page) == "หนึ่ง พิมพ์ตอนสายหลุด"
    page.wait_for_selector("[data-state=saved]", timeout=30_000)
    assert _kept(page) == 0
    page.keyboard.press("Control+Home")
    page.fill("#subject", "สายหลุดอีก")
    page.wait_for_selector("[data-state=changed]")
    page.wait_for_timeout(500)
    assert _kept(page) == 1
    page.click("summary.me")
    page.click("text=ออกจากระบบ >> visible=true")
    page.wait_for_url("**/sign-in*")
    assert _kept(page) == 0


def _kept(page):
    names = page.evaluate("Object.keys(localStorage)")
    return sum(name.startswith("saraban:draft:") for name in names)
