"""ใบเกษียน: what each level said about a letter, on paper of its own, and nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry

from engine.errors import Conflict, Forbidden
from engine.ids import new_id
from engine.models.history import history_event
from engine.models.task import task
from office.documents import queries
from office.documents.commands import KeepSlip
from office.documents.models import document, endorsement
from office.documents.queries import CopyRow
from office.documents.slipping import make_slip
from office.documents.slips import said_of
from office.files.storage import read
from office.files.uploads import StoredFile
from signing.preview import page_count, page_text


@pytest.fixture
def letter(either_ministry: Ministry) -> Letter:
    """On its way: three levels have said something."""
    letter = either_ministry.letter().submitted()
    letter.at("proofread").by("sommut").complete("pass", "ทานแล้ว ถูกต้อง")
    letter.at("check").by("tuayang").complete("pass", "เรียน ผอ.\nเห็นควรลงนาม")
    return letter


def slip(letter: Letter, by: str = "thotsop", command_id: Any = None) -> dict[str, Any]:
    ministry = letter.ministry
    made = make_slip(
        ministry.bus, ministry.actor(by), ministry.desk, letter.id, command_id or new_id()
    )
    return dict(made)


def slips(letter: Letter) -> list[CopyRow]:
    found = letter.ministry.query(queries.copies, letter.id, by="thotsop")
    return [one for one in found if one.kind == "slip"]


def file_of(letter: Letter) -> bytes:
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, slips(letter)[-1].sha256)


def text_of(letter: Letter) -> str:
    return page_text(file_of(letter))


def told(letter: Letter) -> list[dict[str, Any]]:
    mine = sa.and_(
        history_event.c.root_id == letter.instance_id, history_event.c.type == "document.copied"
    )
    return [json.loads(row.data) for row in letter.ministry.rows(history_event, mine)]


def in_order(text: str, *parts: str) -> None:
    """Wherever lines end: each after the one before it."""
    bare, at = "".join(text.split()), 0
    for part in parts:
        wanted = "".join(part.split())
        found = bare.find(wanted, at)
        assert found >= 0, f"{part!r} not after {bare[max(at - 60, 0) : at]!r}"
        at = found + len(wanted)


def test_each_level_stands_there_in_order_with_post_and_moment(letter: Letter) -> None:
    answer = slip(letter)
    (made,) = slips(letter)
    assert (made.id, made.ordinal, made.of_sha256) == (answer["id"], 1, None)
    last = letter.said[-1]
    in_order(
        text_of(letter),
        "ใบเกษียน", letter.row.subject, "ยังไม่ได้ลงลายมือชื่อ", str(letter.id),
        "ไม่ใช่ตัวหนังสือ", last.version_sha256,
        "๑.", "เสนอ", "(นางสาวทดสอบ ร่างดี)", "นักจัดการงานทั่วไปปฏิบัติการ",
        "๒.", "ผ่าน", "ทานแล้ว ถูกต้อง", "(นายสมมติ พิมพ์ชัด)", "เจ้าพนักงานธุรการชำนาญงาน",
        "๓.", "ผ่าน", "เรียน ผอ.", "เห็นควรลงนาม", "(นางตัวอย่าง ตรวจครบ)",
        "ผู้อำนวยการกลุ่มบริหารทั่วไป", "๒๓ พฤศจิกายน ๒๕๖๙ เวลา", last.version_sha256[:16],
        "จบใบเกษียน รวม ๓ รายการ",
    )  # fmt: skip
    assert "อักขระที่พิมพ์ไม่ได้" not in text_of(letter)


def test_of_a_signed_letter_it_names_the_file_and_leaves_it_alone(letter: Letter) -> None:
    letter.passed("division_head", "deputy").signed()
    before = letter.row
    slip(letter)
    assert letter.row == before
    (made,) = slips(letter)
    ministry = letter.ministry
    signed = ministry.query(queries.one, letter.id, by="thotsop").signed_sha256
    assert made.of_sha256 == signed
    in_order(
        text_of(letter), "ตย ๐๒๐๑/๑", "ลงลายมือชื่อแล้ว", signed, "๖.", "ลงนาม",
        "(นางสาวสมหญิง รักงานดี)", "รองปลัดกระทรวงตัวอย่าง",
        "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง",
    )  # fmt: skip


def test_what_a_return_made_void_is_told_as_void(letter: Letter) -> None:
    letter.at("division_head").by("phatsadu").send_back("check", "ขอให้เพิ่มเอกสาร")
    slip(letter)
    text = text_of(letter)
    in_order(text, "๓.", "(นางตัวอย่าง ตรวจครบ)", "สิ้นผลเมื่อ", "๔.", "ส่งคืนแก้ไข", "ขอให้เพิ่มเอกสาร")
    lapsed = [one for one in letter.said if one.lapsed_at is not None]
    assert text.count("สิ้นผลเมื่อ") == len(lapsed) > 0


def test_a_level_that_was_passed_by_itself_says_so(letter: Letter) -> None:
    with letter.ministry.bus.engine.begin() as db:
        db.execute(sa.update(endorsement).where(endorsement.c.ordinal == 2).values(skipped=True))
    slip(letter)
    in_order(text_of(letter), "๒.", "ผ่านขั้นนี้เอง", "๓.")


def test_of_before_posts_and_outcomes_were_kept_nothing_is_made_up(letter: Letter) -> None:
    with letter.ministry.bus.engine.begin() as db:
        db.execute(sa.update(endorsement).values(position_lines=sa.null(), outcome_name=None))
    slip(letter)
    text = text_of(letter)
    assert "เจ้าพนักงานธุรการ" not in text
    in_order(text, "๒.", "ผลผ่าน", "(นายสมมติ พิมพ์ชัด)")  # its task still tells it
    with letter.ministry.bus.engine.begin() as db:
        db.execute(sa.update(task).values(outcomes=[]))
    slip(letter)
    in_order(text_of(letter), "๒.", "ผล pass", "(นายสมมติ พิมพ์ชัด)")


def test_history_tells_it_once_and_vouches_for_its_bytes(letter: Letter) -> None:
    slip(letter)
    (event,) = told(letter)
    sha256 = hashlib.sha256(file_of(letter)).hexdigest()
    assert (event["copy"], event["by"], event["sha256"]) == ("slip", "thotsop", sha256)
    assert event["of_sha256"] is None


def test_where_nothing_was_said_since_the_last_one_is_the_answer(letter: Letter) -> None:
    first = slip(letter)
    assert slip(letter, by="tuayang") == {**first, "ordinal": 0}
    assert len(slips(letter)) == len(told(letter)) == 1
    letter.passed("division_head")
    second = slip(letter)
    assert second["ordinal"] == 2
    assert [one.told["endorsements"] for one in slips(letter)] == [3, 4]


def test_the_same_request_again_is_the_same_slip(letter: Letter) -> None:
    again = new_id()
    first = slip(letter, command_id=again)
    assert slip(letter, command_id=again)["id"] == first["id"]
    assert len(slips(letter)) == 1


def test_what_was_said_while_it_was_drawn_refuses_it(letter: Letter) -> None:
    ministry = letter.ministry
    said = ministry.query(said_of, letter.id, by="thotsop")
    letter.passed("division_head")
    file = StoredFile("0" * 64, 1, "x.pdf", "application/pdf")
    command = KeepSlip(letter.id, said.digest, said.next, said.of_sha256, {}, file)
    with pytest.raises(Conflict) as refused:
        ministry.do(command, "thotsop")
    assert refused.value.code == "copied_meanwhile"
    assert slips(letter) == [] == told(letter)


def test_whoever_may_not_read_the_letter_gets_none(letter: Letter) -> None:
    with pytest.raises(Forbidden) as refused:
        slip(letter, by="niti")
    assert refused.value.code == "not_reader"
    assert slips(letter) == [] == told(letter)


def test_of_a_letter_of_which_nobody_has_said_anything_there_is_none(ministry: Ministry) -> None:
    with pytest.raises(Conflict) as refused:
        slip(ministry.letter())
    assert refused.value.code == "not_endorsed"


def test_what_cannot_be_printed_is_told_by_its_code(letter: Letter) -> None:
    """It was said, and nobody can mend it: the slip is made all the same."""
    letter.at("division_head").by("phatsadu").complete("pass", "ชอบ 🙏\u202eกลับ")
    slip(letter)
    text = text_of(letter)
    assert "ชอบ [U+1F64F][U+202E]กลับ" in text
    assert "อักขระที่พิมพ์ไม่ได้ ๒ ตัว" in text


def test_hundreds_of_long_ones(ministry: Ministry) -> None:
    letter = ministry.letter().submitted()
    (first,) = letter.said
    note = "เรียน ผอ. เพื่อโปรดพิจารณา เห็นควรมอบกลุ่มงานดำเนินการตามระเบียบต่อไป ".strip()
    columns = {name: value for name, value in first._mapping.items() if name != "id"}
    more = [
        {**columns, "id": new_id(), "task_id": new_id(), "ordinal": n, "text": f"{note} ที่ {n}"}
        for n in range(2, 302)
    ]
    with ministry.bus.engine.begin() as db:
        db.execute(sa.insert(endorsement), more)
    slip(letter)
    text = text_of(letter)
    in_order(text, *(f"ที่ {n}" for n in range(2, 302)), "รวม ๓๐๑ รายการ")
    pages = page_count(file_of(letter))
    assert f"หน้า {pages}".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in text


def test_of_a_secret_letter_for_who_is_cleared_with_its_marks_and_counted(letter: Letter) -> None:
    ministry = letter.ministry
    with ministry.bus.engine.begin() as db:
        mine = document.c.id == letter.id
        db.execute(sa.update(document).where(mine).values(secrecy=2))
    slip(letter)
    letter.passed("division_head")
    slip(letter)
    for number, one in enumerate(slips(letter), 1):
        pdf = read(ministry.desk.storage, ministry.agency_id, one.sha256)
        for page in range(page_count(pdf)):
            text = page_text(pdf, page)
            assert [line for line in text.split("\n") if line.strip() == "ลับ"] == ["ลับ", "ลับ"]
            assert f"ชุดที่ {'๐๑๒'[number]}" in text
    assert letter.row.subject not in slips(letter)[-1].file_name
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).where(mine).values(secrecy=3))
    with pytest.raises(Forbidden) as refused:  # cleared for ลับ, and not for ลับมาก
        slip(letter)
    assert refused.value.code == "not_cleared"
    assert slip(letter, by="phatsadu")["ordinal"] == 3
