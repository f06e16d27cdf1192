"""The designer in a browser: other tools' diagrams come in and go out whole."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.composed import ask
from support.same_diagram import differences

import bpmn
from office.chains.compose import compose
from office.chains.model import Chain, Who
from office.chains.reading import read
from office.demo.secrets import PASSWORDS
from office.modeling import rules

pytestmark = pytest.mark.browser

SHARED = Path(__file__).resolve().parents[3] / "shared" / "diagrams"
OTHERS = sorted(one for kind in ("*.bpmn", "*.bpmn20.xml") for one in SHARED.rglob(kind))
KINDS = Path(__file__).with_name("designer") / "every-kind.bpmn"
TABLES = [*sorted(SHARED.rglob("*.dmn")), KINDS.with_suffix(".dmn")]
OURS = sorted(bpmn.path().rglob("*.bpmn"))
#: what bpmn-js says of gateways whose X it draws, as it always does
MARKED = "'isMarkerVisible', 'true'"


def imported(desk, file):
    """The address of a file's draft, by the page."""
    page = desk.open("/designer")
    page.set_input_files("#files", file)
    page.click("form[action='/designer/import'] button")
    page.wait_for_url("**/checklist")
    return page.url.removesuffix("/checklist")


def draw(desk, draft):
    page = desk.page
    page.goto(draft)
    page.wait_for_selector("[data-designer][data-ready]")
    return page


def save(page):
    before = page.evaluate("document.documentElement.dataset.revision || '1'")
    page.click("button[data-diagram=save]")
    page.wait_for_selector(f"html[data-revision]:not([data-revision='{before}'])", state="attached")


@pytest.fixture(scope="module")
def designer(story_desks):
    return story_desks("admin")


@pytest.mark.skipif(not OTHERS and "CI" not in os.environ, reason="../shared is not there")
def test_the_diagrams_of_others_are_there():
    assert len(OTHERS) >= 12, f"Expected other tools' diagrams in {SHARED}, but they are missing."


@pytest.fixture
def remarked(tmp_path):
    """The file with a comment in the line before each of its elements."""

    def remark(file):
        made, told = tmp_path / file.name, rb"\n\1<!-- \2 --><?look at \2?>\n\1<\2"
        made.write_bytes(re.sub(rb"\r?\n([ \t]*)<(\w[\w:]*)", told, file.read_bytes()))
        return made

    return remark


@pytest.mark.parametrize("file", [*OTHERS, *OURS], ids=lambda file: file.name)
def test_a_diagram_comes_in_and_goes_out_whole(designer, file, remarked):
    """Nothing of it is another, and what stands between its elements is there as well."""
    before, after = through(designer, remarked(file))
    # What was drawn nowhere has been given its place.
    added = "BPMNDiagram[" if b"BPMNDiagram" not in before else MARKED
    found = differences(before, after)
    assert [one for one in found if one.startswith("-") or added not in one] == []


def test_a_composed_chain_comes_in_and_goes_out_whole(designer, tmp_path):
    """Also the list of those who are asked, which is an expression; and it opens as cards again."""
    asked = Who("named", ("position:director-general", "role:registrar"))
    several = ask("each", "malee", who=asked, how="share", share=60, refusal="end")
    chain = Chain("composed", "หลายคนพิจารณา", (ask("draft", "somchai"), several))
    file = tmp_path / "composed.bpmn"
    file.write_bytes(compose(chain)["composed.bpmn"])
    before, after = through(designer, file)
    found = differences(before, after)
    assert [one for one in found if one.startswith("-") or MARKED not in one] == []
    assert read({"composed.bpmn": after}, "composed") == chain


