"""A purchase approval of five steps, put together from nothing, published, and run to its end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from support import composing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DECIDE = ".decide button[type=submit]:visible"
#: who does what of the purchase, in order
HANDS = (("sommut", "หัวหน้าเห็นชอบ"), ("khlang", "หารือ"), ("kotmai", "หารือ"),
         ("wichan", "รองปลัดอนุมัติ"), ("thotsop", "แจ้งเพื่อทราบ"))  # fmt: skip


def _decide(desk, step):
    page = desk.open("/?view=claimable&q=เก้าอี้")
    page.click(".task__t a:has-text('เก้าอี้ 20 ตัว') >> nth=0")
    page.wait_for_selector("#dh")
    expect(page.locator("#dh")).to_contain_text(step)
    desk.judge(step)
    page.click(DECIDE)
    page.wait_for_selector(".flash")


def test_five_steps_in_at_most_forty_acts(sit_down):
    admin = sit_down("admin")
    hands = composing.Hands(admin.page)
    address = admin.served.address
    composing.begin(hands, address)
    admin.judge("name and form")
    composing.five_steps(hands, address)
    admin.judge("cards")
    admin.page.set_viewport_size({"width": 390, "height": 844})
    admin.page.evaluate("scrollTo(0, 0)")
    admin.judge("cards on a phone")
    admin.page.set_viewport_size({"width": 1440, "height": 900})
    composing.try_it(hands, "thotsop")
    admin.judge("a trial")
    expect(admin.page.locator(".compose__try")).to_contain_text("นางคลัง นับแม่น, นางสาวกฎหมาย แม่นยำ")
    composing.publish(hands)
    assert hands.acts <= 40, hands.acts
    process = admin.page.url

    starter = sit_down("thotsop")
    page = starter.page
    page.goto(process)
    page.fill("[name=field1]", "เก้าอี้ 20 ตัว")
    page.fill("[name=field2]", "150000")
    page.click("form[action$='/start'] button")
    page.wait_for_url("**/instances/*")
    case = page.url
    for who, step in HANDS:
        desk = starter if who == "thotsop" else sit_down(who)
        _decide(desk, step)
    page.goto(case)
    page.wait_for_selector("text=เรื่องเสร็จสิ้น")
    expect(page.locator("main")).to_contain_text("วงเงิน (บาท)")


def test_the_composer_needs_no_script(sit_down):
    desk = sit_down("admin", java_script_enabled=False)
    hands = composing.Hands(desk.page)
    composing.begin(hands, desk.served.address)
    composing.five_steps(hands, desk.served.address)
    expect(desk.page.locator(".compose__flow .step__i")).to_have_count(5)
