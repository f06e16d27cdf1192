"""A signed letter is made to last by a job, renewed each year, and never half."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.ministry import Letter, Ministry

from engine.errors import Rejected
from engine.models.history import history_event
from engine.models.job import job
from office.correspondence.models import letter_number
from office.documents import queries
from office.documents.commands.archiving import ARCHIVE
from office.documents.models import rendition, signing_key
from office.files.storage import read
from signing.authority import revoke
from signing.verify import verify


def pdf_of(letter: Letter) -> bytes:
    view = letter.ministry.query(queries.one, letter.id)
    assert view.signed_sha256
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, view.signed_sha256)


def renditions(letter: Letter) -> list[Any]:
    rows = letter.ministry.rows(rendition, rendition.c.document_id == letter.id)
    return sorted(rows, key=lambda row: row.ordinal)


def wanted(ministry: Ministry) -> list[Any]:
    waiting = (job.c.action == ARCHIVE, job.c.state == "waiting")
    return list(ministry.rows(job, *waiting))


def test_a_signed_letter_is_archived_and_its_first_file_stays(either_ministry: Ministry) -> None:
    letter = either_ministry.letter().on_the_signers_desk()
    letter.at("sign").by("somying").sign()
    before = pdf_of(letter)
    either_ministry.work_off()
    after = pdf_of(letter)
    assert after.startswith(before)
    assert len(after) > len(before)
    verdict = verify(after, either_ministry.desk.trust, either_ministry.now + timedelta(days=3000))
    assert verdict.good
    assert [one.level for one in verdict.signatures] == ["B-LTA"]
    view = either_ministry.query(queries.one, letter.id)
    assert view.signature.level == "B-LTA"
    (made,) = view.renditions
    assert (made.ordinal, made.level, made.sha256) == (1, "B-LTA", view.signed_sha256)
    # the book and the journal name the file that was signed: it is kept beside the newer one
    (number,) = either_ministry.rows(letter_number, letter_number.c.document_id == letter.id)
    desk = either_ministry.desk
    assert read(desk.storage, either_ministry.agency_id, number.sha256) == before
    events = either_ministry.rows(history_event, history_event.c.type == "document.archived")
    assert made.sha256 in events[0].data


def test_it_is_renewed_each_year(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk().signed()
    first, (next_one,) = pdf_of(letter), wanted(ministry)
    assert next_one.due_at == renditions(letter)[0].stamped_at + timedelta(days=365)
    ministry.work_off()
    assert len(renditions(letter)) == 1  # not before its time
    for year in (1, 2):
        ministry.clock.advance(timedelta(days=366))
        ministry.work_off()
        assert [row.ordinal for row in renditions(letter)] == list(range(1, year + 2))
    assert pdf_of(letter).startswith(first)
    assert verify(pdf_of(letter), ministry.desk.trust, ministry.now).good


def test_while_the_authority_is_away_the_letter_stays_as_it_was(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    letter.at("sign").by("somying").sign()
    before = pdf_of(letter)
    ministry.stamps.away = True
    ministry.work_off()
    assert renditions(letter) == []
    assert pdf_of(letter) == before
    assert ministry.query(queries.one, letter.id).signature.level == "B-T"
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(minutes=30))
    ministry.work_off()
    assert len(renditions(letter)) == 1


def test_the_same_job_twice_makes_one_rendition(ministry: Ministry) -> None:
    from office.documents.commands import KeepRendition
    from office.files.uploads import keep

    letter = ministry.letter().on_the_signers_desk().signed()
    made = renditions(letter)[0]
    file = keep(ministry.desk.storage, ministry.agency_id, b"%PDF-1.7 other", "x.pdf", "x")
    again = KeepRendition(letter.id, 1, "B-LTA", made.stamped_at, file)
    assert ministry.do(again, "system") == {"kept": False}
    assert len(renditions(letter)) == 1
    assert pdf_of(letter) != b"%PDF-1.7 other"


def test_a_revoked_certificate_signs_nothing(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    (key,) = ministry.rows(signing_key, signing_key.c.username == "somying")
    folder = ministry.home / "authority"
    folder.mkdir()
    revoke(folder, int(key.serial, 16), ministry.now - timedelta(hours=1))
    with pytest.raises(Rejected, match="revoked on 2026-11-23") as refused:
        letter.at("sign").by("somying").sign()
    assert refused.value.code == "certificate_revoked"
    assert ministry.rows(letter_number, letter_number.c.document_id == letter.id) == []
    assert letter.signatures == []


def test_what_was_signed_before_the_revocation_stays_trusted(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk().signed()
    (key,) = ministry.rows(signing_key, signing_key.c.username == "somying")
    folder = ministry.home / "authority"
    folder.mkdir()
    ministry.clock.advance(timedelta(days=2))
    revoke(folder, int(key.serial, 16), ministry.now)
    lists = ministry.desk.statuses.known()
    assert verify(pdf_of(letter), ministry.desk.trust, ministry.now, lists=lists).good
    ministry.clock.advance(timedelta(days=366))
    ministry.work_off()
    assert len(renditions(letter)) == 2
    assert verify(pdf_of(letter), ministry.desk.trust, ministry.now, lists=lists).good
