"""Who is told about which event, how, and what a mail gives away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from engine.bus import Bus, Context
from engine.events import (
    TaskCreated,
    TaskEscalated,
    TaskReassigned,
    TaskRef,
    TaskReminded,
    TaskRetold,
    TaskReturned,
    TaskWithdrawn,
)
from engine.ids import new_id
from engine.models.job import job
from engine.ports import Candidate, JobFailed, JobInput
from office.notices import queries
from office.notices.commands import ChooseNotice, MarkRead
from office.notices.listeners import MAIL_ACTION
from office.notices.postbox import Letter, MailRefused, RecordingPostbox
from office.notices.queries import NoticeRow
from office.people import commands as people

CHIEF = Candidate("position", "chief", "หัวหน้า")
CLERK = Candidate("position", "clerk", "เจ้าหน้าที่")
RECORDS = Candidate("unit", "records", "กลุ่มสารบรรณ")


@dataclass(frozen=True, slots=True)
class Happen:
    """A command of the tests that raises an event, as the engine's handlers do."""

    event: Any


def _happen(command: Happen, ctx: Context) -> dict[str, Any]:
    ctx.emit(command.event)
    return {}


@pytest.fixture
def told(rooms: Rooms) -> Rooms:
    rooms.bus.handlers = {**rooms.bus.handlers, Happen: _happen}
    return rooms


def _task(rooms: Rooms, **more: Any) -> TaskRef:
    given: dict[str, Any] = {
        "agency_id": rooms.agency_id,
        "task_id": new_id(),
        "instance_id": new_id(),
        "definition_key": "official-letter",
        "business_key": None,
        "element_id": "check",
        "name": "ตรวจ",
        "title": "ขอเชิญเป็นวิทยากร",
        "priority": 3,
        "due_at": rooms.now + timedelta(hours=4),
        "act": None,
    }
    return TaskRef(**{**given, **more})


def _created(
    rooms: Rooms, *candidates: Candidate, because: str = "new", reason: str | None = None
) -> TaskCreated:
    return TaskCreated(_task(rooms), candidates, because, reason)


def _notices(rooms: Rooms, username: str) -> Sequence[NoticeRow]:
    with rooms.read() as db:
        return queries.recent(db, rooms.agency_id, rooms.person_id(username))


def _kinds(rooms: Rooms) -> dict[str, list[str]]:
    return {name: [row.kind for row in _notices(rooms, name)] for name in ("noi", "rong", "ying")}


def _mail(rooms: Rooms) -> list[JobInput]:
    with rooms.read() as db:
        rows = db.execute(
            sa.select(job.c.id, job.c.payload)
            .where(job.c.agency_id == rooms.agency_id, job.c.action == MAIL_ACTION)
            .order_by(job.c.id)
        )
        return [
            JobInput(row.id, rooms.agency_id, None, None, MAIL_ACTION, row.payload, 1)
            for row in rows
        ]


def _deliver(rooms: Rooms) -> None:
    for one in _mail(rooms):
        rooms.bus.services.actions[MAIL_ACTION].handler(one)


def test_everybody_who_can_act_is_told(told: Rooms) -> None:
    told.do(Happen(_created(told, CHIEF, RECORDS)))
    assert _kinds(told) == {"noi": ["task"], "rong": [], "ying": ["task"]}
    (row,) = _notices(told, "noi")
    assert (row.task_name, row.title, row.priority) == ("ตรวจ", "ขอเชิญเป็นวิทยากร", 3)


def test_who_acts_for_an_absent_holder_is_told_too(told: Rooms) -> None:
    today = told.now.date()
    told.do(people.RecordInstrument("acting", "rong", "chief", "ที่ ๑/๒๕๖๙", today, today))
    told.do(people.RecordLeave("ying", "sick", today, today))
    told.do(Happen(_created(told, CHIEF)))
    assert _kinds(told) == {"noi": [], "rong": ["task"], "ying": ["task"]}


