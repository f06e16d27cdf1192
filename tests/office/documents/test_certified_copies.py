"""สำเนาถูกต้อง: by whom the right names, signed by their own key, or not made at all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry, furnish

from engine.actor import Actor
from engine.errors import Conflict, Forbidden, Rejected
from engine.ids import new_id
from engine.models.history import history_event
from office.documents import queries
from office.documents.certifying import certifying
from office.documents.certifying_act import Wish, certify
from office.documents.commands import RevokeDocument
from office.documents.commands.certifying import KeepCertified
from office.documents.models import document, document_copy, signing_key
from office.documents.proving import Authorization
from office.files.storage import read
from office.files.uploads import StoredFile
from office.people.commands import AddPosition, AssignPosition
from signing.authority import Authority
from signing.preview import page_text
from signing.verify import verify


@pytest.fixture
def letter(either_ministry: Ministry, authority: Authority) -> Letter:
    """Signed; tuayang, who checked it, certifies copies and has a key."""
    furnish(either_ministry, authority, "tuayang")
    return either_ministry.letter("S01").on_the_signers_desk().signed()


def certified(
    letter: Letter, by: str | Actor = "tuayang", proof: Authorization | None = None, **wish: Any
) -> dict[str, Any]:
    ministry = letter.ministry
    who = ministry.actor(by) if isinstance(by, str) else by
    proof = proof or Authorization("pin", ministry.pins[who.username])
    made = certify(ministry.bus, who, ministry.desk, Wish(letter.id, proof, **wish), new_id())
    return dict(made)


def copies(letter: Letter) -> list[queries.CopyRow]:
    return list(letter.ministry.query(queries.copies, letter.id))


def file_of(letter: Letter, copy: queries.CopyRow) -> bytes:
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, copy.sha256)


def nothing_kept(letter: Letter) -> bool:
    told = letter.ministry.rows(history_event, history_event.c.type == "document.copied")
    return copies(letter) == [] and not told


def test_it_is_signed_by_who_certifies_and_verifies(letter: Letter) -> None:
    ministry = letter.ministry
    before = letter.row
    answer = certified(letter)
    (copy,) = copies(letter)
    assert (copy.id, copy.kind, copy.ordinal) == (answer["id"], "certified", 1)
    pdf = file_of(letter, copy)
    verdict = verify(pdf, ministry.desk.trust, ministry.now)
    assert verdict.good
    (signature,) = verdict.signatures
    assert (signature.by, signature.level, signature.modified) == ("person", "B-T", False)
    assert signature.signer == "tuayang"  # whom the key was enrolled for
    text = page_text(pdf, 0)
    for said in ("สำเนาถูกต้อง", "(นางตัวอย่าง ตรวจครบ)", "ผู้อำนวยการกลุ่มบริหารทั่วไป",
                 "๒๓ พฤศจิกายน ๒๕๖๙", copy.of_sha256):  # fmt: skip
        assert said in text, said
    assert "สำเนาชุดที่" not in text
    assert letter.row == before
    assert copy.told["method"] == "pin"
    assert copy.told["level"] == "B-T"


def test_history_says_who_certified_which_file(letter: Letter) -> None:
    certified(letter)
    (copy,) = copies(letter)
    mine = sa.and_(
        history_event.c.root_id == letter.instance_id, history_event.c.type == "document.copied"
    )
    (event,) = letter.ministry.rows(history_event, mine)
    told = json.loads(event.data)
    assert (told["copy"], told["by"], told["sha256"]) == ("certified", "tuayang", copy.sha256)


def test_each_is_counted(letter: Letter) -> None:
    certified(letter)
    certified(letter)
    assert [one.ordinal for one in copies(letter)] == [1, 2]


def test_the_same_request_again_is_the_same_copy(letter: Letter) -> None:
    ministry, again = letter.ministry, new_id()
    wish = Wish(letter.id, Authorization("pin", ministry.pins["tuayang"]))
    first, second = (
        certify(ministry.bus, ministry.actor("tuayang"), ministry.desk, wish, again)
        for _ in range(2)
    )
    assert first == second
    assert len(copies(letter)) == 1


def test_only_whom_the_right_names(letter: Letter) -> None:
    with pytest.raises(Forbidden) as refused:  # who signed it
        certified(letter, "somying")
    assert refused.value.code == "cannot_certify"
    stranger = replace(letter.ministry.actor("niti"), rights=frozenset({"certify"}))
    with pytest.raises(Forbidden) as closed:  # the right opens no letter
        certified(letter, stranger, Authorization("pin", "1"))
    assert closed.value.code == "not_reader"
    token = letter.ministry.actor("tuayang", scopes=frozenset({"read"}))
    with pytest.raises(Forbidden) as scope:
        certified(letter, token)
    assert scope.value.code == "scope"
    assert nothing_kept(letter)


def test_wrong_pins_are_counted_and_a_code_counts_once(letter: Letter) -> None:
    with pytest.raises(Rejected) as wrong:
        certified(letter, proof=Authorization("pin", "000000"))
    assert wrong.value.code == "wrong_pin"
    (key,) = letter.ministry.rows(signing_key, signing_key.c.username == "tuayang")
    assert key.failed_count == 1
    letter.ministry.codes.good.add("123456")
    proof = Authorization("totp", "123456", letter.ministry.pins["tuayang"])
    certified(letter, proof=proof)
    with pytest.raises(Rejected) as used:
        certified(letter, proof=proof)
    assert used.value.code == "wrong_code"
    assert len(copies(letter)) == 1


def test_what_was_shown_is_what_is_certified(letter: Letter) -> None:
    shown = letter.ministry.query(certifying, letter.id, letter.ministry.now, by="tuayang").seen
    certified(letter, seen=shown)
    with pytest.raises(Conflict) as other:  # the next copy is another
        certified(letter, seen=shown)
    assert other.value.code == "other_than_shown"
    assert len(copies(letter)) == 1


def test_a_revoked_letter_has_no_true_copies(letter: Letter) -> None:
    letter.ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), "somying")
    with pytest.raises(Conflict) as refused:
        certified(letter)
    assert refused.value.code == "not_in_force"


def test_in_the_post_that_was_chosen(letter: Letter) -> None:
    ministry = letter.ministry
    ministry.do(AddPosition("keeper", "ผู้รักษาเอกสาร", "records", "officer"))
    ministry.do(AssignPosition("tuayang", "keeper", ministry.now.date(), is_primary=False))
    certified(letter, post="keeper")
    (copy,) = copies(letter)
    assert copy.told["position_lines"] == ["ผู้รักษาเอกสาร"]
    with pytest.raises(Rejected) as refused:
        certified(letter, post="permanent-secretary")
    assert refused.value.code == "no_authority"


def test_the_post_is_looked_at_once_more_when_it_is_kept(letter: Letter) -> None:
    ministry = letter.ministry
    file = StoredFile("0" * 64, 1, "application/pdf", "a.pdf")
    told = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"]}
    with pytest.raises(Conflict) as refused:
        ministry.do(KeepCertified(letter.id, "general-head", 1, "0" * 64, told, file), "tuayang")
    assert refused.value.code == "other_than_shown"
    with pytest.raises(Forbidden):
        ministry.do(KeepCertified(letter.id, "general-head", 1, "0" * 64, told, file), "thotsop")
    assert ministry.rows(document_copy) == []


def test_of_a_secret_letter_the_registrar_alone_and_each_is_numbered(letter: Letter) -> None:
    ministry = letter.ministry
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).where(document.c.id == letter.id).values(secrecy=2))
    with pytest.raises(Forbidden) as refused:
        certified(letter)
    assert refused.value.code == "cannot_certify_secret"
    keeper = replace(ministry.actor("tuayang"), rights=frozenset({"certify", "registry"}))
    with pytest.raises(Forbidden) as uncleared:
        certified(letter, replace(keeper, clearance=1))
    assert uncleared.value.code == "not_cleared"
    certified(letter, keeper)
    certified(letter, keeper)
    rows = ministry.rows(document_copy, document_copy.c.document_id == letter.id)
    assert sorted(row.told["marks"] for row in rows) == [
        ["ลับ", "สำเนาชุดที่ ๑"], ["ลับ", "สำเนาชุดที่ ๒"],
    ]  # fmt: skip
    for copy in letter.ministry.query(queries.copies, letter.id, by="somying"):
        text = page_text(file_of(letter, copy), 0)
        assert copy.told["marks"][1] in text
