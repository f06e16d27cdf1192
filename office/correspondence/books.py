"""Drawing a book's next number: its row is the queue, so there is no gap and no pair."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.ids import new_id
from office.correspondence.models import letter_book

_BOOK = sa.and_(
    letter_book.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    letter_book.c.kind == sa.bindparam("book_kind"),
    letter_book.c.code == sa.bindparam("book_code"),
    letter_book.c.year == sa.bindparam("book_year"),
)
#: Taking a number is one statement: the row is locked from here to the commit.
_DRAW = (
    sa.update(letter_book)
    .where(_BOOK)
    .values(last=letter_book.c.last + 1)
    .returning(letter_book.c.id, letter_book.c.last)
)

_STANDS = sa.select(letter_book.c.id, letter_book.c.last).where(_BOOK).with_for_update()
_RAISE = (
    sa.update(letter_book)
    .where(_BOOK, letter_book.c.last < sa.bindparam("least"))
    .values(last=sa.bindparam("least"))
)


@dataclass(frozen=True, slots=True)
class Drawn:
    book_id: UUID
    value: int


def draw(db: Connection, agency_id: UUID, kind: str, code: str, year: int) -> Drawn:
    """The book's next number, ours if the transaction commits; else the next one's again."""
    binds = {"agency": agency_id, "book_kind": kind, "book_code": code, "book_year": year}
    row = db.execute(_DRAW, binds).one_or_none()
    if row is None:
        _open(db, agency_id, kind, code, year)
        row = db.execute(_DRAW, binds).one()
    return Drawn(row.id, row.last)


def raise_to(db: Connection, agency_id: UUID, kind: str, code: str, year: int, last: int) -> Drawn:
    """Numbers up to `last` are given out, whatever the book says; answers where it stood before."""
    binds = {"agency": agency_id, "book_kind": kind, "book_code": code, "book_year": year}
    row = db.execute(_STANDS, binds).one_or_none()
    if row is None:
        _open(db, agency_id, kind, code, year)
        row = db.execute(_STANDS, binds).one()
    db.execute(_RAISE, {**binds, "least": last})
    return Drawn(row.id, row.last)


def _open(db: Connection, agency_id: UUID, kind: str, code: str, year: int) -> None:
    """The first letter of the year opens the book. Two may try: the second waits, then finds it."""
    book = {"agency_id": agency_id, "id": new_id(), "kind": kind, "code": code, "year": year}
    try:
        with db.begin_nested():
            db.execute(sa.insert(letter_book), {**book, "last": 0})
    except IntegrityError:
        return
