"""A purchase approval put together in the composer, as an administrator does it by hand."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

NAME = "ขออนุมัติซื้อ"


class Hands:
    """A page on which every act of a person is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    def click(self, what: str) -> None:
        self._act(self.page.click, what)

    def fill(self, what: str, text: str) -> None:
        self._act(self.page.fill, what, text)

    def choose(self, what: str, value: str) -> None:
        self._act(self.page.select_option, what, value)

    def check(self, what: str) -> None:
        self._act(self.page.check, what)

    def add(self, kind: str) -> None:
        self.click(f"button[value^='add:{kind}@']")
        self.page.wait_for_selector("text=บันทึกขั้น")

    def save(self) -> None:
        self.click("text=บันทึกขั้น")
        self.page.wait_for_selector(".kinds")

    def _act(self, act: Any, *given: str) -> None:
        self.acts += 1
        act(*given)


def begin(hands: Hands) -> None:
    """The name, and the two fields of the form that starts it."""
    hands.click("nav a:has-text('สายอนุมัติ')")
    hands.fill("#name", NAME)
    hands.click("form[action='/chains'] button")
    hands.click("text=ชื่อและแบบฟอร์ม")
    hands.fill("#field-0", "เรื่อง")
    hands.fill("#field-1", "วงเงิน (บาท)")
    hands.choose("#kind-1", "number")
    hands.click("form[action$='/settings'] button")
    hands.page.wait_for_selector("text=บันทึกแล้ว")


def five_steps(hands: Hands) -> None:
    """The head agrees; large sums are consulted on; the top approves; the starter is told."""
    hands.add("approve")
    hands.fill("#name", "หัวหน้าเห็นชอบ")
    hands.fill("#amount", "1")
    hands.save()
    hands.add("choose")
    hands.choose("#if-0", "field2")
    hands.fill("#value-0", "100,000")
    hands.save()
    hands.click("button[form='pick'][value='choose1.0:0']")
    hands.add("consult")
    hands.choose("#who_named-1", "position:finance-head")
    hands.save()
    hands.add("approve")
    hands.fill("#name", "ปลัดอนุมัติ")
    hands.choose("#who", "named")
    hands.choose("#who_named-1", "position:permanent-secretary")
    hands.save()
    hands.add("inform")
    hands.save()


def try_it(hands: Hands, starter: str) -> None:
    hands.choose("#starter", starter)
    hands.fill("input[name=field1]", "เก้าอี้ 20 ตัว")
    hands.fill("input[name=field2]", "150000")
    hands.click("text=ดูเส้นทาง")
    hands.page.wait_for_selector(".compose__try .route")


def publish(hands: Hands) -> None:
    hands.click("a:has-text('เผยแพร่')")
    hands.fill("#note", "รุ่นแรก")
    hands.click("form[action$='/publish'] button")
    hands.page.wait_for_url("**/definitions/*")
