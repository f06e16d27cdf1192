"""The composer in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from support import composing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


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
    hands = how(sit_down("admin").page)
    composing.letter_chain(hands)
    expect(hands.page.locator("main")).to_contain_text("รองปลัดเห็นชอบ")
    assert hands.acts <= 40, hands.acts


def test_the_composer_needs_no_script(sit_down):
    desk = sit_down("admin", java_script_enabled=False)
    hands = composing.Hands(desk.page)
    composing.begin(hands)
    composing.five_steps(hands)
    expect(desk.page.locator(".compose__flow .step__i")).to_have_count(5)
