"""The agency's electronic seal: whose it is, which process may use it, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import WORK, Letter, Ministry
from support.samples import sample

from engine import jobs
from engine.errors import Forbidden, Invalid
from engine.models.history import history_event
from engine.models.job import job
from engine.ports import ActionUse
from office.correspondence.models import letter_number
from office.documents import queries, seals
from office.documents.affixing import judge
from office.documents.commands import AffixSeal, EnrolSeal, GrantSeal, RevokeSeal
from office.documents.commands.archiving import ARCHIVE
from office.documents.commands.seals import SEAL
from office.documents.models import document_seal, rendition, seal_key
from office.documents.queries.certificates import SOON
from office.files.storage import read
from office.notices.models import notice
from signing.authority import revoked_in
from signing.errors import UnusableKey
from signing.preview import page_text
from signing.verify import verify

HOUSE = "สำนักงานปลัดกระทรวงตัวอย่าง"
ROUTE = "official-letter"


def enrol(ministry: Ministry) -> UUID:
    assert ministry.desk.issuer is not None
    key = ministry.desk.issuer.enrol_seal(HOUSE, "tuayang", "secret of the house", ministry.now)
    return UUID(ministry.do(EnrolSeal(key, "secret of the house"))["id"])


@pytest.fixture
def sealing(ministry: Ministry) -> Ministry:
    enrol(ministry)
    ministry.do(GrantSeal([ROUTE]))
    return ministry


def stamped(ministry: Ministry) -> Letter:
    """หนังสือประทับตรา on its signer's desk."""
    plain = {"secrecy": "ปกติ", "secrecy_code": "001", "owner_unit": None}
    lines = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"]}
    words = {**dict.fromkeys(sample("S01")), **sample("S05"), **plain, **lines}
    return ministry.letter("S01", **words).on_the_signers_desk()


def pdf_of(letter: Letter) -> bytes:
    view = letter.ministry.query(queries.one, letter.id)
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, view.signed_sha256)


def grown(letter: Letter) -> list[tuple[int, str]]:
    rows = letter.ministry.rows(rendition, rendition.c.document_id == letter.id)
    return sorted((row.ordinal, row.level) for row in rows)


def check_sealed(letter: Letter) -> None:
    ministry = letter.ministry
    later = ministry.now + timedelta(days=3000)
    verdict = verify(pdf_of(letter), ministry.desk.trust, later)
    assert verdict.good, verdict
    assert [(one.by, one.level) for one in verdict.signatures] == [
        ("person", "B-LTA"), ("organisation", "B-LTA"),
    ]  # fmt: skip
    assert verdict.signatures[1].signer == HOUSE


def test_a_letter_under_seal_is_sealed_after_its_official(either_ministry: Ministry) -> None:
    ministry = either_ministry
    enrol(ministry)
    ministry.do(GrantSeal([ROUTE]))
    letter = stamped(ministry).signed()
    assert letter.end == "end_filed"
    check_sealed(letter)
    view = ministry.query(queries.one, letter.id)
    assert (view.seal.organisation, view.seal.process, view.seal.ordinal) == (HOUSE, ROUTE, 1)
    assert grown(letter) == [(1, "B-T"), (2, "B-LTA")]
    # number and journal keep naming the file that the official signed
    (number,) = ministry.rows(letter_number, letter_number.c.document_id == letter.id)
    first = read(ministry.desk.storage, ministry.agency_id, number.sha256)
    assert pdf_of(letter).startswith(first)
    assert [one.by for one in verify(first, ministry.desk.trust, ministry.now).signatures] == [
        "person"
    ]
    (told,) = ministry.rows(history_event, history_event.c.type == "document.sealed")
    assert HOUSE in told.data
    made = next(one for one in view.renditions if one.ordinal == 1)
    assert made.sha256 in told.data


def test_an_agency_without_a_seal_sends_the_letter_without(ministry: Ministry) -> None:
    letter = stamped(ministry).signed()
    assert (letter.end, letter.incidents()) == ("end_filed", [])
    assert ministry.rows(document_seal) == []
    assert "agency_seal" not in page_text(pdf_of(letter))


def test_other_kinds_of_the_same_route_bear_none(sealing: Ministry) -> None:
    letter = sealing.letter().on_the_signers_desk().signed()
    assert letter.end == "end_filed"
    assert sealing.rows(document_seal) == []


def test_while_nobody_stamps_the_time_the_letter_waits(sealing: Ministry) -> None:
    letter = stamped(sealing)
    letter.at("sign").by("somying").sign()
    sealing.stamps.away = True
    sealing.work_off()
    (waiting,) = sealing.rows(job, job.c.action == SEAL)
    assert waiting.state == "waiting"
    assert letter.end is None
    assert sealing.rows(document_seal) == []
    sealing.stamps.away = False
    sealing.clock.advance(timedelta(minutes=10))
    sealing.work_off()
    assert letter.end == "end_filed"
    check_sealed(letter)


