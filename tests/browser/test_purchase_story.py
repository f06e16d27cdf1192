"""A purchase approval from nothing to its end, by hand: composed, tried, published, run with a
substitute, changed in the designer, and its running cases taken along. Nothing is typed but names
and values.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from support import composing

pytestmark = pytest.mark.browser

DECIDE = ".decide button[type=submit]:visible"
CHAIRS, INK, PAPER = "เก้าอี้ 20 ตัว", "หมึกพิมพ์ 12 ตลับ", "กระดาษ 40 รีม"
ACTS_FOR = "นางสาวสมหญิง รักงานดี (รักษาราชการแทน)"
CANVAS = ".djs-container svg"


class Office:
    """People at their desks; each signs in once."""

    def __init__(self, sit_down) -> None:
        self._sit, self._desks = sit_down, {}

    def page(self, username: str) -> Page:
        if username not in self._desks:
            self._desks[username] = self._sit(username)
        return self._desks[username].page

    def open(self, username: str, path: str = "/") -> Page:
        page = self.page(username)
        page.goto(self._desks[username].served.address + path)
        return page

    def start(self, subject: str, amount: str) -> str:
        """By the button that everybody has; the address of the case."""
        page = self.open("thotsop")
        page.click("header summary:has-text('สร้าง')")
        page.click("text=ทุกอย่างที่สร้างได้")
        page.click(f"main a:has-text('{composing.NAME}')")
        page.get_by_label("เรื่อง", exact=True).fill(subject)
        page.get_by_label("วงเงิน (บาท)").fill(amount)
        page.click("form[action$='/start'] button")
        page.wait_for_url("**/instances/*")
        return page.url

    def decide(self, username: str, subject: str, step: str) -> None:
        page = self.open(username, f"/?view=claimable&q={subject}")
        page.click(f".task__t a:has-text('{subject}') >> nth=0")
        expect(page.locator("#dh")).to_contain_text(step)
        page.click(DECIDE)
        page.wait_for_selector(".flash")

    def judge(self, username: str, name: str) -> None:
        self._desks[username].judge(name)

    def ended(self, case: str, told: str) -> None:
        page = self.page("thotsop")
        page.goto(case)
        expect(page.locator("main")).to_contain_text("เรื่องเสร็จสิ้น")
        expect(page.locator("main")).to_contain_text(told)


@pytest.fixture
def office(sit_down) -> Office:
    return Office(sit_down)


def test_a_purchase_approval_from_nothing_to_its_end(office: Office) -> None:
    compose_try_and_publish(office)
    run_one_with_a_substitute(office)
    ink, _paper = office.start(INK, "18000"), office.start(PAPER, "9000")
    add_a_legal_check(office.open("admin"))
    take_the_running_along(office.page("admin"))
    office.decide("sommut", INK, "หัวหน้าเห็นชอบ")
    office.decide("kotmai", INK, "ตรวจข้อกฎหมาย")
    office.decide("somying", INK, "ปลัดอนุมัติ")
    office.decide("thotsop", INK, "แจ้งเพื่อทราบ")
    office.ended(ink, "ตรวจข้อกฎหมาย")


def compose_try_and_publish(office: Office) -> None:
    page = office.open("admin")
    page.click("nav a:has-text('สายอนุมัติ')")
    hands = composing.Hands(page)
    composing.begin(hands)
    composing.five_steps(hands)
    judge_the_matrix(office, page)
    composing.try_it(hands, "thotsop")
    way = page.locator(".compose__try .route")
    expect(way).to_contain_text(f"{ACTS_FOR}, นายสมชาย ตัวอย่างดี (ลา)")
    composing.publish(hands)


def judge_the_matrix(office: Office, page: Page) -> None:
    """Its form, at both widths; then as it was."""
    page.click("button[form='pick'][value='matrix1']")
    expect(page.locator("#low-0-field2")).to_have_value("100,000")
    office.judge("admin", "the matrix")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 0)")  # half a button under the bar is no small button
    office.judge("admin", "the matrix on a phone")
    page.set_viewport_size({"width": 1440, "height": 900})


def run_one_with_a_substitute(office: Office) -> None:
    case = office.start(CHAIRS, "90000")
    office.decide("sommut", CHAIRS, "หัวหน้าเห็นชอบ")
    office.decide("somying", CHAIRS, "ปลัดอนุมัติ")
    office.decide("thotsop", CHAIRS, "แจ้งเพื่อทราบ")
    office.ended(case, "แทน ปลัดกระทรวงตัวอย่าง")


def add_a_legal_check(page: Page) -> None:
    """Before the last approval: drawn on the canvas, named in the panel, checked, published."""
    page.click("nav a:has-text('ผังกระบวนการ')")
    page.click(f"main a:has-text('{composing.NAME}')")
    page.click("button:has-text('เปิดในตัวออกแบบ')")
    page.wait_for_selector("[data-designer][data-ready]")
    before = page.locator("tbody[data-steps] tr", has=page.locator("td a:text('ปลัดอนุมัติ')"))
    before.locator("th a").click()
    page.focus(CANVAS)
    page.keyboard.press("a")
    page.click(".djs-popup-body :text('งานที่คนทำ')")
    page.wait_for_selector("#p-who-add")
    page.keyboard.press("Escape")
    page.fill("#p-name", "ตรวจข้อกฎหมาย")
    page.click("#p-who-add")
    page.select_option("#p-who-0-kind", "position")
    page.fill("#p-who-0-value", _offered(page, "#p-who-0-value", "กลุ่มนิติการ"))
    page.press("#p-who-0-value", "Tab")
    before.locator("td a:text('ปลัดอนุมัติ')").click()
    page.focus(CANVAS)
    page.keyboard.press("Delete")
    expect(before).to_have_count(0)
    page.keyboard.press("c")
    for step in ("ตรวจข้อกฎหมาย", "ปลัดอนุมัติ"):
        page.locator(".djs-shape", has_text=step).first.click()
    expect(before.locator("th")).to_have_text("ตรวจข้อกฎหมาย")
    expect(page.locator("[data-lint-summary]")).to_have_text("ไม่มีข้อสังเกตในผังนี้")
    page.click("a[data-after-save]:has-text('เผยแพร่')")
    page.get_by_label("สรุปการเปลี่ยนแปลง").fill("เพิ่มการตรวจข้อกฎหมาย")
    page.click("form[action$='/publish'] button")
    page.wait_for_url("**/running")


def _offered(page: Page, field: str, name: str) -> str:
    """The value behind a name that the field offers; a browser's own list cannot be clicked."""
    offers = page.locator(f"datalist#{page.get_attribute(field, 'list')}")
    found = offers.locator("option", has_text=name).first.get_attribute("value")
    assert found
    return found


def take_the_running_along(page: Page) -> None:
    """After a look at what becomes of each."""
    page.click("button:has-text('ดูผลก่อนย้าย')")
    fates = page.locator("section", has=page.locator("#fate-h")).locator("tbody tr")
    _until_done(page)
    expect(fates).to_have_count(2)
    for subject in (INK, PAPER):
        expect(fates.filter(has_text=subject)).to_contain_text("ย้ายได้")
    page.click("button:has-text('ย้ายเรื่องที่เลือก')")
    _until_done(page)
    for subject in (INK, PAPER):
        expect(fates.filter(has_text=subject)).to_contain_text("ย้ายแล้ว")


def _until_done(page: Page) -> None:
    """A batch tells how far it is, then offers its result."""
    page.wait_for_url("**/migrations/*")
    expect(page.locator("progress")).to_have_count(0)
    page.reload()
