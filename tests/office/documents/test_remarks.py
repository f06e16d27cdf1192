"""Remarks on a draft and proposals for its words: who may, what they change, what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry

from engine.db import reading
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from office.documents import queries
from office.documents.commands import AddRemark, AnswerRemark, SaveDraft, SettleRemark
from office.documents.models import remark
from office.notices.commands import MarkRead
from office.notices.models import notice
from office.people.models import person

WORDS = "เพื่อ"


@pytest.fixture
def letter(either_ministry: Ministry) -> Letter:
    """On the proofreader's desk."""
    return either_ministry.letter().submitted()


def _first(letter: Letter) -> str:
    return str(letter.row.content["paragraphs"][0])


def add(letter: Letter, by: str = "sommut", **more: Any) -> UUID:
    given = {"text": "ขอให้ระบุวัน", **more}
    return UUID(letter.ministry.do(AddRemark(letter.id, **given), by)["id"])


def propose(letter: Letter, replacement: str = "โดยที่", by: str = "sommut") -> UUID:
    quote = _first(letter)[:4]
    return add(letter, by, quote=quote, paragraph=0, replacement=replacement, text="")


def settle(letter: Letter, one: UUID, verdict: Any, by: str = "sommut") -> Any:
    return letter.ministry.do(SettleRemark(letter.id, one, verdict), by)


def seen(letter: Letter, by: str = "thotsop") -> Any:
    return letter.ministry.query(queries.of_draft, letter.id, by=by)


def test_who_takes_part_remarks_and_is_answered(letter: Letter) -> None:
    one = add(letter, quote=_first(letter)[:4], paragraph=0)
    letter.ministry.do(AnswerRemark(letter.id, one, "ระบุแล้ว"), "thotsop")
    (found,) = seen(letter)
    assert (found.username, found.text, found.state) == ("sommut", "ขอให้ระบุวัน", "open")
    assert (found.paragraph, found.start, found.end) == (0, 0, 4)
    assert [(reply.username, reply.text) for reply in found.replies] == [("thotsop", "ระบุแล้ว")]
    count = letter.ministry.query(queries.open_remarks, letter.id, by="thotsop")
    assert count == 1


def told(letter: Letter) -> Counter[str]:
    """How often each was told of remarks on the draft."""
    named = sa.select(person.c.username).join_from(
        notice, person, person.c.id == notice.c.person_id
    )
    here = (notice.c.kind == "remark", notice.c.page == f"/documents/{letter.id}/remarks")
    with reading(letter.ministry.bus.engine) as db:
        return Counter(db.execute(named.where(*here)).scalars())


def test_those_concerned_are_told_once(letter: Letter) -> None:
    one = add(letter, "thotsop")
    assert told(letter) == {"sommut": 1}  # who has it to proofread, not who said it
    letter.ministry.do(AnswerRemark(letter.id, one, "แก้แล้ว"), "sommut")
    assert told(letter) == {"sommut": 1, "thotsop": 1}  # the thread alone
    add(letter, "thotsop")
    letter.ministry.do(AnswerRemark(letter.id, one, "ขอบคุณ"), "thotsop")
    assert told(letter) == {"sommut": 1, "thotsop": 1}  # the first ones are not read yet
    letter.ministry.do(MarkRead(), "sommut")
    add(letter, "thotsop")
    assert told(letter) == {"sommut": 2, "thotsop": 1}
    letter.ministry.clock.advance(timedelta(hours=2))
    letter.ministry.do(AnswerRemark(letter.id, one, "อีกข้อ"), "sommut")
    assert told(letter) == {"sommut": 2, "thotsop": 2}


def test_accepting_a_proposal_saves_its_words(letter: Letter) -> None:
    first, revision = _first(letter), letter.row.revision
    one = propose(letter)
    answer = settle(letter, one, "accept")
    assert answer["state"] == "accepted"
    assert (_first(letter), letter.row.revision) == ("โดยที่" + first[4:], revision + 1)
    (found,) = seen(letter)
    assert (found.state, found.settled_by, found.paragraph) == ("accepted", "sommut", None)


def test_a_proposal_follows_its_words(letter: Letter) -> None:
    one = propose(letter)
    content = letter.row.content
    more = {**content, "paragraphs": ["แทรกก่อน", *content["paragraphs"]]}
    letter.ministry.do(SaveDraft(letter.id, more, letter.row.revision), "sommut")
    settle(letter, one, "accept")
    assert letter.row.content["paragraphs"][1].startswith("โดยที่")


