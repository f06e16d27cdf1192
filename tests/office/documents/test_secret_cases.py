"""What is said in a secret letter's case stays with those who take part in it and are cleared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry

from engine.actor import Actor
from engine.commands.tasks import CommentTask
from engine.db import reading
from engine.models.instance import process_instance
from engine.queries import instances, tasks
from office.documents import queries as documents
from office.documents.commands import AskWithdrawal, SaveDraft
from office.documents.degrees import TAKES_SECRETS, UNTOLD
from office.documents.models import document
from office.notices import queries as notices
from office.people.models import agency

SUBJECT, REMARK, REASON = "โยกย้ายกำลังพลตามแผนพิเศษ", "ชื่อที่สามควรตัดออก", "แก้วันเคลื่อนกำลัง"
SECRET = {"secrecy": "ลับ", "secrecy_code": "002"}


@pytest.fixture
def ministry(either_ministry: Ministry) -> Ministry:
    """One that takes secret letters."""
    ministry = either_ministry
    with ministry.bus.engine.begin() as db:
        mine = agency.c.id == ministry.agency_id
        policy = db.execute(sa.select(agency.c.policy).where(mine)).scalar_one()
        chosen = {**policy, TAKES_SECRETS: True}
        db.execute(sa.update(agency).where(mine).values(policy=chosen))
    return ministry


@pytest.fixture
def letter(ministry: Ministry) -> Letter:
    """Written as an open one, then made secret, remarked upon and returned."""
    made = ministry.letter(subject=SUBJECT)
    view = ministry.query(documents.one, made.id, by="thotsop")
    ministry.do(SaveDraft(made.id, {**view.content, **SECRET}, view.document.revision), "thotsop")
    made.submitted()
    ministry.do(CommentTask(made.at("proofread").id, REMARK), "sommut")
    made.at("proofread").by("sommut").send_back("draft", REASON)
    return made


def everything(ministry: Ministry, letter: Letter, actor: Actor) -> str:
    """All that the engine and the notices tell this person of the case."""
    with reading(ministry.bus.engine) as db:
        view = instances.one(db, actor, letter.instance_id)
        told: list[Any] = [
            view,
            instances.history(db, actor, letter.instance_id),
            instances.latest_events(db, actor, letter.instance_id),
            instances.listing(db, actor, q=""),
            *(tasks.one(db, actor, UUID(one.id)) for one in view.tasks),
            *(
                tasks.inbox(db, actor, now=ministry.now, view=one)
                for one in ("mine", "claimable", "team", "done", "waiting")
            ),
        ]
        if actor.person_id is not None:
            told.append(notices.recent(db, actor.agency_id, actor.person_id,
                                       clearance=actor.clearance))  # fmt: skip
    return repr(told)


def test_the_case_that_withdraws_a_secret_letter_does_not_name_its_subject(
    ministry: Ministry,
) -> None:
    made = ministry.letter(subject=SUBJECT).on_the_signers_desk().signed()
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).where(document.c.id == made.id).values(secrecy=2))
    asked = ministry.do(AskWithdrawal(made.id, "พิมพ์ผิด"), "thotsop")
    case = UUID(asked["instance_id"])
    (row,) = ministry.rows(process_instance, process_instance.c.id == case)
    assert row.secrecy == 2
    assert UNTOLD in row.title
    with reading(ministry.bus.engine) as db:
        signer = ministry.actor("somying")
        view = instances.one(db, signer, case)
        told = [view, tasks.one(db, signer, UUID(view.tasks[0].id)), row.title]
        told += [tasks.inbox(db, signer, now=ministry.now, view="mine")]
    assert SUBJECT not in repr(told)
    assert "พิมพ์ผิด" in repr(told), "why it is asked for is for the signer to read"


def test_who_takes_part_and_is_cleared_reads_it_all(ministry: Ministry, letter: Letter) -> None:
    for who in ("thotsop", "sommut"):
        told = everything(ministry, letter, ministry.actor(who))
        assert REMARK in told, who
        assert REASON in told, who


@pytest.mark.parametrize(
    ("who", "clearance", "rights"),
    [
        ("thotsop", 1, ()),
        ("sommut", 1, ()),
        ("thotsop", 1, ("see_all", "operate", "audit")),
        ("truatsop", 1, ("audit",)),
        ("truatsop", 3, ("audit", "see_all", "operate")),
        ("admin", 3, ("everything",)),
    ],
)
def test_who_merely_sees_the_case_reads_nothing_that_was_said(
    ministry: Ministry, letter: Letter, who: str, clearance: int, rights: tuple[str, ...]
) -> None:
    actor = replace(ministry.actor(who), clearance=clearance)
    if rights:
        actor = replace(actor, rights=frozenset(rights))
    told = everything(ministry, letter, actor)
    for said in (SUBJECT, REMARK, REASON):
        assert said not in told, said
    assert UNTOLD in told
    assert "task.completed" in told, "that something happened is told"
    with reading(ministry.bus.engine) as db:
        view = instances.one(db, actor, letter.instance_id)
    assert view.variables == {}
    assert {one.outcome for one in view.tasks} == {None}


def test_the_case_follows_its_letters_degree(ministry: Ministry, letter: Letter) -> None:
    def degree() -> set[int]:
        return {row.secrecy for row in ministry.rows(process_instance)}

    assert degree() == {2}
    view = ministry.query(documents.one, letter.id, by="thotsop")
    open_ = {"secrecy": "ปกติ", "secrecy_code": "001"}
    ministry.do(SaveDraft(letter.id, {**view.content, **open_}, view.document.revision), "thotsop")
    assert degree() == {1}
    assert REMARK in everything(ministry, letter, ministry.actor("admin"))


def test_a_case_that_begins_about_a_secret_letter_is_as_secret(ministry: Ministry) -> None:
    made = ministry.letter(subject=SUBJECT, **SECRET)
    (row,) = ministry.rows(process_instance, process_instance.c.id == made.instance_id)
    assert row.secrecy == 2
    assert {row.secrecy for row in ministry.rows(process_instance)} == {2}
