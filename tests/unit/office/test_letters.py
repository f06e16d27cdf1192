"""Pure rules of documents and the registry: defaults, digits, hashes, addressees, words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.correspondence.addressing import deliver_to
from office.correspondence.rules import book_kind, number_text
from office.documents import rules
from office.documents.paper import Sender, Signer, final, with_defaults
from office.documents.replying import answer, words_of
from office.documents.style import check
from office.documents.thai import long_date, office_day, thai_digits
from office.documents.words import split_words

SENDER = Sender("สำนักงานปลัดกระทรวง", "กองกลาง", "99 ถนนตัวอย่าง", "0 2999 0000", "a@example.go.th")
BARE = {"kind": "EXT", "subject": "เรื่อง", "to": "ปลัดกระทรวง", "paragraphs": ["ก"],
        "position_lines": ["ผู้อำนวยการ"]}  # fmt: skip


def test_gaps_are_filled_from_the_organisation() -> None:
    filled = with_defaults(BARE, SENDER)
    assert filled["owner_agency"] == "สำนักงานปลัดกระทรวง"
    assert filled["salutation"] == "เรียน"
    assert filled["closing"] == "ขอแสดงความนับถือ"
    assert filled["contact"]["tel"] == "๐ ๒๙๙๙ ๐๐๐๐"
    assert filled["address"] == "๙๙ ถนนตัวอย่าง", "an official document has Thai digits"
    assert filled["form"] == "แบบที่ 1"


def test_what_is_written_stays() -> None:
    assert with_defaults({**BARE, "closing": "ด้วยความเคารพ"}, SENDER)["closing"] == "ด้วยความเคารพ"


def test_the_honoured_are_greeted_as_the_annex_says() -> None:
    filled = with_defaults({**BARE, "to": "นายกรัฐมนตรี"}, SENDER)
    assert (filled["salutation"], filled["closing"]) == ("กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง")


def test_a_memo_has_no_closing() -> None:
    assert with_defaults({**BARE, "kind": "INT"}, SENDER)["closing"] is None


def test_the_final_letter_says_who_acts_for_whom() -> None:
    signer = Signer("นาย ก", ["รองปลัด", "รักษาราชการแทน ปลัดกระทรวง"], "รักษาราชการแทน", "คำสั่งที่ ๑")
    paper = final(
        BARE, number="ตย 0201/1", dated=date(2026, 11, 23), signer=signer, preparers={"draft": "ข"}
    )
    assert (paper["number"], paper["date"]) == ("ตย ๐๒๐๑/๑", "๒๓ พฤศจิกายน ๒๕๖๙")
    assert paper["acting_for"] == {
        "mode": "รักษาราชการแทน",
        "principal": "ปลัดกระทรวง",
        "instrument": "คำสั่งที่ ๑",
    }
    assert paper["preparers"] == {"draft": "ข"}


def test_dates_and_digits_are_thai() -> None:
    assert long_date(date(2024, 9, 12)) == "๑๒ กันยายน ๒๕๖๗"
    assert thai_digits("ตย 0201/ว 45") == "ตย ๐๒๐๑/ว ๔๕"


def test_the_offices_day_begins_in_bangkok() -> None:
    assert office_day(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == date(2027, 1, 1)


def test_a_version_vouches_for_words_and_files() -> None:
    one = rules.version_hash({"a": "ก", "b": 1}, [{"sha256": "0"}])
    assert rules.version_hash({"b": 1, "a": "ก"}, [{"sha256": "0"}]) == one
    assert rules.version_hash({"a": "ข", "b": 1}, [{"sha256": "0"}]) != one
    assert rules.version_hash({"a": "ก", "b": 1}, [{"sha256": "1"}]) != one


@pytest.mark.parametrize(
    ("comment", "variables", "expected"),
    [
        ("ทราบ", {"check_note": "อื่น"}, "ทราบ"),
        (None, {"check_note": "เห็นควร", "x": 1}, "เห็นควร"),
        (None, {"consult_note": None}, ""),
        ("", {}, ""),
    ],
)
def test_the_note_is_the_comment_or_the_forms(
    comment: str | None, variables: dict[str, object], expected: str
) -> None:
    assert rules.note_of(comment, variables) == expected


def test_what_is_over_stays_over() -> None:
    for state in rules.OVER:
        assert not any(rules.may_become(state, wanted) for wanted in rules.STATES)


def test_numbers_are_written_as_the_book_asks() -> None:
    assert number_text("ตย 0201", 7) == "ตย 0201/7"
    assert number_text("ตย 0201", 7, "ว") == "ตย 0201/ว 7"
    assert number_text("ตย 0201", 7, "ล") == "ตย 0201/ล 7"
    assert book_kind("ว", circulars_apart=True) == "circular"
    assert book_kind("ว", circulars_apart=False) == "letter"
    assert book_kind("", circulars_apart=True) == "letter"
    assert {book_kind("ล", circulars_apart=apart) for apart in (True, False)} == {"secret"}


def test_addressees_are_units_posts_or_others() -> None:
    found = deliver_to(
        ["กรมสาธิต", "อธิบดี  กรมสาธิต", "บริษัท", "กรมสาธิต"],
        {"กรมสาธิต": "sathit"},
        {"อธิบดี กรมสาธิต": "sathit"},
    )
    assert (found.units, found.outside) == (("sathit",), ("บริษัท",))


@given(st.text(max_size=200))
def test_words_join_to_the_same_text(text: str) -> None:
    assert "".join(split_words(text)) == text


ASKED = {
    "kind": "EXT", "subject": "ขอเชิญเป็นวิทยากร", "owner_agency": "สำนักงานปลัดกระทรวงสาธิต",
    "owner_unit": "กองกลาง",
    "position_lines": ["รองปลัดกระทรวงสาธิต", "ปฏิบัติราชการแทน ปลัดกระทรวงสาธิต"],
}  # fmt: skip


def test_an_answer_goes_to_the_post_that_asked_and_refers_to_the_letter() -> None:
    begun = answer(ASKED, document_id="x", number="สธ ๐๒๐๒/๔๕๖", dated=date(2024, 8, 26))
    assert (begun["kind"], begun["to"]) == ("EXT", "ปลัดกระทรวงสาธิต")
    assert begun["subject"] == "ตอบขอเชิญเป็นวิทยากร"
    assert begun["refs"] == ["หนังสือสำนักงานปลัดกระทรวงสาธิต ที่ สธ ๐๒๐๒/๔๕๖ ลงวันที่ ๒๖ สิงหาคม ๒๕๖๗"]
    assert begun["paragraphs"][0].startswith("ตามหนังสือที่อ้างถึง สำนักงานปลัดกระทรวงสาธิต")
    assert begun["extra"] == {"reply_to": "x"}
    assert check(begun) == []


def test_a_memo_is_answered_by_a_memo_that_refers_in_its_text() -> None:
    asked = {**ASKED, "kind": "INT", "subject": "ตอบข้อหารือ"}
    begun = answer(asked, document_id="x", number="ตย ๐๒๐๑/๗", dated=date(2024, 8, 26))
    assert begun["kind"] == "INT"
    assert "refs" not in begun
    assert begun["subject"] == "ตอบข้อหารือ"
    assert begun["paragraphs"] == [
        "ตามบันทึกกองกลาง ที่ ตย ๐๒๐๑/๗ ลงวันที่ ๒๖ สิงหาคม ๒๕๖๗ เรื่อง ตอบข้อหารือ นั้น"
    ]


def test_a_document_like_another_takes_its_words_and_not_its_occasion() -> None:
    pattern = {
        **BARE,
        "kind": "MIN",
        "signer": "นาย ก",
        "extra": {"meeting": "1/2569", "venue": "ห้อง ๑"},
    }
    assert words_of(pattern) == {
        "kind": "MIN", "subject": "เรื่อง", "to": "ปลัดกระทรวง", "paragraphs": ["ก"],
        "extra": {"venue": "ห้อง ๑"},
    }  # fmt: skip