def test_words_that_are_gone_are_not_guessed(letter: Letter) -> None:
    one = propose(letter)
    content = letter.row.content
    other = {**content, "paragraphs": ["ถ้อยคำอื่น", *content["paragraphs"][1:]]}
    letter.ministry.do(SaveDraft(letter.id, other, letter.row.revision), "sommut")
    with pytest.raises(Conflict) as refused:
        settle(letter, one, "accept")
    assert refused.value.code == "words_gone"
    (found,) = seen(letter)
    assert (found.state, found.paragraph) == ("open", None)


def test_a_proposal_is_declined_and_opened_again(letter: Letter) -> None:
    one = propose(letter)
    assert settle(letter, one, "decline")["state"] == "declined"
    assert settle(letter, one, "reopen")["state"] == "open"
    assert settle(letter, one, "resolve")["state"] == "resolved"


def test_only_writers_accept_and_authors_take_back(letter: Letter) -> None:
    one = propose(letter, by="thotsop")  # the drafter has no task now
    with pytest.raises(Forbidden):
        settle(letter, one, "accept", "thotsop")
    assert settle(letter, one, "resolve", "thotsop")["state"] == "resolved"
    other = add(letter)
    with pytest.raises(Forbidden):
        settle(letter, other, "resolve", "thotsop")


def test_who_holds_another_step_proposes_and_changes_nothing(either_ministry: Ministry) -> None:
    letter = either_ministry.letter().on_the_signers_desk()
    before = letter.row
    assert either_ministry.query(queries.may_propose, letter.id, by="somying")
    assert not either_ministry.query(queries.may_propose, letter.id, by="thotsop")  # no step now
    outright = {**before.content, "paragraphs": ["ถ้อยคำอื่น"], "subject": "เรื่องอื่น"}
    for content in (outright, before.content):
        with pytest.raises(Forbidden) as refused:
            either_ministry.do(SaveDraft(letter.id, content, before.revision), "somying")
        assert refused.value.code == "only_proposes"
    with pytest.raises(Forbidden) as refused:
        either_ministry.do(SaveDraft(letter.id, outright, before.revision), "thotsop")
    assert refused.value.code == "not_editor"
    mine, theirs = propose(letter, by="somying"), propose(letter, by="thotsop")
    for one, verdict in ((mine, "accept"), (theirs, "accept"), (theirs, "decline")):
        with pytest.raises(Forbidden):
            settle(letter, one, verdict, "somying")
    assert (letter.row.content, letter.row.revision) == (before.content, before.revision)
    letter.at("sign").by("somying").send_back("draft")
    assert not either_ministry.query(queries.may_propose, letter.id, by="thotsop")  # but edits
    settle(letter, mine, "accept", "thotsop")
    assert _first(letter).startswith("โดยที่")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"text": " "}, {"text": "required"}),
        ({"text": "ก" * 4001}, {"text": "too_long"}),
        ({"quote": "ไม่มีคำนี้", "paragraph": 0}, {"quote": "not_there"}),
        ({"quote": "ก"}, {"quote": "not_there"}),
        ({"quote": "ก", "paragraph": 99}, {"quote": "not_there"}),
        ({"replacement": "ข"}, {"quote": "required"}),
    ],
)
def test_what_is_no_remark_is_told_by_field(
    letter: Letter, given: dict[str, Any], expected: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        add(letter, **given)
    assert {error.path: error.code for error in refused.value.errors} == expected


def test_a_proposal_of_the_same_words_is_none(letter: Letter) -> None:
    with pytest.raises(Invalid) as refused:
        propose(letter, _first(letter)[:4])
    assert refused.value.errors[0].code == "unchanged"


def test_strangers_neither_see_nor_say(letter: Letter) -> None:
    add(letter)
    for ask in (lambda: seen(letter, "wikhro"), lambda: add(letter, "wikhro")):
        with pytest.raises(Forbidden):
            ask()


def test_settled_once_and_only_what_is_there(letter: Letter) -> None:
    one = add(letter)
    settle(letter, one, "resolve")
    for again in (lambda: settle(letter, one, "resolve"), lambda: settle(letter, one, "accept")):
        with pytest.raises(Conflict):
            again()
    with pytest.raises(Conflict):
        letter.ministry.do(AnswerRemark(letter.id, one, "ช้าไป"), "thotsop")
    with pytest.raises(NotFound):
        settle(letter, new_id(), "resolve")


def test_a_signed_letter_takes_no_remarks(either_ministry: Ministry) -> None:
    letter = either_ministry.letter().submitted()
    one = add(letter)
    letter.passed("proofread", "check", "division_head", "deputy").signed()
    for late in (lambda: add(letter, "thotsop"), lambda: settle(letter, one, "resolve", "thotsop")):
        with pytest.raises(Conflict) as refused:
            late()
        assert refused.value.code == "document_locked"
    assert [found.state for found in seen(letter)] == ["open"]
    assert len(either_ministry.rows(remark)) == 1
