"""Proofs over books and registers: every number once, without a gap, in the order of its days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.queries.finding import Finding
from office.correspondence import rules
from office.correspondence.issued import Issued, is_issued
from office.correspondence.journal import Journal
from office.correspondence.models import book_start, letter_book, letter_number, register_entry
from office.correspondence.started import Started, is_started
from office.documents.models import signature
from office.documents.rules import DONE
from office.files.models import blob

_book, _number, _entry = letter_book.c, letter_number.c, register_entry.c
#: of each book that went on from paper: how many numbers were given out there, and up to which
_paper = (
    sa.select(
        book_start.c.agency_id,
        book_start.c.book_id,
        sa.func.sum(book_start.c.first - book_start.c.after - 1).label("numbers"),
        sa.func.max(book_start.c.first - 1).label("upto"),
    )
    .group_by(book_start.c.agency_id, book_start.c.book_id)
    .subquery()
)
_on_paper = sa.func.coalesce(_paper.c.numbers, 0)
_upto = sa.func.coalesce(_paper.c.upto, 0)
_OF_PAPER = sa.and_(_paper.c.agency_id == _book.agency_id, _paper.c.book_id == _book.id)


def _higher(one: sa.ColumnElement[int], other: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.case((one > other, one), else_=other)


_counted = (
    sa.select(
        _number.agency_id,
        _number.book_id,
        sa.func.count().label("there"),
        sa.func.max(_number.value).label("highest"),
    )
    .group_by(_number.agency_id, _number.book_id)
    .subquery()
)
_GAPS = (
    sa.select(_book.agency_id, _book.code, _book.year)
    .outerjoin(
        _counted,
        sa.and_(_counted.c.agency_id == _book.agency_id, _counted.c.book_id == _book.id),
    )
    .outerjoin(_paper, _OF_PAPER)
    .where(
        _book.kind.not_in(rules.REGISTERS),
        sa.or_(
            sa.func.coalesce(_counted.c.there, 0) + _on_paper != _book.last,
            _higher(sa.func.coalesce(_counted.c.highest, 0), _upto) != _book.last,
        ),
    )
)
_TWICE = sa.select(_number.agency_id, _number.text).where(
    sa.exists().where(
        book_start.c.agency_id == _number.agency_id,
        book_start.c.book_id == _number.book_id,
        _number.value > book_start.c.after,
        _number.value < book_start.c.first,
    )
)
_days = (
    sa.select(
        _number.agency_id,
        _number.text,
        _number.dated,
        sa.func.max(_number.dated)
        .over(
            partition_by=(_number.agency_id, _number.book_id),
            order_by=_number.value,
            rows=(None, -1),
        )
        .label("before"),
    )
    .where(_number.state != "lost")
    .subquery()
)
_EARLIER = sa.select(_days.c.agency_id, _days.c.text).where(_days.c.dated < _days.c.before)
_UNPROVEN = sa.select(_number.agency_id, _number.text).where(
    _number.state == "final", sa.or_(_number.sha256.is_(None), _number.settled_at.is_(None))
)
#: what is archived took its signatures along
_signed = (
    sa.select(signature.c.agency_id, signature.c.number_id, blob.c.sha256)
    .join(
        blob, sa.and_(blob.c.agency_id == signature.c.agency_id, blob.c.id == signature.c.blob_id)
    )
    .where(signature.c.state == DONE)
    .subquery()
)
_OTHER_FILE = (
    sa.select(_number.agency_id, _number.text)
    .join(
        _signed,
        sa.and_(_signed.c.agency_id == _number.agency_id, _signed.c.number_id == _number.id),
    )
    .where(_number.state == "final", _signed.c.sha256 != _number.sha256)
)
_UNREGISTERED = sa.select(_number.agency_id, _number.text).where(
    _number.state == "final",
    sa.not_(
        sa.exists().where(
            _entry.agency_id == _number.agency_id,
            _entry.document_id == _number.document_id,
            _entry.register.in_(rules.OUTGOING),
        )
    ),
)
_lines = (
    sa.select(
        _entry.agency_id,
        _entry.register,
        _entry.unit,
        _entry.year,
        sa.func.count().label("there"),
        sa.func.max(_entry.no).label("highest"),
    )
    .group_by(_entry.agency_id, _entry.register, _entry.unit, _entry.year)
    .subquery()
)
_MISSING_LINES = (
    sa.select(_lines.c.agency_id, _lines.c.register, _lines.c.unit, _lines.c.year)
    .outerjoin(
        letter_book,
        sa.and_(
            _book.agency_id == _lines.c.agency_id,
            _book.kind == _lines.c.register,
            _book.code == _lines.c.unit,
            _book.year == _lines.c.year,
        ),
    )
    .outerjoin(_paper, _OF_PAPER)
    .where(_lines.c.there + _on_paper != _higher(_lines.c.highest, _upto))
)
_LINE_TWICE = (
    sa.select(_entry.agency_id, _entry.register, _entry.unit, _entry.year, _entry.no)
    .join(
        letter_book,
        sa.and_(
            _book.agency_id == _entry.agency_id,
            _book.kind == _entry.register,
            _book.code == _entry.unit,
            _book.year == _entry.year,
        ),
    )
    .join(
        book_start,
        sa.and_(
            book_start.c.agency_id == _book.agency_id,
            book_start.c.book_id == _book.id,
            _entry.no > book_start.c.after,
            _entry.no < book_start.c.first,
        ),
    )
)
_CHECKS: tuple[tuple[str, sa.Select[Any]], ...] = (
    ("a book does not hold each of its numbers", _GAPS),
    ("a number was given out on paper before", _TWICE),
    ("a number is dated before a lower one", _EARLIER),
    ("a final number names no signed file", _UNPROVEN),
    ("a final number names another file than the one signed", _OTHER_FILE),
    ("a final number has no line in the register of what was sent", _UNREGISTERED),
    ("a register does not hold each of its lines", _MISSING_LINES),
    ("a line's running number was given out on paper before", _LINE_TWICE),
)


_STARTED = sa.select(
    book_start.c.id, _book.agency_id, _book.kind, _book.code, _book.year,
    book_start.c.after, book_start.c.first,
).join(
    letter_book,
    sa.and_(_book.agency_id == book_start.c.agency_id, _book.id == book_start.c.book_id),
)  # fmt: skip
_HELD = sa.select(_number.id, _number.agency_id, _number.text, _number.state, _number.sha256)


def broken(db: Connection, journal: Journal) -> Iterator[Finding]:
    """Every book, number and register that breaks a promise (I6), and whatever the journal says
    otherwise.
    """
    yield from in_books(db)
    written = {issued.number_id: issued for issued in _issued(journal)}
    for row in db.execute(_HELD):
        line = written.pop(row.id, None)
        if row.state == rules.FINAL and (line is None or line.sha256 != row.sha256):
            what = "names another file than" if line else "has no line in"
            yield _finding(row.agency_id, f"a final number {what} the journal: {row.text}")
    for line in written.values():
        yield _finding(line.agency, f"the journal has a number that no book has: {line.number}")
    yield from _unjournaled(db, journal)


def _issued(journal: Journal) -> Iterator[Issued]:
    return (Issued.read(line) for line in journal.lines() if is_issued(line))


def _unjournaled(db: Connection, journal: Journal) -> Iterator[Finding]:
    """Starts of books that a restore would not find again. One that only the journal has may be of
    an attempt that came to nothing.
    """
    written = {
        one.book_start: (*one.place, one.after, one.first)
        for one in (Started.read(line) for line in journal.lines() if is_started(line))
    }
    for key, *stands in db.execute(_STARTED).all():
        if written.get(key) != tuple(stands):
            agency_id, kind, code, year, _after, first = stands
            what = f"{kind} {code} {year} at {first}"
            yield _finding(agency_id, f"the journal does not have the start of a book: {what}")


def _finding(agency_id: UUID, message: str) -> Finding:
    return Finding("I6", str(agency_id), None, message)


def in_books(db: Connection) -> Iterator[Finding]:
    """The same without the journal, which lies elsewhere."""
    for message, statement in _CHECKS:
        for agency_id, *what in db.execute(statement).all():
            yield _finding(agency_id, f"{message}: {' '.join(map(str, what))}")
