"""Two versions side by side, on a phone and without a script: marks lead to words and back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from office.modeling.rules import template


def _brought(page: Page, address: str, xml: str) -> None:
    page.goto(f"{address}/designer")
    file = {"name": "seen.bpmn", "mimeType": "application/xml", "buffer": xml.encode()}
    form = page.locator("form[action='/designer/import']")
    form.locator("input[type=file]").set_input_files(file)
    form.locator("button").click()
    page.wait_for_url("**/checklist")
    page.goto(page.url.removesuffix("/checklist") + "/publish")
    page.fill("#note", "รุ่นใหม่")
    page.click("form[action$='/publish'] button")
    page.wait_for_url("**/definitions/**")


def test_marks_on_both_pictures_lead_to_their_words_and_back(sit_down, served):
    desk = sit_down(
        "admin", viewport={"width": 390, "height": 844}, java_script_enabled=False, has_touch=True
    )
    first = template("seen-changes", "ดูรุ่น")
    _brought(desk.page, served.address, first)
    _brought(
        desk.page, served.address, first.replace("ดำเนินการ", "ตรวจ").replace('"end"', '"ended"')
    )
    page = desk.open(re.sub(r".*(/definitions/[^/?]+).*", r"\1/changes", desk.page.url))
    old, new = (page.locator(f"section[aria-labelledby='{at}-h']") for at in ("was", "now"))
    above, below = old.bounding_box(), new.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"], "the pictures stand one above the other"
    for mark, sign in (("was-2", "− 2"), ("now-1", "+ 1"), ("now-3", "≠ 3")):
        badge = page.locator(f"#{mark}")
        expect(badge).to_have_text(sign)
        box = badge.locator("rect").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24, "WCAG 2.2, 2.5.8"
        badge.tap()
        number = mark.partition("-")[2]
        expect(page.locator(f"#d-{number}")).to_be_in_viewport()
        expect(page.locator(f"#d-{number}:target")).to_have_count(1)
        page.locator(f"#d-{number} a[href='#{mark}']").tap()
        expect(badge).to_be_in_viewport()


def test_the_comparison_holds_in_both_widths(sit_down, served):
    desk = sit_down("admin")
    first = template("seen-widths", "ดูกว้าง")
    _brought(desk.page, served.address, first)
    _brought(
        desk.page, served.address, first.replace("ดำเนินการ", "ตรวจ").replace('"end"', '"ended"')
    )
    changes = re.sub(r".*(/definitions/[^/?]+).*", r"\1/changes", desk.page.url)
    for width in (1440, 390):
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.open(changes)
        desk.judge(f"changes at {width}")