def test_nobody_is_told_of_their_own_step(told: Rooms) -> None:
    told.do(Happen(_created(told, CHIEF, CLERK)), by="noi")
    assert _kinds(told) == {"noi": [], "rong": [], "ying": ["task"]}
    (row,) = _notices(told, "ying")
    assert row.actor == "noi"


@pytest.mark.parametrize(
    ("because", "kind"), [("new", "task"), ("returned", "returned"), ("acknowledge", "acknowledge")]
)
def test_why_a_task_was_made_is_its_kind(told: Rooms, because: str, kind: str) -> None:
    told.do(Happen(_created(told, CLERK, because=because, reason="แก้วันที่")), by="ying")
    (row,) = _notices(told, "noi")
    assert (row.kind, row.reason) == (kind, "แก้วันที่")


def test_reminders_go_to_the_assignee_or_to_all_who_can_act(told: Rooms) -> None:
    task = _task(told)
    told.do(Happen(TaskReminded(task, (CHIEF, CLERK), "noi", 1)))
    assert _kinds(told) == {"noi": ["reminder"], "rong": [], "ying": []}
    told.do(Happen(TaskReminded(task, (CHIEF, CLERK), None, 2)))
    assert _kinds(told) == {"noi": ["reminder"] * 2, "rong": [], "ying": ["reminder"]}


def test_a_task_that_another_version_changed_tells_who_has_it(told: Rooms) -> None:
    task, actor = _task(told), told.actor("ying")
    told.do(Happen(TaskRetold(task, (CHIEF, CLERK), "noi", frozenset({"due"}), actor)))
    assert _kinds(told) == {"noi": ["changed"], "rong": [], "ying": []}
    told.do(Happen(TaskRetold(task, (CHIEF, CLERK), None, frozenset({"due"}), actor)), by="ying")
    assert _kinds(told) == {"noi": ["changed"] * 2, "rong": [], "ying": []}


def test_who_is_withdrawn_from_a_list_is_told_why(told: Rooms) -> None:
    task, actor = _task(told), told.actor("ying")
    told.do(Happen(TaskWithdrawn(task, (CHIEF, CLERK), None, "เปลี่ยนกรรมการ", actor)), by="ying")
    assert _kinds(told) == {"noi": ["withdrawn"], "rong": [], "ying": []}
    assert _notices(told, "noi")[0].reason == "เปลี่ยนกรรมการ"
    told.do(Happen(TaskWithdrawn(task, (CHIEF, CLERK), "rong", "x", actor)))
    assert _kinds(told) == {"noi": ["withdrawn"], "rong": ["withdrawn"], "ying": []}


def test_an_escalation_tells_the_late_and_those_asked_to_step_in(told: Rooms) -> None:
    told.do(Happen(TaskEscalated(_task(told), (CLERK,), "noi", (CHIEF,))))
    assert _kinds(told) == {"noi": ["escalation"], "rong": [], "ying": ["escalation"]}


def test_who_is_given_a_task_is_told_and_a_return_alone_tells_nobody(told: Rooms) -> None:
    actor = told.actor("ying")
    told.do(Happen(TaskReassigned(_task(told), actor, "noi", "ลาพรุ่งนี้")), by="ying")
    told.do(Happen(TaskReturned(_task(told), actor, "draft", "แก้", "rerun")), by="ying")
    assert _kinds(told) == {"noi": ["assigned"], "rong": [], "ying": []}


