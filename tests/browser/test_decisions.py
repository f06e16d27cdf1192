"""Decision models in a browser: drawn as a table, judged, asked, and published with a process."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from office.modeling import blank

pytestmark = pytest.mark.browser


def begun(desk, kind, key):
    """The page of a new file beside a new diagram."""
    page = desk.open("/designer")
    page.fill("#name", "ขออนุมัติซื้อ")
    page.click("form[action='/designer'] button")
    page.wait_for_selector("[data-designer][data-ready]")
    page.fill("#file-name", "วงเงิน")
    page.fill("#file-key", key)
    page.click(f"button[name=kind][value={kind}]")
    page.wait_for_selector("[data-ready]")
    return page


def saved(page, press):
    before = page.evaluate("document.documentElement.dataset.revision || '0'")
    press()
    page.wait_for_selector(f"html[data-revision]:not([data-revision='{before}'])", state="attached")


def remark(page):
    """A comment in the file, as somebody writes it elsewhere."""
    page.evaluate("""async () => {
        const page = JSON.parse(document.querySelector('#designer').textContent);
        const remark = '<!-- วงเงินตามคำสั่ง --><decision ';
        const content = page.content.replace('<decision ', remark);
        await fetch(`/api/v1/model-drafts/${page.id}/file`, {
            method: 'PUT',
            headers: {
                'Content-Type': 'application/json', 'X-CSRF-Token': page.csrf,
                'If-Match': `"${page.revision}"`,
            },
            body: JSON.stringify({ name: page.file, content }),
        });
    }""")
    page.reload()
    page.wait_for_selector("[data-decisions][data-ready]")


def test_a_table_is_drawn_judged_and_asked(sit_down):
    """Under the strict policy: whatever the console complains about fails the desk."""
    desk = sit_down("admin")
    page = begun(desk, "decision", "limit")
    assert "unsafe" not in page.request.get(page.url).headers["content-security-policy"]
    remark(page)
    desk.judge("a new table")
    expect(page.locator(".decisions")).to_contain_text("ถ้า")
    page.click(".decisions td.input-cell >> nth=0")
    page.wait_for_selector(".decisions .cm-editor, .decisions [contenteditable=true]")

    def write():
        page.keyboard.type("< 5000")
        page.keyboard.press("Tab")

    saved(page, write)
    page.wait_for_selector("[data-renewed] input[name='0.in.0'][value='< 5000']")
    page.wait_for_selector("text=ไม่มีกฎใดตอบ เมื่อ จำนวนเงิน ตั้งแต่ 5,000")
    saved(page, lambda: page.click(".decisions .add-rule-add"))
    page.wait_for_selector("[data-renewed] input[name='1.in.0']")
    page.fill("#in-limit-1", "700")
    page.click("form[action*='/try'] button")
    page.wait_for_selector("[data-answer]")
    page.wait_for_selector("[data-decisions][data-ready]")
    desk.judge("an answer")
    content = desk.context.request.get(
        page.url.partition("/decisions/")[0] + "/files/get?name=limit.dmn"
    ).text()
    assert "&lt; 5000" in content
    assert "<!-- วงเงินตามคำสั่ง -->" in content
    assert "dmndi:DMNShape" in content


def test_the_graph_is_drawn_and_its_mark_stays_in_sight(sit_down):
    desk = sit_down("admin")
    page = begun(desk, "decision", "graph")
    page.click("[data-views] button >> nth=0")
    page.wait_for_selector(".decisions .djs-container svg")
    expect(page.locator("[data-views] button[aria-pressed=true]")).to_have_text("ผังการตัดสินใจ")
    saved(
        page,
        lambda: (
            page.click(".djs-palette [data-action='create.input-data']")
            or page.click(".decisions .djs-container svg >> nth=0", position={"x": 500, "y": 250})
        ),
    )
    page.wait_for_selector("[data-views] button >> nth=0")
    mark = page.locator(".decisions .bjs-powered-by").last
    box = mark.bounding_box()
    inside = f"document.elementFromPoint({box['x'] + 5}, {box['y'] + 5}).closest('.bjs-powered-by')"
    page.wait_for_function(f"{inside} !== null")
    desk.judge("a graph")


def dialects(folder):
    """One small model in every version that the server reads, and one that the editor does not."""
    _name, kept = blank.file("decision", "วงเงิน", "limit")
    ours = "https://www.omg.org/spec/DMN/20191111"
    spaces = {
        "1.1": ("http://www.omg.org/spec/DMN/20151101/dmn.xsd", ""),
        "1.2": ("http://www.omg.org/spec/DMN/20180521/MODEL/", "http://www.omg.org/spec/DMN/20180521"),
        "1.4": ("https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20211108"),
        "1.5": ("https://www.omg.org/spec/DMN/20230324/MODEL/", "https://www.omg.org/spec/DMN/20230324"),
    }  # fmt: skip
    for version, (model, drawn) in spaces.items():
        text = kept.decode().replace(f"{ours}/MODEL/", model).replace('limit"', f'l{version}"')
        text = text.replace(f"{ours}/DMNDI/", f"{drawn}/DMNDI/") if drawn else undrawn(text)
        (folder / f"l{version}.dmn").write_text(text, "utf-8")
    newer = (
        '<decision id="more" name="more"><conditional><if/></conditional></decision></definitions>'
    )
    text = (folder / "l1.5.dmn").read_text("utf-8").replace("</definitions>", newer)
    (folder / "lost.dmn").write_text(text.replace("l1.5", "lost"), "utf-8")
    return spaces


def undrawn(text):
    return re.sub("<dmndi:DMNDI.*</dmndi:DMNDI>", "", text, flags=re.DOTALL)


def test_every_version_of_dmn_is_opened_as_it_is_or_refused_with_its_place(sit_down, tmp_path):
    desk = sit_down("admin")
    spaces = dialects(tmp_path)
    page = desk.open("/designer")
    page.fill("#name", "หลายรุ่น")
    page.click("form[action='/designer'] button")
    page.wait_for_selector("[data-designer][data-ready]")
    draft = page.url
    page.set_input_files("#more", sorted(tmp_path.iterdir()))
    page.click("form[action$='/files'][enctype] button")
    expect(page.locator("#files li")).to_have_count(5)
    for version, (model, _drawn) in spaces.items():
        page.goto(f"{draft}/decisions/l{version}.dmn")
        page.wait_for_selector("[data-decisions][data-ready]")
        saved(page, lambda: page.click(".decisions .add-rule-add"))
        kept = page.request.get(f"{draft}/files/get?name=l{version}.dmn").text()
        assert f'"{model}"' in kept
        assert kept.count("<rule ") == 2
        assert "20191111" not in kept, version
    page.goto(f"{draft}/decisions/lost.dmn")
    expect(page.locator(".canvas__said")).to_contain_text("<conditional> ที่บรรทัด")
    expect(page.locator("[data-renewed] input[name='0.in.0']")).to_be_visible()


def test_the_second_of_two_keeps_theirs(sit_down):
    first, second = sit_down("admin"), sit_down("admin")
    page = begun(first, "decision", "two")
    other = second.page
    other.goto(page.url)
    other.wait_for_selector("[data-decisions][data-ready]")
    saved(page, lambda: page.click(".decisions .add-rule-add"))
    other.click(".decisions .add-rule-add")
    other.wait_for_selector("[data-clash]:not([hidden])")
    second.complaints.clear()  # the browser names the refused save
    other.click("[data-save-copy]")
    other.wait_for_url(lambda url: url.partition("/decisions/")[0] not in page.url)
    other.wait_for_selector("[data-decisions][data-ready]")
    expect(other.locator("[data-renewed] input[name='1.in.0']")).to_have_count(1)


def test_decisions_on_a_phone_and_without_a_script(sit_down):
    phone = sit_down("admin", viewport={"width": 390, "height": 844})
    page = begun(phone, "decision", "phone")
    phone.judge("a phone")
    plain = sit_down("admin", java_script_enabled=False)
    shown = plain.open(page.url.removeprefix(plain.served.address))
    expect(shown.locator("[data-decisions]")).to_be_hidden()
    shown.fill("[name='0.in.0']", "> 1")
    shown.click("[data-renewed] form[action$='.dmn'] button")
    expect(shown.locator("[name='0.in.0']")).to_have_value("> 1")
