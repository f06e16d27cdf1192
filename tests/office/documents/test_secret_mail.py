"""Mail leaves the house: of a secret letter it tells only that there is something to do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import Ministry

from engine.db import reading
from engine.ids import new_id
from engine.models.instance import process_instance
from engine.ports import JobInput
from office.documents.models import document
from office.notices import queries
from office.notices.actions import MailSettings, actions
from office.notices.models import notice
from office.notices.postbox import RecordingPostbox
from office.people.models import person

SUBJECT, WHY = "โยกย้ายกำลังพลตามแผนลับ", "เนื้อหาส่วนที่ลับต้องแก้"


def mailed(ministry: Ministry, **about: Any) -> str:
    (who,) = ministry.rows(person, person.c.username == "tuayang")
    row: dict[str, Any] = {
        "agency_id": ministry.agency_id, "id": new_id(), "person_id": who.id, "kind": "returned",
        "task_name": "ร่าง", "title": SUBJECT, "reason": WHY, "created_at": ministry.now, **about,
    }  # fmt: skip
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(person).where(person.c.id == who.id).values(email="t@example.go.th"))
        db.execute(sa.insert(notice), row)
    box = RecordingPostbox()
    ministry.bus.services.extra["mail"] = MailSettings(box, "https://saraban.example.go.th")
    (mail,) = actions(lambda: ministry.bus)
    told = {"notice_id": str(row["id"])}
    mail.handler(JobInput(new_id(), ministry.agency_id, None, None, mail.name, told, 1))
    (letter,) = box.sent
    return f"{letter.subject}\n{letter.text}"


@pytest.mark.parametrize("secrecy", [1, 2])
def test_a_mail_of_a_secret_case_says_neither_subject_nor_comment(
    ministry: Ministry, secrecy: int
) -> None:
    letter = ministry.letter()
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).values(secrecy=secrecy))
        db.execute(sa.update(process_instance).values(secrecy=secrecy))
    of_task = mailed(ministry, task_id=new_id(), instance_id=letter.instance_id)
    of_page = mailed(ministry, task_name=SUBJECT, page=f"/documents/{letter.id}/edit")
    for said in (of_task, of_page):
        assert (SUBJECT in said, WHY in said) == (secrecy == 1, secrecy == 1)
        assert "https://saraban.example.go.th/" in said
    assert "ร่าง" in of_task


def test_a_mail_about_nothing_of_ours_is_as_it_was(ministry: Ministry) -> None:
    assert SUBJECT in mailed(ministry, task_id=new_id(), instance_id=UUID(int=5))
    assert SUBJECT in mailed(ministry, page="/account/key")


@pytest.mark.parametrize("clearance", [1, 2])
def test_a_notice_in_the_page_tells_only_who_is_cleared(ministry: Ministry, clearance: int) -> None:
    letter = ministry.letter()
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).values(secrecy=2))
        db.execute(sa.update(process_instance).values(secrecy=2))
    mailed(ministry, task_id=new_id(), instance_id=letter.instance_id)
    mailed(ministry, task_name=SUBJECT, page=f"/documents/{letter.id}/edit")
    (who,) = ministry.rows(person, person.c.username == "tuayang")
    with reading(ministry.bus.engine) as db:
        told = queries.recent(db, ministry.agency_id, who.id, clearance=clearance)
    assert len(told) == 2
    for said in (SUBJECT, WHY):
        assert (said in repr(told)) == (clearance == 2)
