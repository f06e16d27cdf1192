"""Running cases after a new version: kept, or checked, migrated and taken back by plain forms."""

from __future__ import annotations

from itertools import pairwise
from uuid import uuid4

import pytest
from support.browsing import Browser

from engine import jobs
from engine.actor import system_actor
from engine.commands.instances import StartInstance

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 targetNamespace="urn:t"><process id="{key}" name="ลา" isExecutable="true"><startEvent id="s"/>
 {tasks}<endEvent id="e"/>{flows}</process></definitions>"""


def diagram(key: str, **tasks: str) -> bytes:
    ids = ("s", *tasks, "e")
    flows = "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids)
    )
    drawn = "".join(f'<userTask id="{id_}" name="{name}"/>' for id_, name in tasks.items())
    return BPMN.format(key=key, tasks=drawn, flows=flows).encode()


def newest(browser: Browser, key: str) -> str:
    (link,) = browser.open("/definitions").tree.xpath(f"//tr[td[.='{key}']]//a/@href")[:1]
    return str(link).partition("#")[0]


@pytest.fixture
def key() -> str:
    return f"leave-{uuid4().hex[:6]}"


@pytest.fixture
def two(office, enter, key: str) -> str:
    """Two cases at the first step, and a second version without it; its page."""
    office.deploy({"a.bpmn": diagram(key, ask="ขอ", sign="อนุมัติ")})
    for n in range(2):
        command = StartInstance(key, business_key=f"{key}-{n}")
        office.system.bus.execute(command, system_actor(office.home.id))
    office.deploy({"a.bpmn": diagram(key, sign="อนุมัติ", file="เก็บ")})
    return newest(enter("admin"), key)


def work_off(office) -> None:
    turns = jobs.Turns()
    while turns.run_next(office.system.bus, uuid4()):
        pass


def test_a_step_that_went_is_mapped_and_all_can_be_taken_back(office, enter, two, key):
    admin = enter("admin")
    page = admin.open(f"{two}/running")
    assert "ให้จบตามรุ่นเดิม" in page.text
    batch = page.form(f"{two}/running").send()
    assert batch.path.startswith("/migrations/")
    assert "0 จาก 2 เรื่อง" in batch.text
    work_off(office)
    checked = admin.open(batch.path)
    assert "ขั้น “ขอ”: รุ่นใหม่ไม่มีขั้นนี้" in checked.text
    assert f"{batch.path}/carry-out" not in checked.text
    again = checked.form(f"{two}/running").send(**{"map-ask": "sign"})
    assert again.path != batch.path
    work_off(office)
    checked = admin.open(again.path)
    assert "ย้ายจากขั้น “ขอ” ไปขั้น “อนุมัติ”" in checked.text
    assert f"{key}-0" in checked.text
    form = checked.form(f"{again.path}/choose")
    both = form.values()["case"]
    assert len(both) == 2
    chosen = form.send(case=both[:1])
    assert "เลือกไว้ 1 จาก 2 เรื่อง" in chosen.text
    assert chosen.form(f"{again.path}/choose").values()["case"] == both[:1]
    sent = {**chosen.form(f"{again.path}/choose").values(), "case": both}
    moving = admin.post(f"{again.path}/carry-out", sent)
    assert "0 จาก 2 เรื่อง" in moving.text
    work_off(office)
    assert "ดูผล" in admin.open(f"{again.path}/progress").text
    moved = admin.open(again.path)
    moved.form(f"{again.path}/undo").send()
    work_off(office)
    undone = admin.open(again.path)
    assert "ย้ายกลับแล้ว 2" in " ".join(
        undone.tree.xpath("//*[@class='chips']")[0].text_content().split()
    )
    twice = moved.form(f"{again.path}/undo").send()
    assert twice.status in {200, 409}
    listed = admin.open(f"{two}/running")
    assert len(listed.tree.xpath("//a[starts-with(@href, '/migrations/')]")) == 2


def test_only_those_of_the_process_look(enter, two):
    assert enter("faem").open(f"{two}/running").status == 403


def test_publishing_leads_to_the_running_cases(enter, two, key):
    admin = enter("admin")
    opened = admin.open(two).form("/designer/open").send()
    assert opened.path.startswith("/designer/"), opened.text
    page = admin.open(f"{opened.path}/publish")
    form = page.form(f"{opened.path}/publish")
    published = form.send(note="เหมือนเดิม")
    assert published.path.endswith("/running"), published.text
    assert "ย้ายมารุ่น 2" in published.text


def test_the_load_by_step_is_on_the_picture_and_in_the_table(office, enter, two, key):
    older = enter("admin").open(f"{two}/running").tree.xpath("//table//th[@scope='row']/a/@href")[0]
    page = enter("admin").open(f"{older}/heat")
    cells = [cell.text_content().strip() for cell in page.tree.xpath("//tbody/tr[1]/*")]
    assert cells[:2] == ["ขอ ขัดข้อง 2", "2"], "nobody may take them, which is an incident each"
    assert key not in page.text, "no case is named"
    assert enter("faem").open(f"{older}/heat").status == 403
    year = enter("truatsop").open(f"{older}/heat", query={"days": "365"})
    assert year.tree.xpath("//select[@name='days']/option[@selected]/@value") == ["365"]
    both = page.form(f"{older}/heat").send(versions="all", show="late")
    assert "นับรุ่น 2, 1 รวมกัน" in both.text
    own = {"days": "own", "from": "1/1/2569", "to": "31/1/2569"}
    assert enter("admin").open(f"{older}/heat", query=own).status == 200
    for wrong in ({"from": "x"}, {"to": "31/12/2568"}, {"to": "31/12/2575"}):
        refused = enter("admin").open(f"{older}/heat", query=own | wrong)
        assert refused.status == 422, wrong
        assert refused.tree.xpath("//*[@role='alert']//a/@href") == [f"#{next(iter(wrong))}"]
    table = enter("admin").open(f"{older}/heat.csv", query=own)
    assert table.response.text.splitlines()[1].startswith("ขอ,ask,2,")
    assert (table.status, key in table.response.text) == (200, False)