def test_a_letter_that_was_archived_before_is_sealed_and_archived_again(sealing: Ministry) -> None:
    letter = stamped(sealing)
    letter.at("sign").by("somying").sign()
    (archive,) = sealing.rows(job, job.c.action == ARCHIVE)
    sealing.clock.advance(timedelta(minutes=6))
    assert jobs.run_job(sealing.bus, archive.id)
    sealing.work_off()
    assert grown(letter) == [(1, "B-LTA"), (2, "B-T"), (3, "B-LTA")]
    check_sealed(letter)


def test_it_is_put_on_once(sealing: Ministry) -> None:
    letter = stamped(sealing).signed()
    (row,) = sealing.rows(document_seal)
    (before,) = [one for one in sealing.rows(rendition) if one.ordinal == 1]
    again = AffixSeal(
        letter.id, row.key_id, ROUTE, 3, "seal_0001", "B-T", sealing.now, sealing.now, Any
    )  # type: ignore[arg-type]
    assert sealing.do(again, by="system") == {"sealed": False}
    with pytest.raises(Forbidden):
        sealing.do(again)
    assert before in sealing.rows(rendition)


def test_only_a_process_that_was_granted_it(sealing: Ministry) -> None:
    def problems(process: str, **more: str) -> list[str]:
        use = ActionUse(process, {"document_id": "=document_id", **more})
        return [one.code for one in sealing.query(lambda db, who: judge(db, who.agency_id, use))]

    assert problems(ROUTE) == []
    assert problems("another") == ["seal_not_granted"]
    assert problems("another", optional="=true") == []
    with pytest.raises(Invalid) as refused:
        sealing.do(GrantSeal(["no-such-process"]))
    assert refused.value.errors[0].path == "processes"
    sealing.do(GrantSeal([]))
    letter = stamped(sealing).signed()
    assert letter.end == "end_filed"
    assert sealing.rows(document_seal) == []


@pytest.mark.parametrize("end", ["expired", "revoked by its authority"])
def test_a_key_that_does_not_count_seals_nothing(sealing: Ministry, end: str) -> None:
    (key,) = sealing.rows(seal_key)
    if end == "expired":
        with sealing.bus.engine.begin() as db:
            db.execute(sa.update(seal_key).values(not_after=sealing.now - timedelta(days=1)))
    else:
        sealing.desk.issuer.revoke(int(key.serial, 16), sealing.now - timedelta(days=1))
    letter = stamped(sealing).signed()
    assert len(letter.incidents()) == 1
    assert letter.row.state == "signed"
    assert sealing.rows(document_seal) == []


def test_its_end_is_told_to_who_keeps_accounts(sealing: Ministry) -> None:
    (key,) = sealing.rows(seal_key)
    assert sealing.query(queries.expiring, sealing.now).items == []
    sealing.clock.advance(key.not_after - sealing.now - SOON + timedelta(hours=1))
    sealing.work_off()
    rows = [one for one in sealing.query(queries.expiring, sealing.now).items if not one.username]
    assert [(one.id, one.serial) for one in rows] == [(str(key.id), key.serial)]
    told = sealing.rows(notice, notice.c.kind == "certificate")
    assert "/admin/seal" in str([row._mapping for row in told])
    assert sealing.query(queries.sealing, sealing.now).key.state == "ending"


def test_renewing_retires_and_revoking_is_told_to_the_authority(ministry: Ministry) -> None:
    first, second = enrol(ministry), enrol(ministry)
    view = ministry.query(queries.sealing, ministry.now)
    assert view.key.id == str(second)
    assert [(one.id, one.state) for one in view.past] == [(str(first), "retired")]
    with pytest.raises(Invalid):
        ministry.do(RevokeSeal(second, " "))
    ministry.do(RevokeSeal(second, "กุญแจรั่ว"))
    ministry.work_off()
    (key,) = ministry.rows(seal_key, seal_key.c.id == second)
    assert int(key.serial, 16) in revoked_in(ministry.home / "authority")
    assert ministry.query(queries.sealing, ministry.now).key is None


def test_it_needs_the_right_and_an_organisations_certificate(ministry: Ministry) -> None:
    key = ministry.desk.issuer.authority.enrol("นายก", "a person's", ministry.now, work=WORK)
    with pytest.raises(UnusableKey) as refused:
        ministry.do(EnrolSeal(key, "a person's"))
    assert refused.value.fault == "person"
    for command in (EnrolSeal(key, "x"), GrantSeal([ROUTE])):
        with pytest.raises(Forbidden):
            ministry.do(command, by="faem")
    with pytest.raises(Forbidden):
        ministry.query(queries.sealing, ministry.now, by="faem")


def test_what_opens_it_is_kept_sealed(ministry: Ministry) -> None:
    enrol(ministry)
    (key,) = ministry.rows(seal_key)
    assert b"secret of the house" not in bytes(key.secret)
    assert seals.opened(ministry.desk, key).certificate == key.certificate
