"""The designer as it opens: with the findings that its page brought, judged once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from support.builders import bpmn, user

pytestmark = pytest.mark.browser

#: whom it names is not there, and its deadline cannot be read: two findings at one step
WRONG = bpmn(
    "opening",
    user("check", '<saraban:assignment kind="role" value="nobody"/><saraban:due value="soon"/>'),
    flows="start>check check>end",
)


@pytest.fixture
def desk(sit_down, tmp_path):
    desk = sit_down("admin")
    page = desk.open("/designer")
    file = tmp_path / "opening.bpmn"
    file.write_bytes(WRONG)
    page.set_input_files("#files", file)
    page.click("form[action='/designer/import'] button")
    page.wait_for_url("**/checklist")
    desk.draft = page.url.removesuffix("/checklist")
    desk.asked = []
    page.on("request", lambda asked: asked.url.endswith("/lint") and desk.asked.append(asked.url))
    return desk


def ready(desk):
    desk.page.goto(desk.draft)
    desk.page.wait_for_selector("[data-designer][data-ready]")
    return desk.page


def test_what_the_page_found_is_shown_and_not_asked_again(desk):
    page = ready(desk)
    assert page.locator(".at-lint").count() == 1
    assert page.locator(".djs-connection").count() == 2, "the file draws nothing itself"
    rows = page.locator("[data-findings] tbody tr")
    before = [rows.nth(n).inner_text() for n in range(rows.count())]
    assert len(before) >= 2
    assert page.locator("[data-lint-summary]").inner_text()
    assert desk.asked == []
    page.click("tbody[data-steps] th a[data-element=check]")
    page.fill("#p-documentation", "ใหม่")
    page.press("#p-documentation", "Tab")
    with page.expect_response("**/lint") as answered:
        assert answered.value.ok
    expect(rows).to_have_count(len(before))
    assert [rows.nth(n).inner_text() for n in range(rows.count())] == before, "other words"


def test_a_draft_that_was_saved_meanwhile_is_judged_anew(desk):
    """Between the page and its diagram another designer saved: the page's findings are older."""
    page = desk.page

    def overtaken(route):
        answer = route.fetch()
        draft = answer.json()
        healed = draft["xml"].replace('value="soon"', 'value="PT8H"')
        route.fulfill(response=answer, json={**draft, "xml": healed, "revision": 2})

    page.route(f"**/api/v1/model-drafts/{desk.draft.rpartition('/')[2]}", overtaken)
    ready(desk)
    assert len(desk.asked) == 1
    assert "soon" not in page.locator("[data-findings] tbody").inner_text()
