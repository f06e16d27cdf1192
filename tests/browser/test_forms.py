"""A form of a process in Chromium: fields come and go, what is wrong is named, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TRIP = sorted((Path(__file__).parent / "trip").iterdir())


def test_a_form_follows_its_conditions_and_keeps_what_was_typed(sit_down):
    desk = sit_down("admin")
    page = desk.open("/definitions")
    page.set_input_files("#files", TRIP)
    page.click("text=ตรวจและเผยแพร่")
    page.click("a:has-text('ขอไปราชการ')")
    page.wait_for_selector(".djs-shape")
    desk.judge("start form")
    page.fill("[name=purpose]", "ประชุมที่จังหวัดตัวอย่างบุรี")
    expect(page.locator("[name=seats]")).to_be_hidden()
    page.select_option("[name=vehicle]", "car")
    page.wait_for_selector("[name=seats]")
    expect(page.locator("[name=purpose]")).to_have_value("ประชุมที่จังหวัดตัวอย่างบุรี")
    page.select_option("[name=vehicle]", "plane")
    page.wait_for_selector("[name=reason]")
    expect(page.locator("[name=seats]")).to_be_hidden()
    page.click("button:has-text('เริ่มเรื่อง')")
    page.wait_for_selector(".errsum")
    expect(page.locator("#errors")).to_be_focused()
    desk.judge("start form with errors")
    page.click(".errsum a >> nth=0")
    page.fill("[name=reason]", "ต้องถึงก่อนเที่ยง")
    page.fill("[name=day-day]", "17")
    page.select_option("[name=day-month]", "12")
    page.fill("[name=day-year]", "2569")
    page.click("label:has-text('ไปเช้าเย็นกลับ')")
    page.check("[name=agreed]")
    page.click("button:has-text('เริ่มเรื่อง')")
    page.wait_for_url("**/tasks/*")
    desk.judge("task with a form")
    expect(page.locator("[name=day-year]")).to_have_value("2569")
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/tasks/" not in url)
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]