@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.name)
def test_a_decision_model_comes_in_and_goes_out_whole(designer, file, remarked):
    """Beside a diagram, with what others say in it and how it is drawn; only one rule is new."""
    before = remarked(file)
    draft = imported(designer, [KINDS, before])
    page, kept = designer.page, f"{draft}/files/get?name={file.name}"
    page.goto(f"{draft}/decisions/{file.name}")
    page.wait_for_selector("[data-decisions][data-ready]")
    table = page.locator("[data-views] button", has_text=re.compile("Classification|ใครอนุมัติ"))
    table.first.click()
    saved = page.evaluate("document.documentElement.dataset.revision || '1'")
    page.click(".decisions .add-rule-add")
    page.wait_for_selector(f"html[data-revision]:not([data-revision='{saved}'])", state="attached")
    after = designer.context.request.get(kept).body()
    rules = (set(re.findall(rb'<rule id="([^"]+)"', one)) for one in (after, before.read_bytes()))
    (added,) = next(rules) - next(rules)
    new = f"rule[{added.decode()}]"
    found = differences(before.read_bytes(), after)
    assert [one for one in found if one.startswith("-") or new not in one] == []


def test_a_drawing_of_something_else_is_told_and_comes_in_and_goes_out_whole(designer, tmp_path):
    at = '<dc:Bounds x="700" y="300" width="100" height="80"/></bpmndi:BPMNShape>'
    odd = "".join(
        f'<bpmndi:BPMNShape id="{ref}-too" bpmnElement="{ref}">{at}' for ref in ("gone", "work")
    )
    file, text = tmp_path / "oddly.bpmn", rules.template("oddly", "วาดไม่ตรง")
    file.write_text(text.replace("</bpmndi:BPMNPlane>", f"{odd}</bpmndi:BPMNPlane>"), "utf-8")
    before, after = through(designer, file)
    assert differences(before, after) == []
    page = designer.open(f"{designer.page.url.removeprefix(designer.served.address)}/checklist")
    for said in ("ไม่มีชิ้น “gone”", "“work” วาดไว้สองที่"):
        expect(page.locator("main")).to_contain_text(said)


def through(desk, file):
    """Read, drawn, changed and changed back, written: the bytes before and after."""
    draft = imported(desk, file)
    page = draw(desk, draft)
    page.fill("#p-documentation", "แก้แล้วเลิกทำ")
    page.press("#p-documentation", "Tab")
    page.click("button[data-diagram=undo]")
    save(page)
    return file.read_bytes(), desk.context.request.get(f"{draft}/xml").body()


def named(desk, name):
    page = desk.open("/designer")
    page.fill("#name", name)
    page.click("form[action='/designer'] button")
    page.wait_for_selector("[data-designer][data-ready]")
    return page


def saved(page):
    page.wait_for_selector("[data-save-status][data-state=saved]", state="attached")


