"""เกษียน: what a level said, and as what whoever said it stood there: kept as it was then."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry

from engine.models.task import task
from office.documents import queries
from office.documents.models import endorsement
from office.documents.queries import EndorsementRow
from office.documents.thai import office_day
from office.people.commands import AddPosition, AssignPosition, RecordInstrument
from office.people.models import holding, position


def said(letter: Letter) -> list[EndorsementRow]:
    return list(letter.ministry.query(queries.endorsements, letter.id))


def last(letter: Letter) -> EndorsementRow:
    return said(letter)[-1]


@pytest.fixture
def letter(either_ministry: Ministry) -> Letter:
    return either_ministry.letter().submitted().passed("proofread")


def post_of(letter: Letter, step: str) -> str:
    (row,) = letter.ministry.rows(task, task.c.id == letter.at(step).id)
    return str(next(one["id"] for one in row.candidates if one["kind"] == "position"))


def ordered(letter: Letter, mode: str, step: str, who: str) -> None:
    ministry, today = letter.ministry, office_day(letter.ministry.now)
    post = post_of(letter, step)
    until = today + timedelta(days=3)
    ministry.do(RecordInstrument(mode, who, post, "คำสั่งที่ ๙/๒๕๖๙", today, today, until))


def test_in_a_post_of_their_own(letter: Letter) -> None:
    letter.passed("check")
    assert [one.position_lines for one in said(letter)] == [
        ["นักจัดการงานทั่วไปปฏิบัติการ"],
        ["เจ้าพนักงานธุรการชำนาญงาน"],
        ["ผู้อำนวยการกลุ่มบริหารทั่วไป"],
    ]


def test_of_several_posts_the_one_that_was_asked(letter: Letter) -> None:
    ministry, today = letter.ministry, letter.ministry.now.date()
    ministry.do(AddPosition("keeper", "ผู้รักษาเอกสาร", "records", "officer"))
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(holding).values(is_primary=False))
    ministry.do(AssignPosition("tuayang", "keeper", today))  # their first post from now on
    letter.passed("check")
    assert last(letter).position_lines == ["ผู้อำนวยการกลุ่มบริหารทั่วไป"]


def test_by_an_order_the_post_acted_for_stands_below_ones_own(letter: Letter) -> None:
    ordered(letter, "delegated", "check", "niti")
    letter.at("check").by("niti").send_back("draft")
    assert last(letter).position_lines == [
        "นิติกรชำนาญการ",
        "ปฏิบัติราชการแทน ผู้อำนวยการกลุ่มบริหารทั่วไป",
    ]


def test_of_whoever_signs_it_is_what_the_signature_says(either_ministry: Ministry) -> None:
    """Where the letter names a way of acting, that one, and not the strongest of the signer's."""
    lines = ["รองปลัดกระทรวงตัวอย่าง", "ปฏิบัติราชการแทน ปลัดกระทรวงตัวอย่าง"]
    letter = either_ministry.letter(position_lines=lines).on_the_signers_desk().signed()
    assert last(letter).element_id == "sign"
    assert last(letter).position_lines == letter.signatures[-1].position_lines == lines


def test_who_declines_to_sign_has_no_signature_but_stands_in_the_post(letter: Letter) -> None:
    letter.passed("check", "division_head", "deputy")
    letter.at("sign").by("somying").send_back("draft", "ขอข้อมูลเพิ่ม")
    assert last(letter).position_lines == [
        "รองปลัดกระทรวงตัวอย่าง",
        "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง",
    ]


def test_it_stays_as_it_was(letter: Letter) -> None:
    letter.passed("check")
    ministry = letter.ministry
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(position).values(name="ชื่อใหม่"))
    assert last(letter).position_lines == ["ผู้อำนวยการกลุ่มบริหารทั่วไป"]
    letter.passed("division_head")
    assert last(letter).position_lines == ["ชื่อใหม่"]


def test_the_outcome_is_kept_in_the_words_of_the_diagram(letter: Letter) -> None:
    letter.at("check").by("tuayang").send_back("draft")
    told = [(one.outcome, one.outcome_name) for one in said(letter)]
    assert told == [("submit", "เสนอ"), ("pass", "ผ่าน"), ("return", None)]


def test_of_before_they_were_kept_there_is_none(letter: Letter) -> None:
    with letter.ministry.bus.engine.begin() as db:
        db.execute(sa.update(endorsement).values(position_lines=sa.null(), outcome_name=None))
    assert {one.position_lines for one in said(letter)} == {None}
