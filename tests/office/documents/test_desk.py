"""What the signing page is told, and the drafter's way to skip levels."""

from __future__ import annotations

import pytest
from support.ministry import Ministry

from engine.errors import Forbidden, NotFound
from office.correspondence import queries as registers
from office.correspondence.commands import AcknowledgeReceipt, NoteHandling
from office.correspondence.models import letter_number, register_entry
from office.documents import queries
from office.documents.commands import BypassLevels, EnrolKey
from office.people.commands import AddRole, GrantRole


def test_looking_at_the_desk_reserves_nothing(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    step = letter.at("sign")
    desk = ministry.query(queries.signing_desk, step.id, ministry.now, by="somying")
    assert desk.capacity.mode == "รักษาราชการแทน"
    assert "somying" in desk.certificate_subject
    assert list(desk.methods) == ["pin", "totp", "passkey"]
    assert desk.version_sha256 == letter.said[-1].version_sha256
    assert desk.obstacles == []
    assert ministry.rows(letter_number) == []


def test_the_desk_tells_every_obstacle(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    desk = ministry.query(queries.signing_desk, letter.at("sign").id, ministry.now, by="thotsop")
    assert [code for code, _ in desk.obstacles] == ["no_authority", "no_signing_key"]
    assert (desk.capacity, desk.certificate_until) == (None, None)


def test_the_drafter_asks_to_skip_levels(ministry: Ministry) -> None:
    letter = ministry.letter()
    step = letter.at("draft")
    with pytest.raises(Forbidden):
        ministry.do(BypassLevels(letter.id, step.id, "ด่วน"), "niti")
    ministry.do(BypassLevels(letter.id, step.id, "ต้องถึงก่อนเที่ยง"), "thotsop")
    assert letter.open() == ["consent"]
    assert letter.row.urgency == 4


def test_only_keepers_of_accounts_enrol_keys(ministry: Ministry) -> None:
    from base64 import b64decode

    from office.documents.models import signing_key
    from signing.keys import SoftwareKey

    row = ministry.rows(signing_key, signing_key.c.username == "somying")[0]
    chain = tuple(b64decode(link) for link in row.chain)
    key = SoftwareKey(row.encrypted_key, row.certificate, chain)
    with pytest.raises(Forbidden):
        ministry.do(EnrolKey("somying", key), "niti")
    with pytest.raises(NotFound):
        ministry.do(EnrolKey("nobody", key), "admin")
    ministry.do(EnrolKey("somying", key), "admin")
    rows = ministry.rows(signing_key, signing_key.c.username == "somying")
    assert sorted(row.retired_at is None for row in rows) == [False, True]
    ministry.do(AddRole("steward", "ผู้ตั้งหน่วยงาน", ["agencies"]), "system")
    ministry.do(GrantRole("somying", "steward", ministry.now.date()), "system")
    with pytest.raises(Forbidden, match="agencies"):  # whose key would be known to another
        ministry.do(EnrolKey("somying", key), "admin")


def test_the_receiving_unit_takes_note(ministry: Ministry) -> None:
    letter = ministry.letter(to="กรมสาธิต")
    letter.on_the_signers_desk().signed()
    (line,) = ministry.rows(register_entry, register_entry.c.register == "receive")
    with pytest.raises(Forbidden):
        ministry.do(AcknowledgeReceipt(line.id), "niti")
    first = ministry.do(AcknowledgeReceipt(line.id), "athibodi")
    assert ministry.do(AcknowledgeReceipt(line.id), "athibodi") == first
    ministry.do(NoteHandling(line.id, "มอบสำนักงานเลขานุการ"), "athibodi")
    page = ministry.query(registers.register, "receive", by="athibodi")
    (row,) = page.items
    assert (row.handling, row.acknowledged_by) == ("มอบสำนักงานเลขานุการ", "athibodi")
    with pytest.raises(Forbidden):
        ministry.do(NoteHandling(line.id, "แก้"), "niti")
