"""The composer in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from support import composing

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(composing.Hands, id="mouse"),
        # a Tab for each stop of the page: minutes, so at night
        pytest.param(composing.Keys, id="keyboard", marks=pytest.mark.slow),
    ],
)
def test_the_letters_chain_takes_at_most_forty_acts(sit_down, how):
    """From an empty chain to a published one: a press, a chosen option or a typed field each."""
    desk = sit_down("admin")
    hands = how(desk.page)
    composing.letter_chain(hands, lambda: _at_both_widths(desk))
    expect(hands.page.locator("main")).to_contain_text("รองปลัดเห็นชอบ")
    assert hands.acts <= 40, hands.acts


def _at_both_widths(desk):
    desk.judge("the composer")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.evaluate("scrollTo(0, 0)")  # half a button under the bar is no small button
    desk.judge("the composer on a phone")
    desk.page.set_viewport_size({"width": 1440, "height": 900})


def test_the_composer_needs_no_script(sit_down):
    desk = sit_down("admin", java_script_enabled=False)
    hands = composing.Hands(desk.page)
    composing.begin(hands)
    composing.five_steps(hands)
    expect(desk.page.locator(".compose__flow .step__i")).to_have_count(5)


def test_whoever_stands_behind_the_first_is_offered_when_typed(sit_down):
    desk = sit_down("admin")
    hands = composing.Hands(desk.page)
    composing.begin(hands)
    hands.add("consult")
    offered = desk.page.locator("#named-list option")
    hands.page.locator("#who_named-1").press_sequentially("กลุ่มคลัง")
    expect(offered).to_have_count(2)
    assert offered.first.get_attribute("value").endswith("position:finance-head")
    hands.page.fill("#who_named-1", offered.first.get_attribute("value"))
    hands.save()
    expect(hands.page.locator(".compose__flow")).to_contain_text("ผู้อำนวยการกลุ่มคลังและพัสดุ")
