"""Formulas beside a diagram: decision tables, literal expressions and forms complete the names that
the process and its forms have, and what the engine can call.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.test_decisions import begun, saved
from playwright.sync_api import expect

import bpmn
from office.modeling import blank

pytestmark = pytest.mark.browser

WITHDRAWAL = Path(bpmn.__file__).parent / "withdrawal"
FORM = "withdrawal-consent.form.json"
LITERAL = (
    '<decision id="said" name="สูตร"><literalExpression><text></text></literalExpression></decision>'
)
INPUT = '<inputData id="asked" name="asked" />'
OFFERS = "[role=listbox] [role=option]"


@pytest.fixture
def beside(sit_down, tmp_path):
    """(desk, the address of its draft's pages): a diagram with its form and two decision models."""
    _name, table = blank.file("decision", "วงเงิน", "limit")
    text = table.decode().replace("</decision>", f"</decision>{LITERAL}", 1)
    (tmp_path / "limit.dmn").write_text(text, "utf-8")
    declared = text.replace("</decision>", f"</decision>{INPUT}", 1).replace("limit", "asking")
    (tmp_path / "asking.dmn").write_text(declared.replace('"said"', '"told"'), "utf-8")
    desk = sit_down("admin")
    page = desk.open("/designer")
    page.set_input_files("#files", [*sorted(WITHDRAWAL.glob("*.*n")), *sorted(tmp_path.iterdir())])
    page.click("form[action='/designer/import'] button")
    page.wait_for_url("**/checklist")
    return desk, page.url.removesuffix("/checklist").removeprefix(desk.served.address)


def edits(beside, file):
    desk, draft = beside
    page = desk.open(f"{draft}/{file}")
    page.wait_for_selector("[data-ready]")
    return page


def shows(page, name):
    page.click(f"[data-views] button:has-text('{name}')")


def takes(page, key):
    """What is offered is not taken while it has just appeared, lest one types into it."""
    page.wait_for_timeout(150)
    page.keyboard.press(key)


def test_a_cell_and_a_literal_expression_take_what_is_offered(beside):
    page = edits(beside, "decisions/limit.dmn")
    shows(page, "วงเงิน")
    page.click(".decisions td.input-cell >> nth=0")
    editor = page.locator(".decisions .cm-content")
    editor.press_sequentially("withdrawal_rea")
    expect(page.locator("[role=listbox]")).to_have_accessible_name("ชื่อที่ใช้ได้")
    expect(page.locator(OFFERS).first).to_have_text("withdrawal_reason")
    expect(editor).to_have_attribute("aria-autocomplete", "list")
    beside[0].judge("a cell that offers names")
    takes(page, "Escape")
    expect(page.locator(OFFERS)).to_have_count(0)
    expect(editor).to_have_text("withdrawal_rea")
    editor.press_sequentially("s")
    expect(page.locator(OFFERS).first).to_be_visible()
    saved(page, lambda: takes(page, "Tab"))
    expect(editor).to_have_text("withdrawal_reason")
    expect(page.locator("input[name='0.in.0']")).to_have_value("withdrawal_reason")
    shows(page, "สูตร")
    editor = page.locator(".textarea .cm-content")
    editor.press_sequentially("add")
    expect(page.locator(OFFERS).first).to_have_text("add working time(from, duration)")
    takes(page, "Enter")
    editor.press_sequentially("number")
    expect(page.locator(OFFERS).first).to_have_text("number")
    takes(page, "ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_text("number(from)")
    saved(page, lambda: takes(page, "Enter"))
    expect(editor).to_have_text("add working time(number(from), duration)")


def test_an_input_expression_offers_what_its_decision_reads(beside):
    """All, unless the file draws input data: then nothing that the decision does not require."""
    for file, offered in {"limit": 1, "asking": 0}.items():
        page = edits(beside, f"decisions/{file}.dmn")
        shows(page, "วงเงิน")
        page.dblclick(".decisions th.input-cell >> nth=0")
        editor = page.locator(".ref-text .cm-content")
        editor.fill("")
        editor.press_sequentially("sub")
        names = page.locator(OFFERS)
        expect(names.filter(has_text="sublist(list, start position)")).to_have_count(1)
        expect(names.get_by_text("subject", exact=True)).to_have_count(offered)


def test_a_condition_of_a_form_offers_its_fields_and_the_process(beside):
    page = edits(beside, f"forms/{FORM}")
    page.click(".fjs-form-field-textarea")
    page.click("[data-group-id=group-condition] .bio-properties-panel-group-header")
    editor = page.locator("[data-entry-id=conditional-hide] .cm-content")
    editor.press_sequentially("withdrawal_rea")
    expect(page.locator(OFFERS)).to_have_text(["withdrawal_reason"])
    expect(editor).to_have_accessible_name("ซ่อนเมื่อ")
    page.wait_for_selector("html[data-revision='2']", state="attached")
    expect(page.locator(OFFERS)).to_have_text(["withdrawal_reason"])
    saved(page, lambda: takes(page, "Tab"))
    expect(editor).to_have_text("withdrawal_reason")
    expect(editor).to_be_focused()
    kept = page.request.get(f"{page.url.partition('/forms/')[0]}/files/get?name={FORM}").json()
    assert kept["components"][2]["conditional"] == {"hide": "=withdrawal_reason"}
    assert not any("layout" in one for one in kept["components"])
    beside[0].judge("a condition")


def test_a_text_of_a_form_offers_names_inside_its_braces_alone(sit_down):
    desk = sit_down("admin")
    page = begun(desk, "form", "named")
    page.click(".fjs-form-field-text")
    editor = page.locator(".bio-properties-panel-feelers-editor .cm-content")
    if not editor.is_visible():
        page.click(".bio-properties-panel-group-header >> nth=0")
    editor.press("Control+End")
    editor.press_sequentially(" note")
    page.wait_for_timeout(300)
    expect(page.locator(OFFERS)).to_have_count(0)
    editor.press_sequentially(" {{not")
    expect(page.locator(OFFERS).get_by_text("note", exact=True)).to_have_count(1)
    expect(page.locator("[role=listbox]")).to_have_accessible_name("ชื่อที่ใช้ได้")
    desk.judge("a text that offers names")
    editor.press_sequentially("e")
    saved(page, lambda: takes(page, "Tab"))
    expect(editor).to_contain_text(" note {{note}}")
    editor.press("Control+End")
    editor.press_sequentially(" {{add work")
    expect(page.locator(OFFERS).first).to_have_text("add working time")
    saved(page, lambda: takes(page, "Enter"))
    editor.press_sequentially("1")
    expect(editor).to_contain_text("{{add working time(1)}}")
    expect(editor).to_be_focused()
