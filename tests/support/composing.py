"""Chains put together in the composer, as an administrator does it by hand or by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

NAME, LETTER = "ขออนุมัติซื้อ", "หนังสือออกของสำนักงาน"


class Hands:
    """A page on which every act of a person is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    def click(self, what: str) -> None:
        self._act(self.page.click, what)

    def unfold(self, what: str) -> None:
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

    def then(self, kind: str) -> None:
        """Save the card and go on: with a card of a kind, or with a condition around it."""
        before = self.page.url
        self.click(f"button[name=then][value={kind}]")
        self.page.wait_for_url(lambda url: url != before)

    def save(self) -> None:
        self.click("button:has-text('บันทึกขั้น')")
        self.page.wait_for_selector(".kinds")

    def _act(self, act: Any, *given: str) -> None:
        self.acts += 1
        act(*given)


#: how many presses of Tab lead from what has the focus to an element (negative: backwards)
_TABS = """(target) => {
  const kinds = 'a[href],button,input,select,textarea,summary,[tabindex="0"]';
  const stops = [...document.querySelectorAll(kinds)]
    .filter(e => e === target || (!e.disabled && e.type !== 'hidden' && e.tabIndex >= 0
      && e.checkVisibility({visibilityProperty: true})
      && (e.type !== 'radio' || e.checked)));
  const now = document.activeElement, at = stops.indexOf(target), here = stops.indexOf(now);
  if (here >= 0) return at - here;
  const before = e => now !== document.body
    && (now.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING);
  return at + 1 - stops.filter(before).length; }"""
_HAS_FOCUS = "e => e === document.activeElement"


class Keys(Hands):
    """The same acts by keyboard alone: Tab leads there, Enter, arrows and letters do it."""

    def click(self, what: str) -> None:
        self._reach(what)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfold(self, what: str) -> None:
        self._reach(what)
        self.page.keyboard.press("Enter")

    def fill(self, what: str, text: str) -> None:
        self._reach(what)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, what: str, value: str) -> None:
        field = self._reach(what)
        way = "(e, v) => [...e.options].findIndex(o => o.value === v) - e.selectedIndex"
        steps = field.evaluate(way, value)
        for _press in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        assert field.input_value() == value

    def check(self, what: str) -> None:
        box = self.page.locator(what).first
        if box.get_attribute("type") == "radio":
            self._reach(f"input[name={box.get_attribute('name')}]:checked")
            while not box.is_checked():
                self.page.keyboard.press("ArrowDown")
        else:
            self._reach(what)
            self.page.keyboard.press("Space")

    def _reach(self, what: str) -> Locator:
        self.acts += 1
        found = self.page.locator(what).first
        found.wait_for()
        for _try in range(4):
            tabs = found.evaluate(_TABS)
            for _press in range(abs(tabs)):
                self.page.keyboard.press("Tab" if tabs > 0 else "Shift+Tab")
            if found.evaluate(_HAS_FOCUS):
                return found
        raise AssertionError(f"Tab does not lead to {what}")


def letter_chain(hands: Hands, look: Callable[[], None] = lambda: None) -> None:
    """The ministry's way of a letter: from an empty chain to a published one. `look` is called
    when all cards are there.
    """
    hands.click("nav a:has-text('สายอนุมัติ')")
    hands.fill("#name", LETTER)
    hands.check("input[name=letter]")
    hands.click("form[action='/chains'] button")
    hands.click("button[name=step][value=draft]")
    hands.fill("#amount", "3")
    hands.check("input[name=remind]")
    hands.then("proofread")
    hands.fill("#who_named-1", "position:general-clerk")
    hands.choose("#late", "superior")
    hands.then("approve")
    hands.fill("#name", "หัวหน้าตรวจ")
    hands.unfold("summary:has-text('ปุ่ม')")
    hands.fill("#out-new", "ผ่าน ขอหารือก่อน")
    hands.then("consult")
    hands.fill("#who_named-1", "position:finance-head")
    hands.fill("#who_named-2", "position:strategy-director")
    hands.then("only_if")
    hands.choose("#if-0", "said:approve1:answer1")
    hands.then("approve")
    hands.fill("#name", "ผู้อำนวยการพิจารณา")
    hands.choose("#who", "named")
    hands.fill("#who_named-1", "position:central-director")
    hands.then("approve")
    hands.fill("#name", "รองปลัดเห็นชอบ")
    hands.fill("#who_named-1", "position:deputy-2")
    for kind in ("sign", "act", "act", "act"):  # registered, delivered, filed
        hands.then(kind)
    hands.save()
    look()
    hands.click("a:has-text('เผยแพร่')")
    hands.fill("#note", "รุ่นแรก")
    hands.click("form[action$='/publish'] button")
    hands.page.wait_for_url("**/definitions/*")


def named(hands: Hands, kind: str, name: str, position: str) -> None:
    hands.add(kind)
    if name:
        hands.fill("#name", name)
    hands.choose("#who", "named")
    hands.fill("#who_named-1", position)
    hands.save()


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
    """The head agrees; the matrix has large sums consulted on; the top approves; all is told."""
    hands.add("approve")
    hands.fill("#name", "หัวหน้าเห็นชอบ")
    hands.fill("#amount", "1")
    hands.save()
    hands.add("matrix")
    hands.fill("#low-0-field2", "100,000")
    hands.choose("#way-0", "0")
    hands.fill("#high-1-field2", "100,000")
    hands.choose("#way-1", "1")
    hands.save()
    hands.click("button[form='pick'][value='matrix1.0:0']")
    hands.add("consult")
    hands.fill("#who_named-1", "position:finance-head")
    hands.save()
    hands.add("approve")
    hands.fill("#name", "ปลัดอนุมัติ")
    hands.choose("#who", "named")
    hands.fill("#who_named-1", "position:permanent-secretary")
    hands.save()
    hands.add("inform")
    hands.save()


def try_it(hands: Hands, starter: str) -> None:
    hands.fill("#starter", starter)
    hands.fill("input[name=field1]", "เก้าอี้ 20 ตัว")
    hands.fill("input[name=field2]", "150000")
    hands.click("text=ดูเส้นทาง")
    hands.page.wait_for_selector(".compose__try .route")


def publish(hands: Hands) -> None:
    hands.click("a:has-text('เผยแพร่')")
    hands.fill("#note", "รุ่นแรก")
    hands.click("form[action$='/publish'] button")
    hands.page.wait_for_url("**/definitions/*")
