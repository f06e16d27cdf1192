"""The archive of ended cases: how long they stay is said on a page, what went is found again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.builders import bpmn
from support.letter_story import document_id, draft

from api.archiving.commands import ARCHIVE_CASES
from api.pages import words
from engine import jobs
from engine.actor import system_actor
from engine.commands.deployments import Deploy
from engine.commands.instances import CancelInstance, StartInstance
from engine.db import reading
from engine.models.archive import archived_instance
from engine.models.instance import process_instance
from engine.models.job import job
from engine.queries import destruction
from office.documents.models import document

AT = "/admin/archive"


@pytest.fixture
def case(office):
    """(id, process) of a case that ended as it began."""
    key, bus, system = f"short-{uuid4().hex[:8]}", office.system.bus, system_actor(office.home.id)
    bus.execute(Deploy({"a.bpmn": bpmn(key, flows="start>end")}), system)
    return bus.execute(StartInstance(key, business_key=key), system)["id"], key


def _setting(page):
    return next(form for form in page.forms() if "keep_days" in form.names())


def _work_off(office):
    with reading(office.system.engine) as db:
        waiting = db.scalars(sa.select(job.c.id).where(
            job.c.action == ARCHIVE_CASES, job.c.state == "waiting"))  # fmt: skip
        ids = list(waiting)
    for id_ in ids:
        jobs.run_job(office.system.bus, UUID(str(id_)))


def test_a_case_is_put_away_from_the_page_and_found_again(office, enter, case):
    id_, key = case
    admin = enter("admin")
    page = admin.open(AT)
    done = _setting(page).send(definition_key=key, keep_days="๐", reason="ระเบียบงานสารบรรณ")
    assert (done.status, "ตั้งกำหนดการเก็บแล้ว" in done.text) == (200, True)
    assert "0 วันหลังเรื่องจบ" in done.text
    assert "ระเบียบงานสารบรรณ" in done.text
    office.clock.advance(timedelta(seconds=1))
    asked = done.form(f"{AT}/run").send()
    assert (asked.path, str(words.ACTIONS[ARCHIVE_CASES]) in asked.text) == ("/jobs", True)
    _work_off(office)
    found = admin.open(AT, query={"q": key})
    assert f"/instances/{id_}" in found.links()
    assert admin.open(AT, query={"q": "nothing like it"}).links("/instances/") == []
    stone = admin.open(f"/instances/{id_}")
    assert "เรื่องนี้อยู่ในคลัง" in stone.text
    (address,) = stone.links("/archived/")
    sent = admin.open(address).response
    assert sent.data[:4] == b"PK\3\4"
    assert sent.headers["ETag"].strip('"') in stone.text


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [("-1", "x", "keep_days"), ("ten", "x", "keep_days"), ("36526", "x", "keep_days"),
     ("1", " ", "reason")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_kept(enter, days, reason, field):
    page = enter("admin").open(AT)
    refused = _setting(page).send(keep_days=days, reason=reason)
    assert refused.status == 422
    assert refused.error(field)
    assert _setting(refused).values()["keep_days"] == [days]


def test_empty_days_are_for_ever_and_leave_nothing_to_do(enter):
    admin = enter("admin")
    page = _setting(admin.open(AT)).send(keep_days="", reason="เก็บทั้งหมด")
    assert "เก็บไว้ตลอด" in page.text


def test_who_may_not_sees_nothing_of_it(enter, case):
    clerk = enter("thotsop")
    assert clerk.open(AT).status == 403
    token = clerk.open("/account").form("/account/keys").values()["csrf_token"][0]
    for act in (AT, f"{AT}/run"):
        sent = {"csrf_token": token, "reason": "x", "keep_days": "1"}
        assert clerk.post(act, sent).status == 403, act
    assert clerk.open(f"/archived/{case[0]}/evidence").status == 404
    assert clerk.open(f"/instances/{uuid4()}").status == 404


def test_an_auditor_reads_but_sets_nothing(enter):
    page = enter("truatsop").open(AT)
    assert page.status == 200
    assert [f.element.get("action") for f in page.forms() if "archive" in f.element.get("action")
            and f.element.get("method") == "post"] == []  # fmt: skip


def test_evidence_with_a_secret_letter_opens_to_whom_it_names(office, enter, case):
    id_, key = case
    admin, auditor = enter("admin"), enter("truatsop")
    _setting(admin.open(AT)).send(definition_key=key, keep_days="0", reason="ระเบียบ")
    office.clock.advance(timedelta(seconds=1))
    admin.open(AT).form(f"{AT}/run").send()
    _work_off(office)
    evidence = f"/archived/{id_}/evidence"
    assert auditor.open(f"/instances/{id_}").links(evidence)
    letter = document_id(draft(enter("thotsop"), "ลับในคลัง"))
    mine = document.update().where(document.c.id == UUID(letter))
    with office.system.engine.begin() as db:
        before = db.scalar(sa.select(document.c.instance_id).where(document.c.id == UUID(letter)))
        db.execute(mine.values(instance_id=UUID(id_), secrecy=2))
    try:
        stone = auditor.open(f"/instances/{id_}")
        assert not stone.links(evidence)
        assert "เปิดให้เฉพาะผู้ตรวจสอบที่ถูกระบุในหนังสือนั้น" in stone.text
        assert auditor.client.get(evidence).status_code == 403
    finally:
        with office.system.engine.begin() as db:
            db.execute(mine.values(instance_id=before, secrecy=1))
    assert auditor.client.get(evidence).status_code == 200


def test_a_case_is_held_and_then_asked_to_be_destroyed(office, enter, case):
    id_, key = case
    admin = enter("admin")
    bad = _setting(admin.open(AT)).send(destroy_years="9", reason="ระเบียบ")
    assert (bad.status, bool(bad.error("destroy_years"))) == (422, True)
    _setting(admin.open(AT)).send(
        definition_key=key, keep_days="0", destroy_years="๑๐", reason="ระเบียบ"
    )
    office.clock.advance(timedelta(seconds=1))
    admin.open(AT).form(f"{AT}/run").send()
    _work_off(office)
    stone = admin.open(f"/instances/{id_}")
    refused = stone.form(f"/archived/{id_}/hold").send(reason=" ")
    assert (refused.status, bool(refused.error("reason"))) == (422, True)
    held = refused.form(f"/archived/{id_}/hold").send(reason="มีคดีปกครอง")
    assert "มีคดีปกครอง" in held.text
    assert "ห้ามทำลาย" in admin.open(AT, query={"q": key}).text
    free = held.form(f"/archived/{id_}/release").send(reason="คดีถึงที่สุด")
    assert free.form(f"/archived/{id_}/hold")
    clerk = enter("thotsop")
    token = clerk.open("/account").form("/account/keys").values()["csrf_token"][0]
    for act in (f"/archived/{id_}/hold", f"/archived/{id_}/release"):
        assert clerk.post(act, {"csrf_token": token, "reason": "x"}).status == 403
    ended = process_instance.update().where(process_instance.c.id == UUID(id_))
    with office.system.engine.begin() as db:
        db.execute(ended.values(ended_at=office.clock.now() - timedelta(days=4000)))
    form = admin.open(AT).form(f"{AT}/destruction")
    who = {"member-1": "phatsadu", "member-2": "wichan"}
    assert "ปลัดกระทรวงตัวอย่าง" in admin.open(AT).text
    short = form.send(**who, destroy_reason="พื้นที่ไม่พอ")
    assert (short.status, bool(short.error("member-1"))) == (422, True)
    who["member-3"] = "tuayang"
    bad = form.send(**who | {"member-1": "admin"}, destroy_reason="x")
    assert "ผู้ขอเป็นประธานกรรมการไม่ได้" in bad.text
    asked = form.send(**who, destroy_reason="พื้นที่ไม่พอ")
    assert "เริ่มกระบวนการทำลายแล้ว" in asked.text
    with reading(office.system.engine) as db:
        decided = destruction.running(db, office.home.id)
    assert f"/instances/{decided}" in asked.links()
    assert "ทำลายแฟ้มเรื่องที่ครบกำหนดเก็บ" in admin.open(f"/instances/{decided}").text
    with office.system.engine.begin() as db:
        now = office.clock.now()
        values = {"destroyed_at": now, "approved_by": "somying", "approved_at": now,
                  "destruction_id": decided}  # fmt: skip
        stone_row = archived_instance.update().where(archived_instance.c.id == UUID(id_))
        db.execute(stone_row.values(values))
    try:
        gone = admin.open(f"/instances/{id_}")
        assert "แฟ้มของเรื่องนี้ทำลายแล้ว" in gone.text
        assert not gone.links("/archived/")
        assert admin.client.get(f"/archived/{id_}/evidence").status_code == 404
    finally:
        with office.system.engine.begin() as db:
            db.execute(stone_row.values(dict.fromkeys(values)))
    office.system.bus.execute(CancelInstance(decided, "x"), system_actor(office.home.id))
