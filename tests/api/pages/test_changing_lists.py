"""Who takes part in a step is changed on the task's page, by whoever may, while there is time."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from support.browsing import Page
from support.letter_story import decide, draft, open_task


@pytest.fixture
def consulted(enter) -> Page:
    """A task of one of two units that are consulted, as who administers reads it."""
    drafter, subject = enter("thotsop"), f"หารือสองกลุ่ม {uuid4().hex[:8]}"
    draft(drafter, subject)
    decide(drafter, subject, "submit")
    decide(enter("sommut"), subject, "pass")
    decide(enter("tuayang"), subject, "pass", consult_units=["unit:finance", "unit:legal"])
    mine = open_task(enter("khlang"), subject)
    return enter("admin").open(mine.path)


def test_one_comes_in_and_one_withdraws(consulted, enter):
    form = consulted.form(f"{consulted.path}/list")
    sent = json.dumps("unit:legal")
    assert "กลุ่มนิติการ" in consulted.text
    assert form.send(list_reason="x").error("list_add") == "เลือกผู้ที่จะเพิ่ม หรือผู้ที่จะถอน"
    nobody = form.send(list_add="ไม่มีคนนี้", list_reason="x")
    assert (nobody.status, "ไม่พบ" in nobody.error("list_add")) == (422, True)
    assert form.send(list_add="unit:finance", list_reason="x").error("list_add") == "อยู่ในรายชื่อแล้ว"
    assert form.send(list_add="faem", list_reason=" ").error("list_reason") == "ใส่เหตุผล"
    long = form.send(list_add="faem", list_reason="ย" * 10_001).error("list_reason")
    assert long not in ("", "ใส่เหตุผล")
    done = form.send(list_add="faem", withdraw=[sent], list_reason="นิติกรลา")
    assert done.status == 200
    assert "เปลี่ยนรายชื่อแล้ว" in done.text
    added = enter("faem").open("/notices")
    assert "นิติกรลา" in added.text
    assert "ไม่ต้องพิจารณาแล้ว" in enter("niti").open("/notices").text
    # who withdrew meanwhile cannot be withdrawn again, and both forms say so
    late = form.send(withdraw=[sent], list_reason="อีกครั้ง")
    assert late.status == 422
    assert "สายไปแล้ว" in late.error("list_add")
    case = consulted.browser.open(consulted.links("/instances/")[0])
    (way,) = case.links("#list")  # who administers finds one of its tasks by the case
    assert case.browser.open(way).tree.xpath("//details[@id='list' and @open]")
    assert not enter("khlang").open(case.path).links("#list")
    assert "เปลี่ยนผู้ร่วมพิจารณา" in case.text
    assert "นิติกรลา" in case.text


def test_the_last_one_stays_and_an_ended_task_has_no_list(consulted, enter):
    form = consulted.form(f"{consulted.path}/list")
    both = [json.dumps("unit:finance"), json.dumps("unit:legal")]
    last = form.send(withdraw=both, list_reason="ไม่ต้องหารือ")
    assert "ถอนคนสุดท้ายไม่ได้" in last.error("list_add")
    mine = enter("khlang").open(consulted.path)
    mine.form(f"{mine.path}/decide").send(outcome="agree", comment="ไม่ขัดข้อง")
    late = form.send(list_add="faem", list_reason="เพิ่งนึกได้")
    assert late.status == 409
    assert "งานนี้มีผู้ทำเสร็จหรือยกเลิกไปแล้ว" in late.text


def test_others_neither_see_nor_change_the_list(consulted, enter):
    mine = enter("khlang").open(consulted.path)
    assert "list" not in [one.element.getparent().get("id") for one in mine.forms()]
    token = mine.form("/language").values()["csrf_token"][0]
    sent = {"csrf_token": token, "list_add": "faem", "list_reason": "x"}
    assert mine.browser.post(f"{mine.path}/list", sent).status == 403
