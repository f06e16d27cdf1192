"""The audit of books, registers and files: an honest office has no finding, each harm is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Ministry

from engine.db import reading
from office.correspondence import proofs as books
from office.correspondence.models import letter_book, letter_number, register_entry
from office.files import proofs as files
from office.files.models import blob

pytestmark = pytest.mark.faults


def told(ministry: Ministry) -> list[str]:
    with reading(ministry.bus.engine) as db:
        found = [*books.broken(db), *files.broken(db, ministry.desk.storage)]
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
        (_delete(register_entry, register_entry.c.no == 2), "no line in the register"),
        (register_entry.update().where(register_entry.c.no == 2).values(no=5), "of its lines"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named(office: Ministry, harm: Any, message: str) -> None:
    with office.bus.engine.begin() as db:
        db.execute(harm)
    assert [one for one in told(office) if message in one], told(office)


def test_files_that_are_gone_or_altered_are_named(office: Ministry) -> None:
    storage, (row, *_) = office.desk.storage, office.rows(blob, blob.c.held_by.is_not(None))
    (place,) = (office.home / "files").glob(f"{row.agency_id}/??/{row.sha256}")
    content = place.read_bytes()
    place.chmod(0o600)
    place.write_bytes(content[:-1] + b"?")
    assert told(office) == [f"I12 the file {row.sha256} was altered"]
    storage.delete(row.agency_id, row.sha256)
    assert told(office) == [f"I12 the file {row.sha256} is gone"]
