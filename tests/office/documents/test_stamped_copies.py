"""ฉบับประทับตรารับ: made once for each line of a register; nothing of the letter changes."""

from __future__ import annotations

import io
import json
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pikepdf
import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry
from support.samples import every_kind, sample

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.models.history import history_event
from office.correspondence import queries as registers
from office.correspondence import stamping
from office.correspondence.models import register_entry
from office.documents import queries
from office.documents.commands import Attach, KeepCopy, RevokeDocument
from office.documents.models import document, document_copy
from office.documents.wrapping import check_upload
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import StoredFile, receive
from signing.copies import making
from signing.preview import page_count, page_text
from signing.verify import verify

UNIT = "finance"


@pytest.fixture
def received(either_ministry: Ministry) -> Letter:
    """A letter of the general administration group to the finance group."""
    lines = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"], "owner_unit": None}
    plain = {"secrecy": "ปกติ", "secrecy_code": "001", "to": "กลุ่มคลังและพัสดุ"}
    return either_ministry.letter("S01", **lines, **plain).on_the_signers_desk().signed()


def line_of(letter: Letter, unit: str = UNIT) -> Any:
    mine = sa.and_(
        register_entry.c.document_id == letter.id,
        register_entry.c.unit == unit,
        register_entry.c.register == "receive",
    )
    (line,) = letter.ministry.rows(register_entry, mine)
    return line


def stamp(letter: Letter, by: str = "khlang", entry: UUID | None = None) -> dict[str, Any]:
    ministry = letter.ministry
    entry = entry or line_of(letter).id
    return dict(stamping.stamp(ministry.bus, ministry.actor(by), ministry.desk, entry, new_id()))


def copies(letter: Letter, by: str = "khlang") -> list[queries.CopyRow]:
    return list(letter.ministry.query(queries.copies, letter.id, by=by))


def bytes_of(letter: Letter, sha256: str) -> bytes:
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, sha256)


def signed_file(letter: Letter) -> bytes:
    view = letter.ministry.query(queries.one, letter.id)
    return bytes_of(letter, view.signed_sha256)


def test_it_bears_what_the_line_says_and_the_signed_file_stays(received: Letter) -> None:
    before = signed_file(received)
    answer = stamp(received)
    (copy,) = copies(received)
    assert (copy.id, copy.kind, copy.ordinal, copy.made_by) == (
        answer["id"], "stamped", 1, "khlang",
    )  # fmt: skip
    line = line_of(received)
    text = page_text(bytes_of(received, copy.sha256), 0)
    for said in ("กลุ่มคลังและพัสดุ", "เลขที่รับ", "๒๓ พฤศจิกายน ๒๕๖๙", "๐๙.๐๐ น."):
        assert said in text, said
    assert (copy.told["number"], line.no) == ("๑", 1)
    assert copy.of_sha256 in text
    assert "ไม่ใช่ไฟล์ที่ลงลายมือชื่อ" in text
    assert signed_file(received) == before
    ministry = received.ministry
    assert verify(before, ministry.desk.trust, ministry.now).good
    assert (
        verify(bytes_of(received, copy.sha256), ministry.desk.trust, ministry.now).signatures == ()
    )
    assert copy.file_name.startswith("ตย ๐๒๐๑-๑ ฉบับประทับตรารับ 1")


def test_history_names_both_hashes(received: Letter) -> None:
    stamp(received)
    (copy,) = copies(received)
    mine = sa.and_(
        history_event.c.root_id == received.instance_id, history_event.c.type == "document.copied"
    )
    (event,) = received.ministry.rows(history_event, mine)
    told = json.loads(event.data)
    assert (told["copy"], told["ordinal"], told["by"]) == ("stamped", 1, "khlang")
    assert (told["sha256"], told["of_sha256"]) == (copy.sha256, copy.of_sha256)


def test_a_line_has_one(received: Letter) -> None:
    first = stamp(received)
    assert stamp(received, "banchi")["id"] == first["id"]
    assert len(copies(received)) == 1


