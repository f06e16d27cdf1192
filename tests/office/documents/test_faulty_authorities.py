"""A timestamp authority that is down, slow, or answers wrongly: a letter waits and is seen to wait,
nothing half-signed counts, and what is archived stays as it was.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.faulty_tsa import AWAY, WRONG, faulty
from support.ministry import Letter, Ministry

from engine.models.job import job
from office.correspondence.models import letter_number, register_entry
from office.documents import queries
from office.documents.commands.archiving import ARCHIVE
from office.documents.models import rendition
from office.files.storage import read
from signing.verify import verify

FAULTS = [*AWAY, *WRONG]


def pdf_of(letter: Letter) -> bytes:
    view = letter.ministry.query(queries.one, letter.id)
    assert view.signed_sha256
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, view.signed_sha256)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_letter_waits_for_a_timestamp_that_is_one(ministry: Ministry, fault: str) -> None:
    letter, stamps = ministry.letter().on_the_signers_desk(), ministry.stamps
    real: Any = stamps.real
    with faulty(real, fault) as stamps.real:
        answer = letter.at("sign").by("somying").sign()
        assert answer["status"] == "waiting_timestamp"
        ministry.work_off()
    view = ministry.query(queries.one, letter.id)
    assert (view.document.state, view.signed_sha256) == ("waiting_timestamp", None)
    assert view.document.number is None
    assert "sign" in letter.open()
    (number,) = ministry.rows(letter_number, letter_number.c.document_id == letter.id)
    assert number.state == "reserved"
    assert ministry.rows(register_entry, register_entry.c.document_id == letter.id) == []
    stamps.real = real
    ministry.clock.advance(timedelta(minutes=30))
    ministry.work_off()
    assert letter.row.state == "signed"
    verdict = verify(pdf_of(letter), ministry.desk.trust, ministry.now)
    assert verdict.good
    assert [one.level for one in verdict.signatures] == ["B-LTA"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_renewal_waits_and_what_is_archived_stays(ministry: Ministry, fault: str) -> None:
    letter, stamps = ministry.letter().on_the_signers_desk().signed(), ministry.stamps
    before = pdf_of(letter)
    ministry.clock.advance(timedelta(days=366))
    real: Any = stamps.real
    with faulty(real, fault) as stamps.real:
        ministry.work_off()
    assert pdf_of(letter) == before
    (waiting,) = ministry.rows(job, job.c.action == ARCHIVE, job.c.state == "waiting")
    assert waiting.last_error
    assert waiting.attempt == 1
    stamps.real = real
    ministry.clock.advance(timedelta(minutes=30))
    ministry.work_off()
    rows = ministry.rows(rendition, rendition.c.document_id == letter.id)
    assert sorted(row.ordinal for row in rows) == [1, 2]
    assert pdf_of(letter).startswith(before)
    assert verify(pdf_of(letter), ministry.desk.trust, ministry.now).good
