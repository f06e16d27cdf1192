"""The agency's electronic seal: whose it is, which process may use it, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.cheap import WORK
from support.ministry import Letter, Ministry
from support.samples import sample

from engine import jobs
from engine.commands.deployments import Deploy
from engine.commands.variables import SetVariables
from engine.db import reading
from engine.errors import Forbidden, Invalid, Rejected, Unavailable
from engine.ids import new_id
from engine.models.deployment import deployed_file, process_definition
from engine.models.history import history_event
from engine.models.job import job
from engine.ports import ActionUse
from office.accounts.commands.resealing import ResealSecrets
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
from signing.affixing import awaits_seal
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


def change(ministry: Ministry, **values: Any) -> None:
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(seal_key).values(**values))


def check_incident(letter: Letter, code: str) -> None:
    (told,) = letter.incidents()
    assert code in told
    assert letter.row.state == "signed"
    assert letter.ministry.rows(document_seal) == []


def check_without(letter: Letter) -> None:
    assert (letter.end, letter.incidents()) == ("end_filed", [])
    assert letter.ministry.rows(document_seal) == []
    assert not awaits_seal(pdf_of(letter))


def test_a_key_that_its_authority_revoked_seals_nothing(sealing: Ministry) -> None:
    (key,) = sealing.rows(seal_key)
    sealing.desk.issuer.revoke(int(key.serial, 16), sealing.now - timedelta(days=1))
    check_incident(stamped(sealing).signed(), "revoked")


@pytest.mark.parametrize("end", ["not_after", "not_before"])
def test_a_letter_goes_on_without_a_seal_in_force(sealing: Ministry, end: str) -> None:
    day = timedelta(days=1)
    change(sealing, **{end: sealing.now + (-day if end == "not_after" else day)})
    check_without(stamped(sealing).signed())


def test_room_for_a_seal_is_never_left_empty(sealing: Ministry) -> None:
    letter = stamped(sealing)
    letter.at("sign").by("somying").sign()
    (key,) = sealing.rows(seal_key)
    sealing.do(RevokeSeal(key.id, "กุญแจรั่วไหล"))
    sealing.work_off()
    check_incident(letter, "seal_place_empty")


def published_again(ministry: Ministry) -> None:
    """By whoever may deploy: the same key, another diagram."""
    of = process_definition.c.deployment_id == deployed_file.c.deployment_id
    found = sa.select(deployed_file).join(process_definition, of)
    with reading(ministry.bus.engine) as db:
        rows = db.execute(found.where(process_definition.c.key == ROUTE)).all()
    files = {row.name: row.content for row in rows}
    changed = {
        name: content.replace("ประทับตราหน่วยงาน".encode(), "ประทับตรา".encode())
        for name, content in files.items()
    }
    assert changed != files
    ministry.do(Deploy(changed))


def test_a_new_version_of_a_granted_process_is_granted_anew(sealing: Ministry) -> None:
    running = stamped(sealing)
    published_again(sealing)
    later = stamped(sealing).signed()
    check_without(later)
    told = sealing.rows(notice, notice.c.kind == "seal")
    assert {row.page for row in told} == {"/admin/seal"}
    assert f"{ROUTE} 2" in {row.task_name for row in told}
    first, second = f"{ROUTE}:1", f"{ROUTE}:2"

    def versions() -> list[tuple[str, bool, bool]]:
        found = sealing.query(queries.grantable)
        return [(one.code, one.granted, one.renewed) for one in found if one.key == ROUTE]

    assert versions() == [(second, False, True), (first, True, False)]
    check_sealed(running.signed())
    assert sealing.do(GrantSeal([ROUTE]))["processes"] == [first, second]
    check_sealed(stamped(sealing).signed())
    assert sealing.do(GrantSeal([second]))["processes"] == [second]
    assert versions() == [(second, True, False)]


def test_its_kind_is_the_documents_not_a_variable(sealing: Ministry) -> None:
    letter = sealing.letter().on_the_signers_desk()
    sealing.do(SetVariables(letter.instance_id, {"kind": "STAMP"}))
    letter.signed()
    assert "seal" in {row.element_id for row in sealing.rows(job, job.c.action == SEAL)}
    check_without(letter)


@pytest.mark.parametrize("meanwhile", ["revoked", "withdrawn"])
def test_what_ended_while_a_job_worked_seals_nothing(sealing: Ministry, meanwhile: str) -> None:
    letter = stamped(sealing)
    letter.at("sign").by("somying").sign()
    (key,) = sealing.rows(seal_key)
    ended = RevokeSeal(key.id, "กุญแจรั่วไหล") if meanwhile == "revoked" else GrantSeal([])
    sealing.do(ended)
    late = AffixSeal(
        letter.id, key.id, ROUTE, 1, "agency_seal", "B-T", sealing.now, sealing.now, Any
    )  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        sealing.do(late, by="system")
    assert sealing.rows(document_seal) == []


def test_a_pin_that_is_refused_is_tried_once(sealing: Ministry) -> None:
    (key,) = sealing.rows(seal_key)
    letter = stamped(sealing)
    letter.at("sign").by("somying").sign()
    change(sealing, secret=seals.kept_secret(sealing.desk.secret, "changed since", key.id))
    sealing.work_off()
    (faulty,) = sealing.rows(seal_key)
    assert faulty.faulty_at == sealing.now
    assert sealing.rows(notice, notice.c.kind == "seal")
    assert sealing.query(queries.sealing, sealing.now).key.state == "faulty"
    # though it would open again, nobody asks it: the page has room, so this one waits
    change(sealing, secret=key.secret)
    sealing.clock.advance(timedelta(minutes=10))
    sealing.work_off()
    check_incident(letter, "seal_place_empty")
    check_without(stamped(sealing).signed())


def test_of_two_that_are_enrolled_at_once_one_is_in_use(either_ministry: Ministry) -> None:
    ready = Barrier(2)

    def one() -> None:
        ready.wait()
        enrol(either_ministry)

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = either_ministry.rows(seal_key)
    assert sorted(row.retired_at is None for row in kept) == [False, True]


def test_nothing_that_opens_it_outlives_it(ministry: Ministry) -> None:
    first, second = enrol(ministry), enrol(ministry)
    ministry.do(RevokeSeal(second, "กุญแจรั่วไหล"))
    kept = {row.id: (bytes(row.secret), row.encrypted_key) for row in ministry.rows(seal_key)}
    assert kept == {first: (b"", None), second: (b"", None)}
    # nor is it missed where the installation's secret is changed
    services = ministry.bus.services
    extra = {**services.extra, "sealed": seals.SEALED}
    ministry.bus.services = replace(services, extra=extra)
    done = ministry.do(ResealSecrets("seal_key.secret"), by="system")
    assert (done["looked"], done["lost"]) == (0, 0)


def test_another_file_is_not_answered_with_the_first(ministry: Ministry) -> None:
    issuer, same = ministry.desk.issuer, new_id()
    assert issuer is not None
    for turn in range(2):
        key = issuer.enrol_seal(HOUSE, "tuayang", "secret", ministry.now)
        command = EnrolSeal(key, "secret", sha256(key.certificate).hexdigest())
        if not turn:
            ministry.do(command, command_id=same)
            ministry.do(command, command_id=same)
    with pytest.raises(Rejected) as refused:
        ministry.do(command, command_id=same)
    assert refused.value.code == "idempotency_mismatch"
    assert len(ministry.rows(seal_key)) == 1


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
    ministry.do(RevokeSeal(second, "กุญแจรั่วไหล"))
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
