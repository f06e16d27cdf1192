"""Two versions of a process side by side: forms and tests in words, before publishing and after."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.browsing import Browser, Page

from api.pages.view import LANGUAGE_COOKIE
from office.modeling import cases
from office.modeling.cases import Answer, Case
from office.modeling.rules import template

WHY = {"type": "textarea", "id": "f1", "key": "why", "label": "เหตุผล"}
DAYS = {"type": "number", "id": "f2", "key": "days", "label": "จำนวนวัน", "validate": {"max": 30}}

ANSWERS = [Answer("work", values={"days": "5"})]


def _form(*fields: dict[str, Any]) -> bytes:
    return json.dumps({"id": "leave", "components": fields}, ensure_ascii=False).encode()


def _tests(end: str) -> bytes:
    return cases.write([Case("ลาสั้น", answers=ANSWERS, path=["begin", "work"], end=end)])


def _drawn(key: str) -> str:
    who = '<saraban:assignment kind="starter" />'
    return template(key, "ขอลา").replace(who, f'{who}<saraban:form key="leave" />')


def _brought(browser: Browser, xml: str, form: bytes, tests: bytes) -> str:
    """A new draft with its files: its address."""
    ask = browser.open("/designer").form("/designer/import")
    draft = ask.send(files=("page-leave.bpmn", xml.encode())).path.removesuffix("/checklist")
    for name, content in (("leave.form.json", form), ("page-leave.tests.json", tests)):
        page = browser.open(draft).form(f"{draft}/files").send(files=(name, content))
        assert name in page.text
    return draft


def _published(browser: Browser, draft: str) -> str:
    page = browser.open(f"{draft}/publish").form(f"{draft}/publish").send(note="รุ่นใหม่")
    assert page.path.startswith("/definitions/"), page.text
    return page.path


def _rows(page: Page, title: str) -> list[list[str]]:
    """What is told of one of them: label, before, after."""
    cards = page.tree.xpath("//section[.//h2][.//table]")
    (card,) = [one for one in cards if title in "".join(one.find(".//h2").itertext())]
    rows = card.xpath(".//tbody/tr")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


@pytest.fixture
def admin(enter) -> Browser:
    return enter("admin")


@pytest.fixture
def other(admin, request) -> str:
    """A draft that differs from version 1, which was published from another."""
    first = _drawn(f"c{abs(hash(request.node.name)) % 10**9}")
    _published(admin, _brought(admin, first, _form(WHY, DAYS), _tests("end")))
    now = _form({**DAYS, "validate": {"max": 60, "required": True}}, WHY)
    return _brought(admin, first.replace("ดำเนินการ", "ตรวจ"), now, _tests(""))


def test_forms_and_tests_are_compared_with_the_diagram(admin, other):
    found = admin.open(f"{other}/changes", query={"version": "1"})
    assert _rows(found, "ตรวจ") == [["ชื่อที่แสดง", "ดำเนินการ", "ตรวจ"]]
    assert _rows(found, "leave.form.json") == [
        ["“จำนวนวัน” ต้องกรอก", "ไม่ใช่", "ใช่"],
        ["“จำนวนวัน” ค่ามากที่สุด", "30", "60"],
        ["“จำนวนวัน” ลำดับ", "ต่อจาก “เหตุผล”", "ต้นแบบฟอร์ม"],
    ]
    assert _rows(found, "ลาสั้น") == [["จบหรือรอที่", "เสร็จ", "–"]]


def test_they_are_told_in_english(admin, other):
    admin.client.set_cookie(LANGUAGE_COOKIE, "en")
    found = admin.open(f"{other}/changes", query={"version": "1"})
    assert _rows(found, "leave.form.json")[2] == [
        "“จำนวนวัน”: Sequence", "behind “เหตุผล”", "the start of the form"
    ]  # fmt: skip


def test_publishing_shows_what_will_be_different(admin, other):
    ask = admin.open(f"{other}/publish")
    (card,) = ask.tree.xpath("//section[@aria-labelledby='df-h']")
    told = ["".join(one.itertext()) for one in card.xpath(".//li//b")]
    assert told == ["ตรวจ", "leave.form.json", "ลาสั้น"]
    version = _published(admin, other)
    assert _rows(admin.open(f"{version}/changes"), "ลาสั้น")


def _badges(page: Page, at: str) -> dict[str, str]:
    """Of one picture: what stands on each badge, and where it leads."""
    found = page.tree.xpath(f"//section[@aria-labelledby='{at}-h']//a")
    assert all(one.get("id").startswith(f"{at}-") for one in found)
    return {"".join(one.itertext()): one.get("href") for one in found}


def test_both_pictures_show_what_was_added_changed_and_removed(admin, request):
    key = f"c{abs(hash(request.node.name)) % 10**9}"
    first = template(key, "ขอลา")
    ask = admin.open("/designer").form("/designer/import")
    _published(admin, ask.send(files=("a.bpmn", first.encode())).path.removesuffix("/checklist"))
    other = first.replace('"end"', '"ended"').replace('name="ดำเนินการ"', 'name="ตรวจ"')
    page = ask.send(files=("a.bpmn", other.encode()))
    draft = page.path.removesuffix("/checklist")
    found = admin.open(f"{draft}/changes", query={"version": "1"})
    # the end came under another id, so that the way to it leads elsewhere
    assert _badges(found, "was") == {"− 2": "#d-2", "≠ 3": "#d-3", "≠ 4": "#d-4"}
    assert _badges(found, "now") == {"+ 1": "#d-1", "≠ 3": "#d-3", "≠ 4": "#d-4"}
    drawn = {
        at: [one.get("class").split()[-1] for one in found.tree.xpath(
            f"//section[@aria-labelledby='{at}-h']//*[contains(@class, 'pic__d--')]")]
        for at in ("was", "now")
    }  # fmt: skip
    assert drawn == {
        "was": ["pic__d--changed", "pic__d--changed", "pic__d--removed"],
        "now": ["pic__d--changed", "pic__d--changed", "pic__d--added"],
    }
    ids = [str(one) for one in found.tree.xpath("//@id")]
    assert len(ids) == len(set(ids))
    for href in found.links("#was-") + found.links("#now-") + found.links("#d-"):
        assert href.removeprefix("#") in ids, href
    told = [(one.get("aria-label")) for one in found.tree.xpath("//*[@id='was-2' or @id='now-4']")]
    assert told == ["เอาออก เสร็จ ข้อ 2", "เปลี่ยน ตรวจ → เสร็จ ข้อ 4"]


def test_without_a_difference_on_the_diagram_no_picture_is_drawn(admin, request):
    first = _drawn(f"c{abs(hash(request.node.name)) % 10**9}")
    _published(admin, _brought(admin, first, _form(WHY, DAYS), _tests("end")))
    draft = _brought(admin, first, _form(DAYS), _tests("end"))
    found = admin.open(f"{draft}/changes", query={"version": "1"})
    assert _rows(found, "leave.form.json")
    assert not found.tree.xpath("//*[local-name()='svg'][@class='pic']")
