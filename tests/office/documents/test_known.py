"""What the house knows of a file that somebody brings, by its bytes and by what was signed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

import pytest
from processes.test_meeting_minutes import CHECKER, MEETING, RECORDER, minutes, recorded
from pyhanko.pdf_utils.reader import PdfFileReader
from support.ministry import Letter, Ministry, furnish

from engine.db import reading
from engine.ids import new_id
from office.documents import queries
from office.documents.certifying_act import Wish, certify
from office.documents.commands import RevokeDocument, SaveDraft
from office.documents.proving import Authorization
from office.documents.queries import KnownFile, known
from office.files.models import blob
from office.files.storage import read
from signing.authority import Authority
from signing.verify import verify


def asked(ministry: Ministry, pdf: bytes, *, by_bytes: bool = True) -> KnownFile | None:
    found = verify(pdf, ministry.desk.trust, ministry.now).signatures
    digests = [one.digest for one in found if one.digest]
    with reading(ministry.bus.engine) as db:
        return known(db, hashlib.sha256(pdf if by_bytes else pdf + b" ").hexdigest(), digests)


def files(letter: Letter) -> Sequence[bytes]:
    """Every PDF that was ever signed of it, and grew from that."""
    kept = letter.ministry.rows(blob, blob.c.media_type == "application/pdf")
    mine = [one for one in kept if (one.held_by or "").startswith(("signature:", "rendition:"))]
    return [read(letter.ministry.desk.storage, one.agency_id, one.sha256) for one in mine]


@pytest.fixture
def letter(either_ministry: Ministry, authority: Authority) -> Letter:
    furnish(either_ministry, authority, "tuayang")
    return either_ministry.letter("S01").on_the_signers_desk().signed()


@pytest.mark.parametrize("by_bytes", [True, False])
def test_each_form_of_a_letter_counts_until_it_is_withdrawn(letter: Letter, by_bytes: bool) -> None:
    ministry = letter.ministry
    forms = files(letter)
    assert len(forms) > 1  # as signed, and with its archive timestamp
    lines = ["รองปลัดกระทรวงตัวอย่าง", "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง"]
    for pdf in forms:
        found = asked(ministry, pdf, by_bytes=by_bytes)
        assert found is not None
        assert (found.standing, found.withdrawn_at) == ("in_force", None)
        assert [list(one) for one in found.posts.values()] == [lines]
    ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), "somying")
    for pdf in forms:
        found = asked(ministry, pdf, by_bytes=by_bytes)
        assert found is not None
        assert (found.standing, found.withdrawn_at) == ("withdrawn", ministry.now)


def test_a_signature_that_is_written_otherwise_is_the_same_one(letter: Letter) -> None:
    """Its digits may be changed from one case to the other, and it stays valid."""
    ministry = letter.ministry
    ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), "somying")
    pdf = files(letter)[0]
    (embedded,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    start, end = embedded.byte_range[1], embedded.byte_range[2]
    digits = pdf[start:end]
    other = (
        pdf[:start] + (digits.upper() if digits != digits.upper() else digits.lower()) + pdf[end:]
    )
    assert other != pdf
    assert verify(other, ministry.desk.trust, ministry.now).good
    found = asked(ministry, other)
    assert found is not None
    assert found.standing == "withdrawn"


@pytest.mark.parametrize("by_bytes", [True, False])
def test_a_certified_copy_goes_with_its_letter(letter: Letter, by_bytes: bool) -> None:
    ministry = letter.ministry
    proof = Authorization("pin", ministry.pins["tuayang"])
    who = ministry.actor("tuayang")
    certify(ministry.bus, who, ministry.desk, Wish(letter.id, proof), new_id())
    ministry.work_off()
    (copy,) = ministry.query(queries.copies, letter.id)
    pdf = read(ministry.desk.storage, ministry.agency_id, copy.sha256)
    found = asked(ministry, pdf, by_bytes=by_bytes)
    assert found is not None
    assert found.standing == "in_force"
    assert [list(one) for one in found.posts.values()] == [copy.told["position_lines"]]
    ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), "somying")
    found = asked(ministry, pdf, by_bytes=by_bytes)
    assert found is not None
    assert (found.standing, found.withdrawn_at) == ("withdrawn", ministry.now)


def test_what_is_not_issued_does_not_count(ministry: Ministry) -> None:
    """Minutes that one of two has signed; and those that were signed, sent back and changed."""
    made = recorded(minutes(ministry))
    (first,) = files(made)
    assert verify(first, ministry.desk.trust, ministry.now).good
    found = asked(ministry, first)
    assert found is not None
    assert found.standing == "unissued"
    made.at("sign").by(CHECKER).send_back("draft")
    content = {**made.row.content, "extra": {**MEETING, "venue": "ห้องประชุม ๒"}}
    ministry.do(SaveDraft(made.id, content, made.row.revision), RECORDER)
    recorded(made).at("sign").by(CHECKER).sign()
    ministry.work_off()
    standings = []
    for pdf in files(made):
        found = asked(ministry, pdf)
        assert found is not None
        standings.append((found.standing, pdf == first, len(found.posts)))
    assert [one for one in standings if one[0] == "unissued"] == [("unissued", True, 1)]
    assert ("in_force", False, 1) in standings  # the second first one: a form of what was issued
    assert ("in_force", False, 2) in standings


def test_nothing_is_known_of_others(letter: Letter) -> None:
    with reading(letter.ministry.bus.engine) as db:
        assert known(db, "0" * 64, []) is None
        assert known(db, "0" * 64, ["1" * 64]) is None
        drafts = [one for one in letter.ministry.rows(blob) if "version:" in (one.held_by or "")]
        assert all(known(db, one.sha256, []) is None for one in drafts)
