"""Every kind of the regulation, from its first words to a signed file that verifies."""

from __future__ import annotations

from typing import Any

import pytest
from support.ministry import Letter, Ministry
from support.samples import every_kind, sample

from engine.errors import Invalid
from office.correspondence import recovery, rules
from office.correspondence.issued import Issued
from office.correspondence.models import letter_number, register_entry
from office.documents import queries
from office.documents.commands import CreateDocument, SaveDraft
from office.documents.kinds import KINDS
from office.files.storage import read
from signing.preview import page_text
from signing.verify import verify

POST = ["ปลัดกระทรวงตัวอย่าง"]
DATED = "๒๓ พฤศจิกายน ๒๕๖๙"
ERA = "๒๓ พฤศจิกายน พ.ศ. ๒๕๖๙"
MEETING = {
    "meeting": "1/2568", "meeting_date": "2025-01-15", "start": "09:30", "venue": "ห้องประชุม ๑",
    "recorder": "นายทดลอง มั่นคงดี",
    "present": [{"name": "นางสาวสมหญิง รักงานดี", "position": "รองปลัด", "role": "ประธานกรรมการ"}],
}  # fmt: skip
#: kind: what changes of the sample, the number on record, and what must stand on the paper
CASES: dict[str, tuple[dict[str, Any], str | None, list[str]]] = {
    "EXT": ({}, "ตย ๐๒๐๑/๑", [DATED, "ขอแสดงความนับถือ"]),
    "INT": ({}, "ตย ๐๒๐๑/๑", [DATED, "บันทึกข้อความ"]),
    "STAMP": ({}, "ตย ๐๒๐๑/๑", [DATED, "ถึง"]),
    "ORDER": ({}, "๑/๒๕๖๙", ["ที่ ๑/๒๕๖๙", f"สั่ง ณ วันที่ {ERA}"]),
    "REG": ({"extra": {"edition": "2"}}, "(ฉบับที่ ๒) พ.ศ. ๒๕๖๙", ["(ฉบับที่ ๒)", ERA]),
    "BYLAW": ({"extra": {}}, "พ.ศ. ๒๕๖๙", ["ข้อบังคับ", f"ประกาศ ณ วันที่ {ERA}"]),
    "ANN": ({}, "๑/๒๕๖๙", ["ที่ ๑/๒๕๖๙", f"ประกาศ ณ วันที่ {ERA}"]),
    "STMT": ({"extra": {"issue": "3"}}, "๓", ["แถลงการณ์", "ฉบับที่ ๓", DATED]),
    "NEWS": ({"extra": {}}, None, ["ข่าว", DATED]),
    "CERT": ({}, "๑/๒๕๖๙", ["เลขที่ ๑/๒๕๖๙", f"ให้ไว้ ณ วันที่ {ERA}"]),
    "MIN": (
        {"extra": MEETING},
        "ครั้งที่ ๑/๒๕๖๘",
        ["๑๕ มกราคม ๒๕๖๘", "นายทดลอง มั่นคงดี", "ผู้ตรวจรายงานการประชุม"],
    ),
    "NOTE": ({}, None, [DATED]),
}
UNSIGNED = {"STAMP", "STMT", "NEWS"}


def words(kind: str, **changes: Any) -> dict[str, Any]:
    found = next(one for one in every_kind().values() if one["kind"] == kind)
    lines = {"secrecy": "ปกติ", "secrecy_code": "001", "position_lines": POST, "owner_unit": None}
    return {**found, **lines, **CASES[kind][0], **changes}


def letter(ministry: Ministry, kind: str, **changes: Any) -> Letter:
    content = words(kind, **changes)
    return ministry.letter("S01", **{**dict.fromkeys(sample("S01")), **content})


@pytest.mark.parametrize("kind", sorted(CASES))
def test_each_kind_goes_from_draft_to_a_signed_file_that_verifies(
    ministry: Ministry, kind: str
) -> None:
    _changes, number, printed = CASES[kind]
    done = letter(ministry, kind).on_the_signers_desk().signed()
    assert (done.row.state, done.row.number, done.end) == ("signed", number, "end_filed")
    (made,) = done.signatures
    assert made.field == KINDS[kind].field
    (held,) = ministry.rows(letter_number, letter_number.c.document_id == done.id)
    pdf = read(ministry.desk.storage, ministry.agency_id, held.sha256)
    assert verify(pdf, ministry.desk.trust, ministry.now).good
    text = " ".join(page_text(pdf).split())
    signed = [] if kind in UNSIGNED else ["(นางสาวสมหญิง รักงานดี)"]
    for said in [*printed, *signed]:
        assert said in text, (said, text)
    (entry,) = ministry.rows(
        register_entry,
        register_entry.c.document_id == done.id,
        register_entry.c.register.in_(rules.OUTGOING),
    )
    assert entry.register == (rules.ISSUE if KINDS[kind].series else rules.SEND)


