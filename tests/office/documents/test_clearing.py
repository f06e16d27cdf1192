"""Secret letters open to whom they name and who is cleared: reading, writing, tasks, signing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry

from engine.commands.incidents import RetryIncident
from engine.commands.tasks import (
    ClaimTask,
    CommentTask,
    CompleteTask,
    DelegateTask,
    ReassignTask,
    UnclaimTask,
)
from engine.errors import Forbidden, Invalid, Rejected
from engine.models.history import history_event
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.task import task
from office.documents import queries as documents
from office.documents.commands import SaveDraft
from office.documents.degrees import TAKES_SECRETS, UNTOLD
from office.documents.models import document
from office.people import queries as people
from office.people.commands import GrantClearance, WithdrawClearance
from office.people.models import agency

SUBJECT = "โยกย้ายกำลังพลตามแผนพิเศษ"
SECRET = {"secrecy": "ลับ", "secrecy_code": "002"}
GRAVE = {"secrecy": "ลับมาก", "secrecy_code": "003"}


@pytest.fixture
def ministry(either_ministry: Ministry) -> Ministry:
    """One that takes secret letters. Of its drafters only thotsop is cleared, for ลับ."""
    ministry = either_ministry
    with ministry.bus.engine.begin() as db:
        policy = db.execute(sa.select(agency.c.policy).where(agency.c.id == ministry.agency_id))
        chosen = {**policy.scalar_one(), TAKES_SECRETS: True}
        db.execute(sa.update(agency).where(agency.c.id == ministry.agency_id).values(policy=chosen))
    return ministry


@pytest.fixture
def secret(ministry: Ministry) -> Letter:
    return ministry.letter(subject=SUBJECT, **SECRET)


def withdraw(ministry: Ministry, username: str) -> None:
    who = ministry.actor(username).person_id
    assert who is not None
    held = ministry.query(lambda db, actor: people.clearances_of(
        db, actor.agency_id, who, ministry.now))  # fmt: skip
    for one in held:
        if one.state != "ended":
            ministry.do(WithdrawClearance(one.id, "ทดสอบ"))


def open_task(ministry: Ministry, letter: Letter) -> Any:
    (row,) = ministry.rows(task, task.c.root_id == letter.instance_id, task.c.state != "completed")
    return row


def code(refused: pytest.ExceptionInfo[Rejected]) -> str:
    return refused.value.code


def test_a_secret_letter_is_drafted_by_who_is_cleared_for_it(ministry: Ministry) -> None:
    with pytest.raises(Invalid) as refused:
        ministry.letter(subject=SUBJECT, **GRAVE)  # thotsop is cleared for ลับ
    assert [(one.path, one.code) for one in refused.value.errors] == [("secrecy", "not_cleared")]
    assert ministry.rows(document) == []
    letter = ministry.letter(subject=SUBJECT, **SECRET)
    (row,) = ministry.rows(document)
    assert (row.id, row.secrecy, row.subject) == (letter.id, 2, SUBJECT)


def test_its_case_never_tells_its_subject(ministry: Ministry, secret: Letter) -> None:
    view = ministry.query(documents.one, secret.id, by="thotsop")
    changed = {**view.content, "subject": SUBJECT + "ครั้งที่สอง"}
    wanted = SaveDraft(secret.id, changed, view.document.revision)
    ministry.do(wanted, "thotsop")
    assert ministry.rows(document)[0].subject.endswith("ครั้งที่สอง")
    (case,) = ministry.rows(process_instance)
    assert case.title == UNTOLD
    told = [case.variables, *(row.data for row in ministry.rows(history_event))]
    assert SUBJECT not in repr(told)


def test_a_letter_that_becomes_secret_is_called_so_from_then_on(ministry: Ministry) -> None:
    letter = ministry.letter(subject=SUBJECT)
    view = ministry.query(documents.one, letter.id, by="thotsop")
    for degrees in (GRAVE, SECRET):
        content = {**view.content, **degrees}
        wanted = SaveDraft(letter.id, content, view.document.revision)
        if degrees is GRAVE:
            with pytest.raises(Invalid):
                ministry.do(wanted, "thotsop")
        else:
            ministry.do(wanted, "thotsop")
    assert ministry.rows(document)[0].secrecy == 2
    assert ministry.rows(process_instance)[0].title == UNTOLD


def test_whom_it_names_reads_it_while_cleared(ministry: Ministry, secret: Letter) -> None:
    assert ministry.query(documents.one, secret.id, by="thotsop").content["subject"] == SUBJECT
    withdraw(ministry, "thotsop")
    with pytest.raises(Forbidden) as refused:
        ministry.query(documents.one, secret.id, by="thotsop")
    assert code(refused) == "not_cleared"
    assert ministry.query(documents.listing, by="thotsop").items == []
    for who in ("somying", "truatsop", "admin"):  # cleared, or with every right: not named
        with pytest.raises(Forbidden) as refused:
            ministry.query(documents.one, secret.id, by=who)
        assert code(refused) == "not_reader"


def test_who_is_not_cleared_does_nothing_with_its_tasks(ministry: Ministry, secret: Letter) -> None:
    found = open_task(ministry, secret)
    if found.state == "claimed":
        ministry.do(UnclaimTask(found.id), "thotsop")
    view = ministry.query(documents.one, secret.id, by="thotsop")
    withdraw(ministry, "thotsop")
    saving = SaveDraft(secret.id, {**view.content, "subject": "x"}, view.document.revision)
    for command in (
        ClaimTask(found.id),
        CompleteTask(found.id, outcome="submit"),
        DelegateTask(found.id, "phuchuai"),
        CommentTask(found.id, "เห็นแล้ว"),
        saving,
    ):
        with pytest.raises(Forbidden) as refused:
            ministry.do(command, "thotsop")
        assert code(refused) == "not_cleared", command
    after = open_task(ministry, secret)
    assert (after.state, after.assignee) == ("open", None)


def test_it_is_handed_to_nobody_who_is_not_cleared(ministry: Ministry, secret: Letter) -> None:
    found = open_task(ministry, secret)
    for command in (
        DelegateTask(found.id, "phuchuai"),
        ReassignTask(found.id, "person:phuchuai", "ลา"),
    ):
        with pytest.raises(Forbidden) as refused:
            ministry.do(command, "thotsop" if isinstance(command, DelegateTask) else "admin")
        assert code(refused) == "receiver_not_cleared"
    ministry.do(GrantClearance("phuchuai", 2, "คำสั่งที่ 9", ministry.now.date()))
    ministry.do(DelegateTask(found.id, "phuchuai"), "thotsop")
    assert open_task(ministry, secret).assignee == "phuchuai"


def test_a_step_whose_people_are_not_cleared_stops_with_its_cause(
    ministry: Ministry, secret: Letter
) -> None:
    withdraw(ministry, "sommut")
    found = open_task(ministry, secret)
    ministry.do(CompleteTask(found.id, outcome="submit"), "thotsop")
    (trouble,) = ministry.rows(incident, incident.c.resolved_at.is_(None))
    assert trouble.code == "nobody_cleared"
    assert "sommut" in trouble.message
    ministry.do(GrantClearance("sommut", 2, "คำสั่งที่ 9", ministry.now.date()))
    ministry.do(RetryIncident(trouble.id))
    assert ministry.rows(incident, incident.c.resolved_at.is_(None)) == []
    ministry.do(ClaimTask(open_task(ministry, secret).id), "sommut")


def test_ordinary_letters_ask_for_no_clearance(ministry: Ministry) -> None:
    letter = ministry.letter()
    withdraw(ministry, "thotsop")
    found = open_task(ministry, letter)
    ministry.do(CompleteTask(found.id, outcome="submit"), "thotsop")
    assert ministry.rows(incident) == []
