"""Two who write in one draft at once: each sees the other's words, and none is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from support.samples import sample
from support.writing import expect_body, write_body

pytestmark = pytest.mark.browser

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
    expect_body(page, "หนึ่ง ของเขา\nสอง\nสาม ของฉัน")
    page.keyboard.insert_text(" ต่อ")  # the cursor stands where it stood
    expect_body(page, "หนึ่ง ของเขา\nสอง\nสาม ของฉัน ต่อ")


def test_a_save_whose_answer_was_lost_is_sent_again_before_newer_words(sit_down):
    desk = sit_down("thotsop")
    page = _draft(desk, "คำตอบหาย", "หนึ่ง")
    sent: list[tuple[str, str]] = []

    def lose_the_first(route):
        sent.append(_sent(route.request))
        if len(sent) > 1:
            route.continue_()
            return
        route.fetch()  # it arrives
        route.abort()

    page.route("**/autosave", lose_the_first)
    page.focus("#paragraphs")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" ของฉัน")
    page.wait_for_selector("[data-state=offline]", timeout=30_000)
    page.keyboard.insert_text(" และต่อ")
    page.wait_for_selector("[data-state=saved]", timeout=30_000)
    first, again, newer = sent
    assert first == again
    assert (newer[0] == first[0], newer[1]) == (False, "หนึ่ง ของฉัน และต่อ")
    expect_body(page, "หนึ่ง ของฉัน และต่อ")
    desk.complaints.clear()  # the browser's own about the lost answer
    page.reload()
    expect_body(page, "หนึ่ง ของฉัน และต่อ")


def test_pressing_save_during_a_slow_save_is_no_conflict_with_oneself(sit_down):
    page = _draft(sit_down("thotsop"), "บันทึกช้า", "หนึ่ง")
    slow = []
    page.route("**/autosave", lambda route: slow.append(route))
    page.focus("#paragraphs")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" ของฉัน")
    page.wait_for_selector("[data-state=saving]", timeout=30_000)
    page.keyboard.insert_text(" และต่อ")
    page.wait_for_timeout(5_000)  # longer than the pause after which it saves by itself
    assert len(slow) == 1
    answer = slow[0].fetch()  # it arrives; the answer takes longer
    _press_save(page)
    page.wait_for_timeout(300)
    with page.expect_navigation():
        slow[0].fulfill(response=answer)
    expect_body(page, "หนึ่ง ของฉัน และต่อ")
    expect(page.locator(".both, .notice--danger")).to_have_count(0)


def test_words_that_a_conflict_refused_stay_kept_until_they_are_saved(sit_down):
    desk, theirs = sit_down("thotsop"), sit_down("thotsop")
    page = _draft(desk, "ชนกัน", "หนึ่ง\nสอง")
    address = page.url
    page.route("**/autosave", lambda route: route.abort())
    _write_behind(page, "หนึ่ง", " ของฉัน")
    other = theirs.open(address.removeprefix(desk.served.address))
    _write_behind(other, "หนึ่ง", " ของเขา")
    other.wait_for_selector("[data-state=saved]", timeout=30_000)
    with page.expect_navigation():
        _press_save(page)
    expect(page.locator("[data-unsaved] table.both")).to_have_count(1)
    _keeps(page, 1)
    expect(page.locator("[data-kept]")).to_be_hidden()  # they are in the page
    desk.complaints.clear()  # the browser's own about the lost connection and the 412
    page.goto(address)
    expect_body(page, "หนึ่ง ของเขา\nสอง")
    page.wait_for_selector("[data-kept]")
    _keeps(page, 1)


def test_words_that_arrived_are_not_offered_again(sit_down):
    desk, theirs = sit_down("thotsop"), sit_down("thotsop")
    page = _draft(desk, "รวมแล้ว", "หนึ่ง\nสอง\nสาม")
    page.route("**/autosave", lambda route: route.abort())
    other = theirs.open(page.url.removeprefix(desk.served.address))
    _write_behind(other, "หนึ่ง", " ของเขา")
    other.wait_for_selector("[data-state=saved]", timeout=30_000)
    _write_behind(page, "สาม", " ของฉัน ")
    with page.expect_navigation():
        _press_save(page)
    expect_body(page, "หนึ่ง ของเขา\nสอง\nสาม ของฉัน")
    _keeps(page, 0)
    expect(page.locator("[data-kept]")).to_be_hidden()
    page.fill("#subject", "รวมแล้วและต่อ ")
    with page.expect_navigation():
        _press_save(page)
    _keeps(page, 0)
    expect(page.locator("[data-kept]")).to_be_hidden()
    desk.complaints.clear()  # a save that was cut off


def _write_behind(page, line, words):
    page.locator("#paragraphs").get_by_text(line, exact=True).click()
    page.keyboard.press("End")
    page.keyboard.insert_text(words)


def _press_save(page):
    page.evaluate("document.querySelector('#letter').requestSubmit()")


def _draft(desk, subject, text):
    """The page of a draft that was just made."""
    page = desk.open("/documents/new?kind=EXT")
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.fill("#subject", subject)
    page.fill("#to", LETTER["to"])
    write_body(page, text)
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    return page


def _sent(request):
    """The id and the body of what was posted."""
    posted = request.post_data_buffer.decode()
    return tuple(
        re.search(rf'name="{name}"\r\n\r\n(.*?)\r\n--', posted, re.DOTALL)[1]
        for name in ("command_id", "paragraphs")
    )


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
    expect_body(page, "หนึ่ง")
    desk.judge("kept")
    page.click("[data-kept-back]")
    expect_body(page, "หนึ่ง พิมพ์ตอนสายหลุด")
    page.wait_for_selector("[data-state=saved]", timeout=30_000)
    _keeps(page, 0)
    page.keyboard.press("Control+Home")
    page.fill("#subject", "สายหลุดอีก")
    page.wait_for_selector("[data-state=changed]")
    page.wait_for_timeout(500)
    _keeps(page, 1)
    page.click("summary.me")
    page.click("text=ออกจากระบบ >> visible=true")
    page.wait_for_url("**/sign-in*")
    _keeps(page, 0)


def test_a_new_letter_comes_back_whole_to_its_writer_until_it_is_made(sit_down):
    desk = sit_down("thotsop")
    page = desk.open("/documents/new?kind=EXT")
    page.select_option("#position_lines", LETTER["position_lines"][0])
    page.select_option("#priority", "2")
    page.fill("#subject", "ยังไม่ได้สร้าง")
    page.fill("#to", LETTER["to"])
    page.fill("#refs-1", "หนังสือ ก")
    page.click("#refs [data-row-add]")
    page.fill("#refs-2", "หนังสือ ข")
    page.fill("#enclosure-1", "กำหนดการ")
    page.fill("[name=enclosure_qty]", "๒ แผ่น")
    page.click("summary:has-text('หน่วยที่หารือ')")
    page.check("[name=circular]")
    page.locator("[name=consult_units]").nth(1).check()
    page.focus("#paragraphs")
    page.keyboard.press("Control+B")
    page.keyboard.insert_text("หนา")
    _keeps(page, 1)
    wanted = _typed_in(page)
    page.goto("about:blank")  # within the pause after a key, too
    page.close()
    page = desk.page = desk.context.new_page()
    page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    page = desk.open("/documents/new?kind=INT")
    expect(page.locator("[data-kept]")).to_be_hidden()  # of another kind
    page = desk.open("/documents/new?kind=EXT")
    expect(page.locator("[data-kept-subject]")).to_have_text("ยังไม่ได้สร้าง")
    desk.judge("kept")
    page.click("[data-kept-back]")
    expect_body(page, "**หนา**")
    assert _typed_in(page) == wanted
    page.select_option("#secrecy", "2")
    _keeps(page, 0)  # nothing of a secret letter stays
    page.select_option("#secrecy", "1")
    _keeps(page, 1)
    page.fill("#to", " ")  # refused, and shown again
    with page.expect_navigation():
        page.click("text=สร้างร่างหนังสือ")
    expect(page.locator("[data-unsaved] #to-e")).to_be_visible()
    page.fill("#to", LETTER["to"])
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    _keeps(page, 0)
    desk.complaints.clear()  # the browser's own about the 422


def _typed_in(page):
    """All that the letter's form would send, without what is the page's own."""
    own = ["csrf_token", "command_id"]
    return page.evaluate(
        "own => [...new FormData(document.querySelector('#letter'))]"
        ".filter(([name, value]) => !own.includes(name) && value)",
        own,
    )


def test_words_are_proposed_in_the_editor_used_or_not_and_remarked_of(sit_down):
    desk = sit_down("thotsop")
    page = _draft(desk, "เสนอแก้ในร่าง", "ขอเชิญประชุมวันจันทร์\nณ ห้องประชุม ๑\nจึงเรียนมาเพื่อทราบ")
    page.click("[data-suggest]")
    editor = page.locator("#paragraphs")
    editor.get_by_text("ขอเชิญประชุมวันจันทร์").click()
    page.keyboard.press("End")
    for _letter in "จันทร์":
        page.keyboard.press("Backspace")
    page.keyboard.insert_text("อังคาร")
    editor.get_by_text("จึงเรียนมาเพื่อทราบ").click()
    page.keyboard.press("End")
    page.keyboard.insert_text("และโปรดพิจารณา")
    page.keyboard.press("Control+B")  # words alone are proposed
    editor.get_by_text("ณ ห้องประชุม ๑").select_text()
    page.keyboard.press("Backspace")
    struck = "[...document.querySelectorAll('#paragraphs del')].map(d => d.previousSibling?.data)"
    assert page.evaluate(struck) == ["ขอเชิญประชุมวัน", None]  # each where it stood
    expect(editor.locator("del")).to_have_text(["จันทร์", "ณ ห้องประชุม ๑"])
    page.keyboard.press("Control+Z")
    expect(editor.locator("del")).to_have_text("จันทร์")
    expect(editor.locator("ins")).to_have_text(["อังคาร", "และโปรดพิจารณา"])
    desk.judge("proposing")
    whole = "ขอเชิญประชุมวันจันทร์\nณ ห้องประชุม ๑\nจึงเรียนมาเพื่อทราบ"
    expect_body(page, whole)  # the draft is as it was
    with page.expect_navigation():
        page.click("[data-suggest-send]")
    expect(editor.locator(".proposed__who")).to_have_text(["นางสาวทดสอบ ร่างดี"] * 2)
    expect(editor.locator("del")).to_have_text("จันทร์")
    expect(editor.locator(".proposed ins")).to_have_text(["อังคาร", "และโปรดพิจารณา"])
    desk.judge("proposed")
    _write_behind(page, "ณ ห้องประชุม ๑", " ชั้น ๒")  # not saved yet
    with page.expect_navigation():
        editor.locator("[data-settle=accept]").first.click()
    with page.expect_navigation():
        editor.locator("[data-settle=decline]").click()
    expect_body(page, whole.replace("จันทร์", "อังคาร").replace("ประชุม ๑", "ประชุม ๑ ชั้น ๒"))
    expect(editor.locator(".proposed")).to_have_count(0)
    page.click("#remarks a")
    page.locator("[data-paragraph='1']").select_text()
    expect(page.locator("[name=quote]")).to_have_value("ณ ห้องประชุม ๑ ชั้น ๒")
    page.fill("[name=text]", "ชั้นไหน")
    with page.expect_navigation():
        page.click("[data-remark-form] button[type=submit]")
    page.click("text=แก้ร่าง")
    expect(editor.locator(".remarked-words")).to_have_text("ณ ห้องประชุม ๑ ชั้น ๒")
    with page.expect_navigation():
        page.click("#remarks button:has-text('เสร็จแล้ว')")
    expect(editor.locator(".remarked-words")).to_have_count(0)


def _keeps(page, n):
    """The browser comes to keep the unsaved words of `n` drafts."""
    page.wait_for_function(
        "n => Object.keys(localStorage).filter(k => k.startsWith('saraban:draft:')).length === n",
        arg=n,
    )
