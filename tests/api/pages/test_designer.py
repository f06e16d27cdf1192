"""The designer without a script: drafts, import with its checklist, files beside, publishing."""

from __future__ import annotations

import re
from typing import Any

import pytest

import bpmn
from api.pages import draft_history
from api.pages.view import LANGUAGE_COOKIE

LETTER = bpmn.path() / "drafting" / "official-letter.bpmn"
#: a process as another tool draws it: behaviour and hints in a namespace of its own
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
  <process id="invoice" name="ใบแจ้งหนี้" isExecutable="true">
    <startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="pay" />
    <serviceTask id="pay" name="จ่ายเงิน" camunda:class="org.example.Pay" />
    <sequenceFlow id="f2" sourceRef="pay" targetRef="e" /><endEvent id="e" />
  </process>
</definitions>
"""


@pytest.fixture
def admin(enter):
    return enter("admin")


def _new(browser, name: str, key: str = "") -> Any:
    page = browser.open("/designer").form("/designer").send(name=name, key=key)
    assert page.path.startswith("/designer/"), page.text
    return page


def _import(browser, name: str, content: bytes) -> Any:
    return browser.open("/designer").form("/designer/import").send(files=(name, content))


def test_a_new_diagram_is_drawn_checked_and_published(admin):
    page = _new(admin, "ขอใช้รถราชการ", "page-car")
    assert "ไม่มีข้อสังเกต" in page.text
    assert "unsafe" not in page.response.headers["Content-Security-Policy"]
    rows = [" ".join(row.itertext()) for row in page.tree.xpath("//tr[starts-with(@id, 'el-')]")]
    assert len(rows) == 3
    assert "งานของคน" in rows[1]
    ask = page.follow("/publish")
    assert "รุ่น 1" in ask.title + ask.text
    form = ask.form(ask.path)
    refused = form.send(note=" ")
    assert (refused.status, bool(refused.error("note"))) == (422, True)
    done = form.send(note="รุ่นแรก")
    assert done.path.startswith("/definitions/")
    assert done.tree.xpath("string((//tbody/tr/td)[1])") == "งานของคน"
    again = done.form("/designer/open").send()
    assert again.path == page.path
    assert "ต่อจากรุ่น 1" in again.text


def test_each_version_says_who_published_it_and_why(admin):
    page = _new(admin, "ขอใช้ห้องประชุม", "page-room")
    xml = admin.open(f"{page.path}/xml").response.text
    page.follow("/publish").form(f"{page.path}/publish").send(note="เริ่มใช้กับกองกลาง")
    other = _import(admin, "room.bpmn", xml.replace("ดำเนินการ", "ตรวจ").encode())
    ask = admin.open(f"{other.path.removesuffix('/checklist')}/publish")
    done = ask.form(ask.path).send(note="แก้ตามมติที่ประชุม")
    rows = done.tree.xpath("//section[@aria-labelledby='vs-h']//tbody/tr")
    told = [[" ".join(cell.itertext()).strip() for cell in row] for row in rows]
    assert [row[0] for row in told] == ["รุ่น 2", "รุ่น 1"]
    assert [row[3] for row in told] == ["แก้ตามมติที่ประชุม", "เริ่มใช้กับกองกลาง"]
    assert {row[2] for row in told} == {"นายดูแล ระบบดี"}


def test_a_name_is_asked_for_and_a_code_is_ones_own(admin):
    form = admin.open("/designer").form("/designer")
    page = form.send(name="", key="official-letter")
    assert (page.status, page.error("name")) == (422, "ใส่ชื่อ")
    page = form.send(name="ก", key="official-letter")
    assert (page.status, page.error("key")) == (422, "รหัสนี้มีผู้ใช้แล้ว")


def test_a_foreign_file_comes_in_whole_and_a_checklist_says_what_it_needs(admin):
    page = _import(admin, "invoice.bpmn", FOREIGN.encode())
    assert page.path.endswith("/checklist")
    (group,) = [one for one in page.tree.xpath("//section") if "จ่ายเงิน" in "".join(one.itertext())]
    said = " ".join("".join(group.itertext()).split())
    assert "ระบบนี้ไม่ทำงานตามคุณสมบัติ class ซึ่งเป็นของระบบอื่น" in said
    assert "saraban:" in said
    draft = page.path.removesuffix("/checklist")
    whole = admin.open(f"{draft}/xml").response
    assert whole.data == FOREIGN.encode()
    assert "invoice.bpmn" in whole.headers["Content-Disposition"]
    publish = admin.open(f"{draft}/publish")
    assert not [one for one in publish.forms() if (one.element.get("action") or "") == publish.path]
    assert "ยังเผยแพร่ไม่ได้" in publish.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.txt", b"a", ".bpmn"), ("a.bpmn", b"<a", "XML"), ("a.bpmn", b"<a/>", "BPMN 2.0"),
     ("a.bpmn", b"<!DOCTYPE a><a/>", "DOCTYPE"), ("a.bpmn", b"\xff\xfe", "UTF-8")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(admin, name, content, said):
    page = _import(admin, name, content)
    assert page.status == 422
    assert said in page.error("files")


def test_a_drawing_that_makes_no_sense_is_shown_in_the_table(admin):
    page = _new(admin, "วาดผิดที่", "page-odd-places")
    xml = admin.open(f"{page.path}/xml").response.text
    odd = xml.replace('x="260"', 'x="left"').replace('x="444" ', "")
    draft = _import(admin, "odd.bpmn", odd.encode()).path.removesuffix("/checklist")
    assert len(admin.open(draft).tree.xpath("//tr[starts-with(@id, 'el-')]")) == 3


def test_faults_refuse_publishing_and_nothing_changes(admin):
    page = _new(admin, "ผังผิด", "page-faulty")
    xml = admin.open(f"{page.path}/xml").response.text.replace('targetRef="end"', 'targetRef="x"')
    page = _import(admin, "faulty.bpmn", xml.encode())
    draft = page.path.removesuffix("/checklist")
    form = admin.open(f"{draft.replace('/checklist', '')}/publish")
    token = admin.open(draft).form(f"{draft}/discard").values()["csrf_token"][0]
    sent = {"csrf_token": token, "revision": "1", "note": "x", "after": "0"}
    refused = admin.post(form.path, sent)
    assert refused.status == 422
    assert "ไม่มีอะไรเปลี่ยน" in refused.text


def test_files_beside_a_diagram_come_and_go(admin):
    page = _import(admin, LETTER.name, LETTER.read_bytes())
    draft = page.path.removesuffix("/checklist")
    form = (LETTER.parent / "letter-draft.form.json").read_bytes()
    page = admin.open(draft).form(f"{draft}/files").send(files=("letter-draft.form.json", form))
    assert "letter-draft.form.json" in page.text
    odd = page.form(f"{draft}/files").send(files=("a.exe", b"x"))
    assert (odd.status, bool(odd.error("more"))) == (422, True)
    page = admin.open(draft).form(f"{draft}/files/remove").send()
    assert page.path == draft
    assert not page.tree.xpath("//form[contains(@action, '/files/remove')]")
    gone = page.form(f"{draft}/discard").send()
    assert gone.path == "/designer"
    assert admin.open(draft).status == 404


def test_whoever_saw_an_older_draft_is_told(admin):
    page = _new(admin, "สองคน", "page-two")
    seen = page.form(f"{page.path}/discard")
    page.form(f"{page.path}/files").send(files=("a.dmn", b"<a/>"))
    told = seen.send()
    assert told.path == page.path
    assert "มีผู้บันทึกผังนี้ก่อนท่าน" in "".join(told.tree.itertext())


def test_a_new_diagram_and_its_files_are_named_in_the_language_of_whoever_begins_them(admin):
    admin.client.set_cookie(LANGUAGE_COOKIE, "en")
    page = _new(admin, "Borrow a car", "page-english")
    draft = page.path
    for kind in ("decision", "form"):
        form = admin.open(draft).form(f"{draft}/files/new")
        form.send(name=f"A {kind}", key=f"page-{kind}", button=("kind", kind))
    admin.client.delete_cookie(LANGUAGE_COOKIE)
    kept = [admin.open(f"{draft}/xml").response.text]
    for name in ("page-decision.dmn", "page-form.form.json"):
        kept.append(admin.open(f"{draft}/files/get", query={"name": name}).response.text)
    assert 'name="Do the work"' in kept[0]
    assert 'label="Amount"' in kept[1]
    assert '"Note"' in kept[2]
    assert not re.search("[ก-๙]", "".join(kept))


def test_a_newer_version_is_named_before_it_is_replaced(admin):
    page = _new(admin, "ของใหม่กว่า", "page-newer")
    xml = admin.open(f"{page.path}/xml").response.text
    page.follow("/publish").form(f"{page.path}/publish").send(note="รุ่นแรก")
    other = _import(admin, "newer.bpmn", xml.replace("ดำเนินการ", "ตรวจ").encode())
    draft = other.path.removesuffix("/checklist")
    ask = admin.open(f"{draft}/publish")
    assert "ไม่ได้ต่อจาก" in ask.text
    assert ask.form(ask.path).send(note="แทน").path.startswith("/definitions/")


def test_only_who_may_deploy_comes_in(enter):
    assert enter("thotsop").open("/designer").status == 403


def test_versions_and_drafts_are_compared_in_words(admin):
    page = _new(admin, "เทียบรุ่น", "page-compare")
    draft, xml = page.path, admin.open(f"{page.path}/xml").response.text
    first = page.follow("/publish").form(f"{draft}/publish").send(note="รุ่นแรก")
    assert admin.open(f"{first.path}/changes").status == 404  # there is none before
    other = xml.replace("ดำเนินการ", "ตรวจ").replace('kind="starter"', 'kind="role" value="admin"')
    again = _import(admin, "page-compare.bpmn", other.encode()).path.removesuffix("/checklist")
    assert admin.open(f"{again}/changes").status == 404  # it stands on none
    beside = admin.open(f"{again}/changes", query={"version": "1"})
    assert "ร่างนี้ต่างจากรุ่น 1" in beside.title + beside.text
    assert ("ดำเนินการ" in beside.text, "kind=role value=admin" in beside.text) == (True, True)
    second = admin.open(f"{again}/publish").form(f"{again}/publish").send(note="เปลี่ยนผู้ทำ")
    told = second.follow("/changes")
    assert "รุ่น 2 ต่างจากรุ่น 1" in told.text
    (card,) = told.tree.xpath("//section[contains(@aria-labelledby, 'd-')]")
    assert "เปลี่ยน" in "".join(card.itertext())
    assert admin.open(f"{again}/changes").text.count("ไม่มีอะไรต่างกัน") == 1


def test_a_finding_calls_what_has_no_name_by_its_kind_and_its_mend_stands_apart(admin):
    page = _new(admin, "ไม่มีชื่อ", "page-unnamed")
    xml = admin.open(f"{page.path}/xml").response.text
    bare = xml.replace(' name="ดำเนินการ"', "").replace('kind="starter"', 'kind="role" value="x"')
    page = _import(admin, "unnamed.bpmn", bare.encode())
    found = [
        one
        for one in page.tree.xpath("//section")
        if one.xpath(".//a[contains(@href, '#el-work')]")
    ]
    assert "งานของคนที่ยังไม่มีชื่อ" in "".join(found[0].find(".//h2").itertext())
    (mend, *_more) = found[0].xpath(".//li//span[@class='mend']")
    assert "".join(mend.itertext()).strip()
    designer = admin.open(page.path.removesuffix("/checklist"))
    rows = designer.tree.xpath("//*[@data-findings]//a[@data-element='work']")
    assert {"".join(row.itertext()) for row in rows} == {"งานของคนที่ยังไม่มีชื่อ"}
    steps = designer.tree.xpath("//*[@data-steps]//a[@data-element='to_work']")
    assert ["".join(one.itertext()) for one in steps] == ["งานของคนที่ยังไม่มีชื่อ"]


def test_the_whole_set_goes_out_and_comes_in_by_the_pages(admin, enter):
    page = _import(admin, LETTER.name, LETTER.read_bytes())
    draft = page.path.removesuffix("/checklist")
    whole = admin.open(draft).follow("/zip").response
    assert (whole.status_code, whole.mimetype) == (200, "application/zip")
    again = _import(admin, "ทั้งชุด.zip", whole.data).path.removesuffix("/checklist")
    assert again != draft
    assert admin.open(f"{again}/zip").response.data == whole.data
    refused = _import(admin, "ทั้งชุด.zip", whole.data[:-30])
    assert (refused.status, "เปิดไฟล์ ZIP ไม่ได้" in refused.error("files")) == (422, True)
    done = _new(admin, "ออกทั้งชุด", "page-whole").follow("/publish")
    version = done.form(done.path).send(note="รุ่นแรก")
    out = version.follow("/zip").response
    assert "page-whole-1.zip" in out.headers["Content-Disposition"]
    clerk = enter("thotsop")
    assert clerk.open(version.path).links("/zip") == []
    assert clerk.open(f"{version.path}/zip").status == 403


def test_a_designer_reads_what_was_done_to_a_draft(enter, monkeypatch):
    designer = enter("lekha")
    assert designer.open("/admin/history").status == 403
    page = _new(designer, "ใครทำอะไร", "page-told")
    for name in ("a.dmn", "b.dmn"):
        form = designer.open(page.path).form(f"{page.path}/files")
        assert form.send(files=(name, b"<a/>")).status == 200
    told = designer.open(page.path).follow("/history")
    lines = ["".join(one.itertext()) for one in told.tree.xpath("//main//ul/li")]
    assert told.tree.xpath("//main//ul/li//b/text()") == [
        "เพิ่มไฟล์ในร่างผังกระบวนการ", "เพิ่มไฟล์ในร่างผังกระบวนการ", "สร้างร่างผังกระบวนการ",
    ]  # fmt: skip
    assert ("b.dmn" in lines[0], "จดละเอียด" in lines[0]) == (True, True)
    monkeypatch.setattr(draft_history, "PAGE_SIZE", 2)
    second = designer.open(told.path).follow("page=2")
    assert second.tree.xpath("count(//main//ul/li)") == 1
    assert "สร้างร่างผังกระบวนการ" in second.text
    assert enter("thotsop").open(told.path).status == 403