def test_every_kind_is_here() -> None:
    """Those that wrap a file have stories of their own (test_wrapping)."""
    assert set(CASES) == {name for name, kind in KINDS.items() if not kind.wraps}


def test_each_series_counts_by_itself_and_letters_by_their_unit(ministry: Ministry) -> None:
    kinds = ["ORDER", "ORDER", "ANN", "EXT", "STAMP", "NOTE"]
    numbers = []
    for kind in kinds:
        done = letter(ministry, kind).on_the_signers_desk().signed()
        (row,) = ministry.rows(letter_number, letter_number.c.document_id == done.id)
        numbers.append(row.text)
    assert numbers == [
        "1/2569", "2/2569", "1/2569", "ตย 0201/1", "ตย 0201/2", "บันทึก 1/2569",
    ]  # fmt: skip


def test_the_journal_brings_a_lost_series_back(ministry: Ministry) -> None:
    letter(ministry, "ORDER").on_the_signers_desk().signed()
    lines = list(ministry.desk.numbers._journal.lines())  # type: ignore[attr-defined]
    issued = Issued.read(next(line for line in lines if "number" in line))
    assert (issued.book, issued.value, issued.year, issued.number) == ("ORDER", 1, 2026, "1/2569")
    assert recovery._book(None, issued)[1:] == ("ORDER", issued.code, 2026)  # type: ignore[arg-type]
    assert recovery._text(issued, 7) == "7/2569"


def test_whom_an_order_names_gets_it_in_their_register(ministry: Ministry) -> None:
    done = letter(ministry, "ORDER", extra={"notify": ["ผู้อำนวยการกองกลาง"]})
    done.on_the_signers_desk().signed()
    received = ministry.rows(
        register_entry,
        register_entry.c.document_id == done.id,
        register_entry.c.register == rules.RECEIVE,
    )
    assert len(received) == 1


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("EXT", {"to": None}, "to"),
        ("STAMP", {"to": " "}, "to"),
        ("MIN", {"extra": {**MEETING, "meeting_date": "พรุ่งนี้"}}, "extra.meeting_date"),
        ("MIN", {"extra": {**MEETING, "meeting": ""}}, "extra.meeting"),
        ("MIN", {"extra": {**MEETING, "present": []}}, "extra.present"),
        ("MIN", {"extra": {**MEETING, "present": [{"role": "กรรมการ"}]}}, "extra.present.0.name"),
        ("MIN", {"extra": {**MEETING, "start": "เช้า"}}, "extra.start"),
        ("ORDER", {"extra": {"notify": "ทุกคน"}}, "extra.notify"),
        ("REG", {"position_lines": ["ผู้อำนวยการกองกลาง"]}, "position_lines"),
    ],
)
def test_what_a_kind_needs_is_asked_for_by_field(
    ministry: Ministry, kind: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ministry.do(CreateDocument(words(kind, **changes)), "thotsop")
    assert [error.path for error in refused.value.errors] == [field]


def test_a_draft_of_minutes_can_be_saved_again(ministry: Ministry) -> None:
    draft = letter(ministry, "MIN")
    content = words("MIN", extra={**MEETING, "venue": "ห้องประชุม ๒"})
    ministry.do(SaveDraft(draft.id, content, 1), "thotsop")
    assert draft.row.content["extra"]["venue"] == "ห้องประชุม ๒"


def test_a_level_sees_that_the_day_of_a_meeting_changed(either_ministry: Ministry) -> None:
    draft = letter(either_ministry, "MIN").submitted().passed("proofread")
    content = {**draft.row.content, "extra": {**MEETING, "meeting_date": "2025-01-16"}}
    either_ministry.do(SaveDraft(draft.id, content, draft.row.revision), "tuayang")
    found = either_ministry.query(queries.since_seen, draft.id, by="sommut")
    assert [change.path for change in found.changes] == ["meeting_date"]
