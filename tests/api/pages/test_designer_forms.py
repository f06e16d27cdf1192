"""A form beside a diagram, without a script: begun, drawn by the server, judged, changed."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def page(enter, request):
    """The page of a new form."""
    admin = enter("admin")
    key = f"f{abs(hash(request.node.name)) % 10**9}"
    made = admin.open("/designer").form("/designer").send(name="ขอลา", key=key)
    form = made.form(f"{made.path}/files/new")
    page = form.send(button=("kind", "form"), name="ใบลา", key="leave")
    assert page.path.endswith("/forms/leave.form.json"), page.text
    return page


def _save(page, components):
    text = json.dumps({"type": "default", "components": components}, ensure_ascii=False)
    return page.form(page.path).send(text=text)


def test_the_preview_is_what_people_will_see(page):
    assert "unsafe" not in page.response.headers["Content-Security-Policy"]
    assert page.tree.xpath("//*[@data-preview]//input[@name='note']")
    page = _save(page, [{"type": "textfield", "key": "who", "label": "ผู้รับงานแทน",
                         "properties": {"widget": "person"}},
                        {"type": "number", "key": "days", "label": "จำนวนวัน"}])  # fmt: skip
    names = page.tree.xpath("//*[@data-preview]//input/@name")
    assert names == ["who", "days"]


def test_what_the_server_cannot_draw_is_said_by_the_field(page):
    page = _save(page, [{"type": "group", "label": "การเดินทาง", "components": [
        {"type": "image", "key": "f", "label": "เอกสารแนบ"}]}])  # fmt: skip
    assert not page.tree.xpath("//*[@data-preview]")
    (found,) = page.tree.xpath("//*[@data-found]/li")
    said = "".join(found.itertext())
    assert "เอกสารแนบ" in said
    assert "/components/0/components/0/type" in said
    broken = page.form(page.path).send(text="{")
    assert "ต้องเป็น JSON แต่" in broken.text


def test_whoever_saw_an_older_draft_is_told(page):
    _save(page, [])
    late = _save(page, [{"type": "separator"}])
    assert "มีผู้บันทึกร่างนี้ก่อนท่าน" in late.text


def test_a_form_is_no_decision_model(page):
    draft = page.path.partition("/forms")[0]
    assert page.browser.open(f"{draft}/decisions/leave.form.json").status == 404
    assert page.browser.open(f"{draft}/forms/none.form.json").status == 404