def test_each_person_chooses_page_and_mail_by_kind(told: Rooms) -> None:
    told.do(ChooseNotice("task", in_page=False, by_mail=True), by="noi")
    told.do(ChooseNotice("task", in_page=False, by_mail=False), by="ying")
    told.do(Happen(_created(told, CHIEF, CLERK)))
    assert _kinds(told) == {"noi": [], "rong": [], "ying": []}
    assert len(_mail(told)) == 1
    told.do(ChooseNotice("task", in_page=True, by_mail=False), by="noi")
    told.do(Happen(_created(told, CHIEF, CLERK)))
    assert _kinds(told)["noi"] == ["task"]
    assert len(_mail(told)) == 1
    with pytest.raises(Exception, match="Expected one of"):
        told.do(ChooseNotice("weather", in_page=True, by_mail=True), by="noi")


def test_notices_are_counted_and_read(told: Rooms, other: Rooms) -> None:
    for _ in range(3):
        told.do(Happen(_created(told, CLERK)))
    me = told.person_id("noi")
    first = _notices(told, "noi")[0]
    with told.read() as db:
        assert queries.unread_count(db, told.agency_id, me) == 3
    for agency, by in ((told, "rong"), (other, "noi")):
        with pytest.raises(Exception, match="Expected one of your notices"):
            agency.do(MarkRead(first.id), by=by)
    assert told.do(MarkRead(first.id), by="noi") == {"read": 1}
    assert told.do(MarkRead(first.id), by="noi") == {"read": 0}
    with told.read() as db:
        assert len(queries.recent(db, told.agency_id, me, unread_only=True)) == 2
    assert told.do(MarkRead(), by="noi") == {"read": 2}


def test_mail_goes_out_in_the_readers_language_with_a_link(
    told: Rooms, postbox: RecordingPostbox
) -> None:
    told.do(people.ChooseLanguage("en"), by="noi")
    told.do(Happen(_created(told, CLERK)), by="ying")
    _deliver(told)
    (letter,) = postbox.sent
    assert letter.to == f"noi@{told.code}.example.go.th"
    assert letter.subject == "[Very urgent] New task: ตรวจ – ขอเชิญเป็นวิทยากร"
    assert "From: Ying" in letter.text
    assert f"http://127.0.0.1:8000/tasks/{_notices(told, 'noi')[0].task_id}" in letter.text


def test_a_repeated_job_sends_the_same_letter(told: Rooms, postbox: RecordingPostbox) -> None:
    told.do(Happen(_created(told, CLERK)))
    _deliver(told)
    _deliver(told)
    one, two = postbox.sent
    assert one.key == two.key


def test_without_an_address_or_after_leaving_no_mail_goes(
    told: Rooms, postbox: RecordingPostbox
) -> None:
    told.do(Happen(_created(told, CLERK)))
    told.do(people.ChangePerson("noi", email=""))
    _deliver(told)
    told.do(Happen(_created(told, CLERK)))
    assert len(_mail(told)) == 1
    told.do(people.ChangePerson("noi", email="noi@back.example.go.th", active=False))
    _deliver(told)
    assert postbox.sent == []


class Refusing:
    def __init__(self, *, lasting: bool) -> None:
        self.lasting = lasting

    def send(self, letter: Letter) -> None:
        raise MailRefused("no", lasting=self.lasting)


@pytest.mark.parametrize("lasting", [True, False])
def test_a_refused_mail_is_tried_again_only_if_that_can_help(
    told: Rooms, bus: Bus, lasting: bool
) -> None:
    told.do(Happen(_created(told, CLERK)))
    extra: Any = bus.services.extra
    settings = extra["mail"]
    extra["mail"] = type(settings)(Refusing(lasting=lasting), settings.public_url)
    with pytest.raises(JobFailed) as failed:
        _deliver(told)
    assert failed.value.retry is not lasting


def test_a_notice_of_another_agency_is_not_mailed(told: Rooms, other: Rooms) -> None:
    told.do(Happen(_created(told, CLERK)))
    (one,) = _mail(told)
    foreign = JobInput(one.job_id, other.agency_id, None, None, MAIL_ACTION, one.payload, 1)
    told.bus.services.actions[MAIL_ACTION].handler(foreign)
    assert told.bus.services.extra["mail"].postbox.sent == []
