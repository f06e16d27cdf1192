"""Registers after a restore: a running number that the journal has and the database lacks is not
given again; its line says that it was lost, so that the register has no hole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import system_actor
from engine.bus import Context
from engine.ids import new_id
from office.correspondence import rules
from office.correspondence.entered import Entered, is_entered
from office.correspondence.models import letter_book, register_entry
from office.correspondence.recovery import CAUSE, UNKNOWN, Account
from office.correspondence.started import Book, Started
from office.correspondence.starts_recovery import begin_again, starts_by_book
from office.people.models import agency

_STANDS = sa.select(
    letter_book.c.agency_id, letter_book.c.kind, letter_book.c.code, letter_book.c.year,
    letter_book.c.last,
)  # fmt: skip


def unentered(db: Connection, lines: Iterable[Mapping[str, Any]]) -> tuple[Entered, ...]:
    """Of the journal's running numbers those above where the database's registers stand."""
    known = set(db.execute(sa.select(agency.c.id)).scalars())
    stands = {tuple(row[:4]): row.last for row in db.execute(_STANDS)}
    found = (Entered.read(line) for line in lines if is_entered(line))
    return tuple(
        one for one in found if one.agency in known and one.no > stands.get(_register(one), 0)
    )


def _register(one: Entered) -> Book:
    return one.agency, one.register, one.unit, one.year


def account_for_lines(
    ctx: Context, account: Account, missed: Sequence[Entered], unstarted: Sequence[Started] = ()
) -> None:
    """Write all of them down as lost, with those below that nobody knows of. Registers that went on
    from paper do so again.
    """
    registers: dict[Book, set[int]] = defaultdict(set)
    for one in missed:
        registers[_register(one)].add(one.no)
    started = starts_by_book(one for one in unstarted if one.book in rules.REGISTERS)
    for register in sorted({*registers, *started}):
        _fill(ctx, account, register, registers[register], started[register])


def _fill(
    ctx: Context, account: Account, register: Book, journaled: set[int], found: Sequence[Started]
) -> None:
    agency_id, kind, unit, year = register
    ours = replace(ctx, actor=system_actor(agency_id))
    stood, starts = begin_again(ours, register, found, journaled)
    top = max([0, *journaled, *(one.after for one in starts)])
    every = range(stood.value + 1, top + 1)
    lost = [no for no in every if not any(one.covers(no) for one in starts)]
    common = {"register": kind, "unit": unit, "year": year}
    rows = [_row(ours, CAUSE if no in journaled else UNKNOWN, no=no, **common) for no in lost]
    if rows:
        ctx.db.execute(sa.insert(register_entry), rows)
    account.lines += len(rows)
    account.starts += len(starts)


def _row(ctx: Context, cause: str, **place: Any) -> dict[str, Any]:
    """The letter may be signed and entered anew, so the line does not name it."""
    return {
        "agency_id": ctx.actor.agency_id,
        "id": new_id(),
        "sender": "",
        "recipient": "",
        "subject": "",
        "remark": cause,
        "document_id": None,
        "entered_by": ctx.actor.username,
        "entered_at": ctx.now,
        "deemed_at": ctx.now,
        **place,
    }
