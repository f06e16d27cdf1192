"""A model's tests in a browser: written, run, mended."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_tests_are_written_run_and_mended(sit_down):
    desk = sit_down("admin")
    page = desk.open("/designer")
    page.fill("#name", "ขอลา")
    page.click("form[action='/designer'] button")
    page.wait_for_selector("[data-designer][data-ready]")
    page.click("a[href$='/tests']")
    page.wait_for_selector("#case-0")
    desk.judge("no tests")
    page.fill("[name='0.name']", "เดินจนจบ")
    page.fill("[name='0.answers']", "work")
    page.fill("[name='0.end']", "work")
    page.click("main form[action$='/tests'] .btn--primary")
    page.wait_for_selector("[data-failures]")
    desk.judge("a test that fails")
    page.fill("[name='0.end']", "end")
    page.click("main form[action$='/tests'] .btn--primary")
    page.wait_for_selector("text=ผ่านทั้ง 1 ข้อ")
    desk.judge("a test that passes")
    page.set_viewport_size({"width": 390, "height": 844})
    desk.judge("a phone")
