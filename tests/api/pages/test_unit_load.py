"""The load of a unit: its head looks, filters what is late, and hands many tasks on at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.actor import system_actor
from engine.commands.instances import StartInstance

BPMN = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 xmlns:saraban="urn:saraban:bpmn:1.0" targetNamespace="urn:t">
 <bpmn:process id="{key}" name="ขอใช้รถ" isExecutable="true">
 <bpmn:extensionElements><saraban:title value="=subject"/></bpmn:extensionElements>
 <bpmn:startEvent id="s"/>
 <bpmn:userTask id="do" name="จัดรถ"><bpmn:extensionElements>
 <saraban:assignment kind="unit" value="plans"/>{more}</bpmn:extensionElements></bpmn:userTask>
 <bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="do"/>
 <bpmn:sequenceFlow id="g" sourceRef="do" targetRef="e"/></bpmn:process></bpmn:definitions>"""


def start(office, subject: str, more: str = "") -> None:
    key = f"car-{uuid4().hex[:8]}"
    office.deploy({"a.bpmn": BPMN.format(key=key, more=more).encode()})
    command = StartInstance(key, None, None, {"subject": subject})
    office.system.bus.execute(command, system_actor(office.home.id))


@pytest.fixture
def two(office) -> tuple[str, str]:
    """Titles of two tasks of the plans group; one may not be done by wikhro."""
    free, barred = f"รถตู้ {uuid4().hex[:6]}", f"รถนั่ง {uuid4().hex[:6]}"
    start(office, free)
    start(office, barred, '<saraban:exclude kind="person" value="wikhro"/>')
    return free, barred


def _boxes(page, *titles: str) -> list[str]:
    return [
        page.tree.xpath(f"//tr[contains(., '{title}')]//input[@name='task']/@value")[0]
        for title in titles
    ]


def test_tasks_are_handed_on_and_what_is_refused_is_named(enter, two):
    head, (free, barred) = enter("ngop"), two
    page = head.open("/unit-load")
    assert "กลุ่มแผนงานและงบประมาณ" in page.text
    form = page.form("/unit-load/reassign")
    values = form.values() | {
        "task": _boxes(page, free, barred), "to": ["wikhro"], "reason": ["ช่วยกัน"],
    }  # fmt: skip
    done = head.post("/unit-load/reassign", values)
    assert done.status == 409
    assert "มอบหมายแล้ว 1 งาน" in done.text
    assert f"{barred} (จัดรถ): ผู้รับทำขั้นก่อนหน้าในเรื่องนี้แล้ว" in done.text
    theirs = head.open("/unit-load", query={"who": "wikhro"})
    assert free in theirs.text
    assert barred not in theirs.text
    assert free in enter("wikhro").open("/").text


def test_what_is_missing_is_said_and_kept(enter, two):
    head = enter("ngop")
    page = head.open("/unit-load", query={"who": "-"})
    (chosen,) = _boxes(page, two[0])
    assert not page.tree.xpath("//input[@name='task'][@checked]")
    whole = head.open(page.links("all=1")[0])  # where there is no script
    assert len(whole.tree.xpath("//input[@name='task'][not(@checked)]")) == 0
    assert chosen in whole.form("/unit-load/reassign").values()["task"]
    values = page.form("/unit-load/reassign").values() | {"task": [chosen], "reason": ["x"]}
    again = head.post("/unit-load/reassign", values)
    assert again.status == 422
    assert "เลือกผู้รับงาน" in again.text
    assert again.tree.xpath(f"//input[@name='task'][@value='{chosen}']/@checked")
    assert head.post("/unit-load/reassign", {**values, "task": []}).status == 422


def test_late_alone(enter, two):
    page = enter("ngop").open("/unit-load", query={"late": "1"})
    assert two[0] not in page.text


def test_it_is_offered_to_heads_alone(enter):
    assert 'href="/unit-load"' in enter("ngop").open("/").response.get_data(as_text=True)
    assert "/unit-load" in enter("ngop").open("/registers").links()  # in the menu of every page
    clerk = enter("wikhro")
    assert "/unit-load" not in clerk.open("/").response.get_data(as_text=True)
    assert clerk.open("/unit-load").status == 403


def test_who_has_work_comes_first_and_who_has_none_is_put_away(enter, two):
    head = enter("ngop")
    page = head.open("/unit-load", query={"who": "-"})
    values = page.form("/unit-load/reassign").values() | {
        "task": _boxes(page, two[0]), "to": ["wikhro"], "reason": ["x"],
    }  # fmt: skip
    page = head.post("/unit-load/reassign", values).follow("/unit-load")
    rows = page.tree.xpath("//section[@aria-labelledby='people-h']//tbody/tr")
    told = [" ".join(row.text_content().split()) for row in rows]
    assert len(told) >= 2
    assert not [row for row in told[1:] if " 0 " in row]
    assert "ไม่มีงานค้าง" in page.text
