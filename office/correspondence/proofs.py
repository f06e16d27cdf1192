"""Proofs over books and registers: every number once, without a gap, in the order of its days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.queries.finding import Finding
from office.correspondence import rules
from office.correspondence.entered import is_entered
from office.correspondence.issued import Issued
from office.correspondence.journal import Journal
from office.correspondence.models import letter_book, letter_number, register_entry
from office.documents.models import signature
from office.documents.rules import DONE
from office.files.models import blob

_book, _number, _entry = letter_book.c, letter_number.c, register_entry.c
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
    .where(
        _book.kind.not_in(rules.REGISTERS),
        sa.or_(
            sa.func.coalesce(_counted.c.there, 0) != _book.last,
            sa.func.coalesce(_counted.c.highest, 0) != _book.last,
        ),
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
_MISSING_LINES = (
    sa.select(_entry.agency_id, _entry.register, _entry.unit, _entry.year)
    .group_by(_entry.agency_id, _entry.register, _entry.unit, _entry.year)
    .having(sa.func.count() != sa.func.max(_entry.no))
)
_CHECKS: tuple[tuple[str, sa.Select[Any]], ...] = (
    ("a book does not hold each of its numbers", _GAPS),
    ("a number is dated before a lower one", _EARLIER),
    ("a final number names no signed file", _UNPROVEN),
    ("a final number names another file than the one signed", _OTHER_FILE),
    ("a final number has no line in the register of what was sent", _UNREGISTERED),
    ("a register does not hold each of its lines", _MISSING_LINES),
)


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


def _issued(journal: Journal) -> Iterator[Issued]:
    return (Issued.read(line) for line in journal.lines() if not is_entered(line))


def _finding(agency_id: UUID, message: str) -> Finding:
    return Finding("I6", str(agency_id), None, message)


def in_books(db: Connection) -> Iterator[Finding]:
    """The same without the journal, which lies elsewhere."""
    for message, statement in _CHECKS:
        for agency_id, *what in db.execute(statement).all():
            yield _finding(agency_id, f"{message}: {' '.join(map(str, what))}")
