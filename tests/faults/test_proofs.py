"""The audit of books, registers and files: an honest office has no finding, each harm is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Ministry

from engine.db import reading
from engine.ids import new_id
from office.correspondence import proofs as books
from office.correspondence.commands import StartBook
from office.correspondence.journal import FileJournal
from office.correspondence.models import book_start, letter_book, letter_number, register_entry
from office.documents import proofs as signatures
from office.documents.models import document_version, signature
from office.files import proofs as files
from office.files.models import blob
from office.people.models import instrument, person, position

pytestmark = pytest.mark.faults


ONE = sa.select(signature.c.document_id).limit(1).scalar_subquery()


def told(ministry: Ministry) -> list[str]:
    with reading(ministry.bus.engine) as db:
        found = [
            *books.broken(db, FileJournal(ministry.home / "numbers.log")),
            *signatures.broken(db),
            *files.broken(db, ministry.desk.storage),
        ]
    return [f"{one.invariant} {one.message}" for one in found]


@pytest.fixture
def office(either_ministry: Ministry) -> Ministry:
    """Two letters are signed, of two days."""
    either_ministry.letter().on_the_signers_desk().signed()
    either_ministry.clock.advance(timedelta(days=1))
    either_ministry.letter().on_the_signers_desk().signed()
    assert told(either_ministry) == []
    return either_ministry


def _delete(table: sa.Table, *where: Any) -> sa.Delete:
    return table.delete().where(*where)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (letter_book.update().values(last=letter_book.c.last + 1), "each of its numbers"),
        (letter_number.update().where(letter_number.c.value == 2).values(value=3),
         "each of its numbers"),
        (letter_number.update().where(letter_number.c.value == 1)
         .values(dated=date(2027, 1, 1)), "dated before a lower one"),
        (letter_number.update().values(sha256=None), "names no signed file"),
        (letter_number.update().values(sha256="0" * 64), "another file than the one signed"),
        (letter_number.update().values(sha256="0" * 64), "another file than the journal"),
        (letter_book.update().where(letter_book.c.kind == "send").values(kind="order"),
         "each of its numbers"),
        (signature.update().values(field="sig_0001", document_id=ONE), "more than one signature"),
        (signature.update().values(digest=None), "lacks its digest"),
        (document_version.update().values(sha256="0" * 64), "a text that its document never had"),
        (_delete(register_entry, register_entry.c.no == 2), "no line in the register"),
        (register_entry.update().where(register_entry.c.no == 2).values(no=5), "of its lines"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named(office: Ministry, harm: Any, message: str) -> None:
    with office.bus.engine.begin() as db:
        db.execute(harm)
    assert [one for one in told(office) if message in one], told(office)


def test_a_book_that_went_on_from_paper_is_whole_and_each_harm_to_it_is_named(
    ministry: Ministry,
) -> None:
    """One letter on the first of a book that was on paper up to 500, in a register up to 39."""
    ministry.do(StartBook("letter", "ตย 0201", 501, "จากทะเบียนกระดาษ"))
    ministry.do(StartBook("send", "ops", 40, "จากทะเบียนกระดาษ"))
    letter = ministry.letter().on_the_signers_desk().signed()
    (line,) = ministry.rows(register_entry, register_entry.c.register == "send")
    assert (letter.row.number, line.no) == ("ตย ๐๒๐๑/๕๐๑", 40)
    assert told(ministry) == []
    journal = ministry.home / "numbers.log"
    whole = journal.read_bytes()
    journal.write_bytes(b"\n".join(x for x in whole.split(b"\n") if b"book_start" not in x) + b"\n")
    assert len([one for one in told(ministry) if "not have the start of a book" in one]) == 2
    journal.write_bytes(whole)
    for harm, messages in (
        (letter_number.update().values(value=500), {"on paper before", "each of its numbers"}),
        (register_entry.update().where(register_entry.c.register == "send").values(no=39),
         {"running number was given out on paper", "each of its lines"}),
        (book_start.update().values(first=book_start.c.first - 1),
         {"each of its numbers", "each of its lines", "not have the start"}),
    ):  # fmt: skip
        with ministry.bus.engine.connect() as db:
            db.execute(harm)
            found = [one.message for one in books.broken(db, FileJournal(journal))]
        assert {which for which in messages if any(which in one for one in found)} == messages


def test_files_that_are_gone_or_altered_are_named(office: Ministry) -> None:
    storage, (row, *_) = office.desk.storage, office.rows(blob, blob.c.held_by.is_not(None))
    (place,) = (office.home / "files").glob(f"{row.agency_id}/??/{row.sha256}")
    content = place.read_bytes()
    place.chmod(0o600)
    place.write_bytes(content[:-1] + b"?")
    assert told(office) == [f"I12 the file {row.sha256} was altered"]
    storage.delete(row.agency_id, row.sha256)
    assert told(office) == [f"I12 the file {row.sha256} is gone"]


def test_a_number_that_only_the_journal_has_is_named(office: Ministry) -> None:
    """As after a restore that nobody completed."""
    (row,) = office.rows(letter_number, letter_number.c.value == 2)
    with office.bus.engine.begin() as db:
        db.execute(signature.update().values(number_id=None))
        db.execute(_delete(letter_number, letter_number.c.id == row.id))
    assert f"I6 the journal has a number that no book has: {row.text}" in told(office)


def test_a_number_that_the_journal_lacks_is_named(office: Ministry) -> None:
    (office.home / "numbers.log").write_bytes(b"")
    assert len([one for one in told(office) if "has no line in the journal" in one]) == 2


def test_who_signed_for_another_after_it_ended_is_named(office: Ministry) -> None:
    (signed, *_) = office.rows(signature)
    (post, *_) = office.rows(position)
    (somebody, *_) = office.rows(person)
    lent = {
        "agency_id": signed.agency_id, "id": new_id(), "mode": "delegated",
        "person_id": somebody.id, "position_id": post.id, "order_ref": "๑/๒๕๖๙",
        "order_date": date(2026, 11, 1), "kinds": [], "subjects": [],
        "starts_at": signed.reserved_at - timedelta(days=9), "ends_at": signed.reserved_at,
    }  # fmt: skip
    with office.bus.engine.begin() as db:
        db.execute(instrument.insert(), lent)
        db.execute(signature.update().where(signature.c.id == signed.id)
                   .values(instrument_id=lent["id"]))  # fmt: skip
    assert told(office) == []
    with office.bus.engine.begin() as db:
        ended = instrument.update().where(instrument.c.id == lent["id"])
        db.execute(ended.values(ends_at=signed.reserved_at - timedelta(seconds=1)))
    assert [one[:4] for one in told(office)] == ["I13 "]
