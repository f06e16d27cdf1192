"""A certified copy is made to last as the letter is: by the same job, each year, and never half."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry, furnish

from engine.errors import Forbidden
from engine.ids import new_id
from engine.models.history import history_event
from engine.models.job import job
from office.documents import queries, upkeep
from office.documents.certifying_act import Wish, certify
from office.documents.commands import KeepCopyRendition, KnowCopy
from office.documents.commands.archiving import ARCHIVE
from office.documents.models import copy_rendition, document_copy
from office.documents.proving import Authorization
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import keep
from signing.authority import Authority
from signing.verify import verify


def signed(ministry: Ministry, authority: Authority) -> Letter:
    furnish(ministry, authority, "tuayang")
    return ministry.letter("S01").on_the_signers_desk().signed()


@pytest.fixture
def letter(ministry: Ministry, authority: Authority) -> Letter:
    return signed(ministry, authority)


def certified(letter: Letter) -> queries.CopyRow:
    ministry = letter.ministry
    proof = Authorization("pin", ministry.pins["tuayang"])
    certify(
        ministry.bus, ministry.actor("tuayang"), ministry.desk, Wish(letter.id, proof), new_id()
    )
    return copy_of(letter)


def copy_of(letter: Letter) -> queries.CopyRow:
    return list(letter.ministry.query(queries.copies, letter.id))[-1]


def pdf_of(letter: Letter) -> bytes:
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, copy_of(letter).sha256)


def wanted(letter: Letter) -> list[Any]:
    waiting = letter.ministry.rows(job, job.c.action == ARCHIVE, job.c.state == "waiting")
    return [one for one in waiting if "copy_id" in one.payload]


def test_it_is_archived_and_the_copy_that_was_certified_stays(
    either_ministry: Ministry, authority: Authority
) -> None:
    ministry, letter = either_ministry, signed(either_ministry, authority)
    before = certified(letter)
    assert (before.level, before.archived_at) == ("B-T", None)
    first = pdf_of(letter)
    ministry.work_off()
    after = copy_of(letter)
    assert after.level == "B-LTA"
    assert after.archived_at is not None
    pdf = pdf_of(letter)
    assert pdf.startswith(first)
    assert len(pdf) == after.size > len(first)
    verdict = verify(pdf, ministry.desk.trust, ministry.now + timedelta(days=4000))
    assert verdict.good
    assert [one.level for one in verdict.signatures] == ["B-LTA"]
    # the row of the copy, and its file, are as they were
    (row,) = ministry.rows(document_copy)
    (kept,) = ministry.rows(blob, blob.c.id == row.blob_id)
    assert kept.sha256 == before.sha256
    assert read(ministry.desk.storage, ministry.agency_id, before.sha256) == first
    told = [json.loads(one.data) for one in
            ministry.rows(history_event, history_event.c.type == "document.archived")]  # fmt: skip
    (mine,) = [one for one in told if one.get("copy") == "certified"]
    assert (mine["sha256"], mine["copy_ordinal"], mine["rendition"]) == (after.sha256, 1, 1)


def test_it_is_renewed_each_year_beside_its_letter(letter: Letter) -> None:
    ministry = letter.ministry
    certified(letter)
    ministry.work_off()
    (next_one,) = wanted(letter)
    (made,) = ministry.rows(copy_rendition)
    assert next_one.due_at == made.stamped_at + timedelta(days=365)
    first = pdf_of(letter)
    for year in (1, 2):
        ministry.clock.advance(timedelta(days=366))
        ministry.work_off()
        assert len(ministry.rows(copy_rendition)) == year + 1
    assert pdf_of(letter).startswith(first)
    assert verify(pdf_of(letter), ministry.desk.trust, ministry.now).good


def test_while_the_authority_is_away_it_waits_as_it_was(letter: Letter) -> None:
    ministry, before = letter.ministry, certified(letter)
    ministry.stamps.away = True
    ministry.work_off()
    assert copy_of(letter) == before
    (waiting,) = wanted(letter)
    assert "nobody answers" in waiting.last_error
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(minutes=30))
    ministry.work_off()
    assert copy_of(letter).level == "B-LTA"


def test_the_same_job_twice_makes_one_rendition(letter: Letter) -> None:
    ministry = letter.ministry
    certified(letter)
    ministry.work_off()
    before, (made,) = pdf_of(letter), ministry.rows(copy_rendition)
    file = keep(ministry.desk.storage, ministry.agency_id, b"%PDF-1.7 other", "x.pdf", "x")
    again = KeepCopyRendition(made.copy_id, 1, "B-LTA", made.stamped_at, file)
    assert ministry.do(again, "system") == {"kept": False}
    assert pdf_of(letter) == before


def test_without_an_authority_nothing_is_waited_for(letter: Letter) -> None:
    ministry = letter.ministry
    object.__setattr__(ministry.desk, "timestamps", None)
    copy = certified(letter)
    assert (copy.level, wanted(letter)) == ("B-B", [])


def test_a_copy_of_an_earlier_version_is_known_and_archived_as_a_new_one(
    either_ministry: Ministry, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row as it was: no digest, in what it told neither, and no job that archives it."""
    ministry, letter = either_ministry, signed(either_ministry, authority)
    copies = [certified(letter) for _ in range(3)]
    rows = {UUID(one.id): ministry.rows(document_copy, document_copy.c.id == UUID(one.id))[0]
            for one in copies}  # fmt: skip
    with ministry.bus.engine.begin() as db:
        db.execute(sa.delete(job).where(job.c.action == ARCHIVE))
        for key, row in rows.items():
            told = {name: said for name, said in row.told.items() if name != "digest"}
            before = {"digest": None, "told": told}
            db.execute(sa.update(document_copy).where(document_copy.c.id == key).values(before))
        missing = min(rows)  # the first that is found
        gone = sa.update(blob).where(blob.c.id == rows[missing].blob_id)
        db.execute(gone.values(sha256="0" * 64))
    monkeypatch.setattr(upkeep, "BATCH", 1)
    for completed in (1, 2, 2):
        upkeep.sweep(ministry.bus, ministry.desk.storage)
        now = {row.id: row.digest for row in ministry.rows(document_copy)}
        known = {key: digest for key, digest in now.items() if digest is not None}
        assert len(known) == completed
        assert known.items() <= {key: row.digest for key, row in rows.items()}.items()
    assert now[missing] is None  # looked at again once its file is there
    assert len(wanted(letter)) == 2
    (found,) = [one.sha256 for one in copies if UUID(one.id) == missing]
    with ministry.bus.engine.begin() as db:
        db.execute(gone.values(sha256=found))
    upkeep.sweep(ministry.bus, ministry.desk.storage)
    ministry.work_off()
    assert {one.level for one in ministry.query(queries.copies, letter.id)} == {"B-LTA"}
    with pytest.raises(Forbidden):
        ministry.do(KnowCopy(missing, "00"), "tuayang")


def test_a_file_that_tells_no_digest_is_not_looked_at_again(letter: Letter) -> None:
    ministry, copy = letter.ministry, certified(letter)
    other = keep(ministry.desk.storage, ministry.agency_id, b"%PDF-1.7 broken", "x.pdf", "x")
    (row,) = ministry.rows(document_copy)
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document_copy).values(digest=None, told={**row.told, "level": "B-B"}))
        db.execute(sa.update(blob).where(blob.c.id == row.blob_id).values(sha256=other.sha256))
    upkeep.sweep(ministry.bus, ministry.desk.storage)
    (row,) = ministry.rows(document_copy, document_copy.c.id == UUID(copy.id))
    assert row.digest == ""
    assert ministry.do(KnowCopy(row.id, "00"), "system") == {"known": False}
