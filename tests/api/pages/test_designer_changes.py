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
