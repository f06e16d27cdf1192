"""Proofs over books and registers: every number once, without a gap, in the order of its days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.queries.finding import Finding
from office.correspondence import rules
from office.correspondence.models import letter_book, letter_number, register_entry

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
    # the books of registers hold no numbers of letters
    .where(
        _book.kind.in_(["letter", "circular", "secret"]),
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
    ("a final number has no line in the register of what was sent", _UNREGISTERED),
    ("a register does not hold each of its lines", _MISSING_LINES),
)


def broken(db: Connection) -> Iterator[Finding]:
    """Every book, number and register that breaks a promise (I6)."""
    for message, statement in _CHECKS:
        for agency_id, *what in db.execute(statement).all():
            yield Finding("I6", str(agency_id), None, f"{message}: {' '.join(map(str, what))}")
