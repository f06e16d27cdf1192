"""The composer in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from support import composing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_composer_needs_no_script(sit_down):
    desk = sit_down("admin", java_script_enabled=False)
    hands = composing.Hands(desk.page)
    composing.begin(hands)
    composing.five_steps(hands)
    expect(desk.page.locator(".compose__flow .step__i")).to_have_count(5)