BROKEN = {
    "taken": (' id="end"', ' id="work"', "<endEvent> ที่บรรทัด 14"),
    "unknown": ("<bpmn:startEvent", "<bpmn:wonder id='w'/><bpmn:startEvent", "<wonder> ที่บรรทัด 4"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_saving_would_lose_is_not_opened_on_the_canvas(sit_down, tmp_path, how):
    before, after, said = BROKEN[how]
    file = tmp_path / "broken.bpmn"
    file.write_text(rules.template("broken", "ไฟล์เสีย").replace(before, after, 1), "utf-8")
    desk = sit_down("admin", viewport={"width": 390, "height": 844})
    draft = imported(desk, file)
    desk.judge("a checklist")
    desk.page.goto(draft)
    expect(desk.page.locator("[data-designer]")).to_contain_text(said)
    expect(desk.page.locator("[data-designer]")).to_have_attribute("data-failed", "unopened")
    assert desk.context.request.get(f"{draft}/xml").text() == file.read_text("utf-8")
    desk.complaints.clear()  # the editor names what it cannot read


def test_what_cannot_be_drawn_is_named_and_kept(sit_down, tmp_path):
    """Also in a file whose ids are longer than any page is wide."""
    text = rules.template("odd", "วาดไม่ได้").replace('x="260" y="80"', 'x="NaN" y="1e999"')
    file = tmp_path / "odd.bpmn"
    file.write_text(text.replace('"work"', f'"w{"x" * 300}"'), "utf-8")
    desk = sit_down("admin", viewport={"width": 390, "height": 844})
    draft = imported(desk, file)
    desk.judge("a checklist with a long id")
    page = draw(desk, draft)
    expect(page.locator("[data-undrawn] span")).to_contain_text("wxxx")
    desk.judge("a notice with a long id")
    page.fill("#p-documentation", "แก้")
    page.press("#p-documentation", "Tab")
    save(page)
    assert 'name="ดำเนินการ"' in desk.context.request.get(f"{draft}/xml").text()
    desk.complaints.clear()  # the editor names what it cannot draw


def test_a_process_is_drawn_checked_mended_and_published(sit_down):
    desk = sit_down("admin")
    page = named(desk, "ขอใช้ห้องประชุม")
    desk.judge("a new diagram")
    page.click("tbody[data-steps] th a:has-text('ดำเนินการ')")
    page.fill("#p-name", "หัวหน้าอนุมัติ")
    page.select_option("#p-who-0-kind", "position")
    page.fill("#p-who-0-value", "=1 +")
    page.press("#p-who-0-value", "Tab")
    page.wait_for_selector(".at-lint--error")
    finding = page.locator("[data-findings] tbody tr")
    expect(finding).to_contain_text("หัวหน้าอนุมัติ")
    desk.judge("with a finding")
    page.click("[data-props] summary:has-text('ทั่วไป')")
    page.click(".djs-container svg", position={"x": 600, "y": 400})
    finding.locator("a").click()
    expect(page.locator("#props-h")).to_have_text("หัวหน้าอนุมัติ")
    page.fill("#p-who-0-value", "permanent-secretary")
    page.press("#p-who-0-value", "Tab")
    page.click("#p-out-add")
    page.click("#p-out-add")
    page.fill("#p-due", "P1D")
    page.press("#p-due", "Tab")
    page.wait_for_selector(".at-lint", state="detached")
    saved(page)
    page.wait_for_selector("tbody[data-steps] th a:has-text('หัวหน้าอนุมัติ')")
    page.click("a[data-after-save]:has-text('เผยแพร่')")
    page.fill("#note", "รุ่นแรก")
    page.click("form[action$='/publish'] button")
    page.wait_for_url("**/definitions/*")
    expect(page.locator("main")).to_contain_text("หัวหน้าอนุมัติ")
    xml = desk.context.request.get(f"{page.url}/xml").text()
    who = 'kind="position" value="permanent-secretary"'
    for said in (who, 'id="refuse"', 'saraban:due value="P1D"'):
        assert said in xml


def test_a_finding_leads_to_the_field_in_which_it_is_mended(sit_down):
    """Pressed in the list, and from the checklist; of several rows to the one that is meant."""
    desk = sit_down("admin")
    page = named(desk, "ไปที่ช่อง")
    page.click("tbody[data-steps] th a:has-text('ดำเนินการ')")
    page.click("#p-who-add")
    page.select_option("#p-who-1-kind", "role")
    page.fill("#p-who-1-value", "no-such-role")
    page.press("#p-who-1-value", "Tab")
    page.fill("#p-due", "พรุ่งนี้")
    page.press("#p-due", "Tab")
    rows = page.locator("[data-findings] tbody tr")
    expect(rows).to_have_count(2)
    for row, field in ((0, "due"), (1, "who-1-value")):
        page.click("[data-props] summary:has-text('ทั่วไป')")
        rows.nth(row).locator("a[data-element]").click()
        expect(page.locator(f"#p-{field}")).to_be_focused()
    save(page)
    page.click("a[data-after-save]:has-text('รายการที่ต้องทำ')")
    page.click(".mend a:has-text('เลือกจากรายการ')")
    expect(page.locator("#p-who-1-value")).to_be_focused()


def test_the_second_of_two_designers_keeps_theirs(sit_down):
    first, second = sit_down("admin"), sit_down("admin")
    page = named(first, "สองคนวาด")
    other = draw(second, page.url)
    page.fill("#p-name", "ของคนแรก")
    page.press("#p-name", "Tab")
    save(page)
    other.fill("#p-name", "ของคนที่สอง")
    other.press("#p-name", "Tab")
    other.click("button[data-diagram=save]")
    other.wait_for_selector("[data-clash]:not([hidden])")
    expect(other.locator("[data-clash-who]")).to_contain_text("admin")
    second.judge("a conflict")
    second.complaints.clear()  # the browser names the refused save
    theirs = other.get_attribute("[data-clash] a", "href")
    other.click("[data-save-copy]")
    other.wait_for_selector("h1:has-text('ของคนที่สอง')")
    assert not other.url.endswith(theirs)
    assert "ของคนแรก" in first.context.request.get(f"{page.url}/xml").text()


def test_who_signed_in_anew_meanwhile_goes_on(sit_down):
    desk = sit_down("admin")
    page = named(desk, "เข้าสู่ระบบใหม่")
    desk.context.clear_cookies()
    page.fill("#p-name", "ยังอยู่ครบ")
    page.press("#p-name", "Tab")
    page.wait_for_selector("[data-save-status][data-state=expired]", state="attached")
    other = desk.context.new_page()
    other.goto(f"{desk.served.address}/sign-in")
    other.fill("#username", "admin")
    other.fill("#password", PASSWORDS["admin"])
    other.click("form[action='/sign-in'] button[type=submit]")
    other.wait_for_selector("main")
    page.click("button[data-diagram=save]")
    saved(page)
    assert "ยังอยู่ครบ" in desk.context.request.get(f"{page.url}/xml").text()
    desk.complaints.clear()  # the browser names the calls that were refused


def test_a_process_is_drawn_by_keyboard_alone(sit_down):
    """Chosen in the table, appended by A, named in the panel; the mark stays in sight."""
    desk = sit_down("admin")
    page = named(desk, "ด้วยแป้นพิมพ์")
    page.focus("tbody[data-steps] th a:has-text('ดำเนินการ')")
    page.keyboard.press("Enter")
    expect(page.locator("[data-props]")).to_be_focused()
    page.focus(".djs-container svg")
    page.keyboard.press("c")  # connects here, and creates a document elsewhere
    page.wait_for_selector(".highlighted-entry[data-action=global-connect-tool]")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(".djs-popup-search input")).to_be_focused()
    chosen = page.locator(".djs-popup .entry.selected")
    first = chosen.get_attribute("data-id")
    for _ in range(50):  # the menu of the library has the focus before it hears the first key
        page.keyboard.press("ArrowDown")
        if chosen.get_attribute("data-id") != first:
            break
        page.wait_for_timeout(100)
    expect(chosen).not_to_have_attribute("data-id", first)
    page.keyboard.press("Enter")
    page.wait_for_selector("#p-who-add")
    page.keyboard.press("Escape")
    page.focus("#p-name")
    page.keyboard.type("ขั้นที่สอง")
    page.keyboard.press("Tab")
    saved(page)
    page.wait_for_selector("tbody[data-steps] th a:has-text('ขั้นที่สอง')")
    mark = page.locator(".bjs-powered-by")
    box = mark.bounding_box()
    inside = f"document.elementFromPoint({box['x'] + 5}, {box['y'] + 5}).closest('.bjs-powered-by')"
    page.wait_for_function(f"{inside} !== null")


def test_the_designer_on_a_phone_and_without_a_script(sit_down):
    phone = sit_down("admin", viewport={"width": 390, "height": 844})
    page = named(phone, "บนโทรศัพท์")
    phone.judge("a phone")
    plain = sit_down("admin", java_script_enabled=False)
    shown = plain.open(page.url.removeprefix(plain.served.address))
    expect(shown.locator("tbody[data-steps]")).to_contain_text("ดำเนินการ")
    expect(shown.locator("[data-designer]")).to_be_hidden()
