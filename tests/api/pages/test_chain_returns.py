"""A chain of parallel work on its pages: sent out of it, told to those asked, begun anew."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from support.letter_story import open_task

WHY = "ขอให้แก้คุณลักษณะให้ชัดก่อน"


def _started(enter: Any, subject: str) -> None:
    admin = enter("admin")
    source = {"source": "t:purchase-request", "name": subject}
    chain = admin.open("/chains").form("/chains/begin").send(**source).path
    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    form = enter("thotsop").open(made.path).form(f"{made.path}/start")
    form.send(subject=subject, amount="5000", budget_officer="khlang",
              specification_officer="kotmai", detail="ใช้ในห้องประชุม",
              quotation=("ใบเสนอราคา.pdf", _blank_page()))  # fmt: skip


def _blank_page() -> bytes:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


def test_whoever_refuses_in_parallel_work_sends_it_to_the_starter(enter: Any) -> None:
    subject = "ซื้อเก้าอี้ที่ส่งคืนแล้ว"
    _started(enter, subject)
    starter, kotmai, khlang = (enter(name) for name in ("thotsop", "kotmai", "khlang"))
    task = open_task(kotmai, subject)
    assert "ใบเสนอราคา.pdf" in task.text
    assert "ส่งคืนไปที่ขั้น" in task.text
    assert "ผู้เริ่มเรื่อง แก้ไข" in task.text
    form = task.form(f"{task.path}/decide")
    form.send(outcome="return", to="s_specification", comment=WHY, resume="rerun")
    told = khlang.open("/notices").text
    assert "ไม่ต้องพิจารณาแล้ว" in told
    assert WHY in told
    corrected = open_task(starter, subject)
    case = starter.open(corrected.links("/instances/")[0]).text
    assert "ยกเลิกงาน “ตรวจงบประมาณ”" in case
    assert "สิ่งอื่นในเรื่องยุติงานส่วนนี้" in case
    assert "boundary" not in case
    corrected.form(f"{corrected.path}/decide").send(subject=subject, amount="4000")
    for who in (khlang, kotmai):
        assert "ตรวจ" in open_task(who, subject).text