def test_two_at_once_get_the_same(received: Letter) -> None:
    entry = line_of(received).id
    start, got = Barrier(2), []

    def ask(who: str) -> None:
        start.wait()
        try:
            got.append(stamp(received, who, entry)["id"])
        except Conflict as late:
            got.append(late.code)

    both = [Thread(target=ask, args=(who,)) for who in ("khlang", "banchi")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (copy,) = copies(received)
    assert set(got) == {copy.id}


def test_who_reads_neither_line_nor_letter_makes_none(received: Letter) -> None:
    with pytest.raises(NotFound):  # of another unit
        stamp(received, "niti")
    with pytest.raises(NotFound):  # who drafted it reads the letter, not the other unit's register
        stamp(received, "thotsop")
    sent = received.ministry.rows(
        register_entry,
        register_entry.c.document_id == received.id,
        register_entry.c.register == "send",
    )
    with pytest.raises(NotFound):
        stamp(received, "admin", sent[0].id)
    with pytest.raises(NotFound):
        stamp(received, "admin", new_id())
    with pytest.raises(Forbidden):
        copies(received, "niti")
    assert copies(received) == []


def test_whoever_keeps_the_registers_sees_every_line(received: Letter) -> None:
    found = received.ministry.query(registers.receipts, received.id, by="admin")
    assert [(one.unit, one.no) for one in found] == [(UNIT, 1)]
    assert received.ministry.query(registers.receipts, received.id, by="thotsop") == []


def test_what_was_drawn_of_an_older_file_is_not_kept(received: Letter) -> None:
    """The file may grow while the copy is drawn."""
    ministry = received.ministry
    (of,) = ministry.rows(blob, blob.c.id == received.row.blob_id)
    file = StoredFile(of.sha256, of.size, of.media_type, of.name)
    for ordinal, sha256 in ((1, "0" * 64), (2, of.sha256)):
        with pytest.raises(Conflict) as late:
            ministry.do(KeepCopy(received.id, "stamped", ordinal, sha256, {}, file), "khlang")
        assert late.value.code == "copied_meanwhile"
    assert ministry.rows(document_copy) == []


def test_a_draft_has_no_copies(ministry: Ministry) -> None:
    draft = ministry.letter()
    file = StoredFile("0" * 64, 1, "application/pdf", "a.pdf")
    with pytest.raises(Conflict) as early:
        ministry.do(KeepCopy(draft.id, "stamped", 1, "0" * 64, {}, file), "thotsop")
    assert early.value.code == "not_signed"


def test_a_file_that_cannot_be_copied_is_told(
    received: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_BYTES", 10)
    with pytest.raises(Invalid) as refused:
        stamp(received)
    assert refused.value.code == "copy_too_large"
    assert copies(received) == []


def test_a_revoked_letter_was_received_all_the_same(received: Letter) -> None:
    received.ministry.do(RevokeDocument(received.id, "พิมพ์ผิด"), "somying")
    stamp(received)
    assert len(copies(received)) == 1


def test_of_what_came_from_outside_the_cover_is_stamped(ministry: Ministry) -> None:
    made = from_outside(ministry)
    stamp(made, "thotsop", line_of(made, made.row.owner_unit).id)
    (copy,) = copies(made, "thotsop")
    pdf = bytes_of(made, copy.sha256)
    assert page_count(pdf) == 3
    assert "เลขที่รับ" in page_text(pdf, 0)
    assert "เลขที่รับ" not in page_text(pdf, 1)


def from_outside(ministry: Ministry) -> Letter:
    """หนังสืออื่น over a file of two pages, registered and signed."""
    plain = {"secrecy": "ปกติ", "secrecy_code": "001", "owner_unit": None}
    lines = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"]}
    content = {**dict.fromkeys(sample("S01")), **every_kind()["other"], **plain, **lines}
    made = ministry.letter("S01", **content)
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(400, 300))
        pdf.save(out)
    stored = receive(ministry.desk.storage, ministry.agency_id, out.getvalue(), "a.pdf")
    examined = check_upload("OTHER", out.getvalue(), first=True)
    ministry.do(Attach(made.id, stored, "", examined=examined), "thotsop")
    return made.on_the_signers_desk().signed()


def test_a_secret_letters_copy_opens_to_whom_the_letter_does(received: Letter) -> None:
    stamp(received)
    ministry = received.ministry
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).where(document.c.id == received.id).values(secrecy=3))
        db.execute(
            sa.update(register_entry)
            .where(register_entry.c.document_id == received.id)
            .values(secrecy=3, register="secret_in")
            .where(register_entry.c.register == "receive")
        )
    with pytest.raises(Forbidden) as refused:
        copies(received, "khlang")
    assert refused.value.code == "not_cleared"
    with pytest.raises(NotFound):
        stamp(
            received, "khlang", ministry.rows(register_entry, register_entry.c.unit == UNIT)[0].id
        )
