"""The editor of forms in a browser: what it offers, what it keeps, what the server draws of it."""

from __future__ import annotations

import re

import pytest
from browser.test_decisions import begun, saved
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_form_is_drawn_from_what_the_server_can_draw(sit_down):
    """Under the strict policy: whatever the console complains about fails the desk."""
    desk = sit_down("admin")
    page = begun(desk, "form", "leave")
    offered = set(page.locator(".fjs-palette-field").evaluate_all(
        "all => all.map(one => one.dataset.fieldType)"))  # fmt: skip
    assert {"textfield", "number", "datetime", "select", "group"} <= offered
    assert "filepicker" in offered
    assert not offered & {"html", "image", "iframe", "table", "expression"}
    desk.judge("a new form")
    page.click(".fjs-form-field-textfield")
    page.wait_for_selector(".bio-properties-panel-group-header")
    if not page.locator("#bio-properties-panel-label").is_visible():
        page.click(".bio-properties-panel-group-header >> nth=0")
    label = page.locator("#bio-properties-panel-label")

    def write():
        label.fill("เหตุผลที่ลา")
        label.press("Tab")

    saved(page, write)
    page.wait_for_selector("[data-preview] label:has-text('เหตุผลที่ลา')")
    desk.judge("a changed form")
    mark = page.locator(".fjs-powered-by-link, .bjs-powered-by").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    inside = f"document.elementFromPoint({box['x'] + 5}, {box['y'] + 5})?.closest('a') !== null"
    page.wait_for_function(inside)


def test_the_editor_speaks_thai_and_offers_fields_of_our_own(sit_down):
    desk = sit_down("admin")
    page = begun(desk, "form", "own")
    palette, panel = page.locator(".fjs-palette"), page.locator(".fjs-properties-container")
    expect(palette).to_contain_text("ข้อความบรรทัดเดียว")
    expect(palette).not_to_contain_text(re.compile("[A-Za-z]"))
    expect(palette.locator("[title*=reate]")).to_have_count(0)
    page.fill(".fjs-palette-search", "เงิน")
    expect(palette.locator(".fjs-palette-field")).to_have_count(1)
    page.fill(".fjs-palette-search", "")
    for kind in ("person", "money"):
        field = page.locator(f"[data-field-type=own-{kind}]")
        saved(page, lambda field=field: field.press("Enter"))
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("บุคคล")
    expect(preview).to_contain_text("บาท")
    expect(panel).to_contain_text("เงื่อนไขของค่า")  # what is added is chosen
    expect(panel.locator(".bio-properties-panel-header-label")).to_have_text("จำนวนเงิน")
    expect(panel.locator(".bio-properties-panel-group-header-title").last).to_have_text(
        "คุณสมบัติเพิ่มเติม"
    )


def test_a_text_promises_no_markup_and_leads_nowhere(sit_down):
    """What is drawn here is plain, whatever the editor's makers say of theirs."""
    desk = sit_down("admin")
    page = begun(desk, "form", "told")
    page.locator(".fjs-form-field-text").click()
    header = page.locator(".bio-properties-panel-group-header").first
    described = page.locator(".bio-properties-panel-description", has_text="{{ }}")
    if not described.is_visible():
        header.click()
    expect(described).to_contain_text("ข้อความธรรมดา ใส่ค่าของตัวแปรได้ด้วย {{ }}")
    expect(page.locator(".bio-properties-panel-description a:visible")).to_have_count(0)
    desk.judge("a text of a form")


def test_forms_on_a_phone_and_without_a_script(sit_down):
    phone = sit_down("admin", viewport={"width": 390, "height": 844})
    page = begun(phone, "form", "phone")
    for part in ("palette", "form", "properties"):
        box = page.locator(f".fjs-{part}-container").first.bounding_box()
        assert (box["x"], box["width"]) == (0, 390), part
    page.click(".fjs-palette-field[data-field-type=number]")
    kinds = page.locator(
        ".fjs-form-container .fjs-element[data-field-type]:not([data-field-type=default])"
    )
    assert kinds.last.get_attribute("data-field-type") == "number"
    page.press(".fjs-palette-field[data-field-type=textarea]", "Enter")
    saved(page, lambda: page.click("[data-move-field='-1']"))
    told = kinds.evaluate_all("all => all.map(one => one.dataset.fieldType)")
    assert told[-3:] == ["textfield", "textarea", "number"]
    page.click("[data-move-field='1']")
    expect(kinds.last).to_have_attribute("data-field-type", "textarea")
    expect(page.locator("[data-move-field='1']")).to_have_attribute("aria-disabled", "true")
    phone.judge("a phone")
    plain = sit_down("admin", java_script_enabled=False)
    shown = plain.open(page.url.removeprefix(plain.served.address))
    expect(shown.locator("[data-form-editor]")).to_be_hidden()
    expect(shown.locator("[data-preview] input[name=note]")).to_be_visible()
