"""Lines of the registers to which a new letter may refer (อ้างถึง), in the official form.

Whose line is whose to see is what the registers' own search says (`queries.register`) and the one
for documents; a secret letter is referred to by whoever types it, never offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.correspondence import rules
from office.correspondence.models import register_entry
from office.correspondence.queries import EntryRow, lines_of
from office.documents.replying import reference
from office.documents.rules import OPEN_TO_RIGHTS
from office.documents.thai import arabic_digits, thai_digits

#: letters that went to and fro (ข้อ 11); an order or a rule is cited in the text
_REGISTERS = (rules.SEND, rules.RECEIVE)
#: books of several years, and agencies that write to us, may give a number more than once
OF_A_NUMBER = 20
_SEARCHED = ("subject", "number", "sender", "recipient")


@dataclass(frozen=True, slots=True)
class Referable:
    """`text`: as it is printed under อ้างถึง."""

    entry: EntryRow
    text: str


def referable(db: Connection, actor: Actor, q: str, most: int) -> Sequence[Referable]:
    """The newest lines, each letter once; `q` is part of subject, number, sender or recipient, its
    digits Thai or Arabic.
    """
    asked = dict.fromkeys((thai_digits(q.strip()), arabic_digits(q.strip())))
    said = sa.or_(
        *(
            register_entry.c[name].icontains(text, autoescape=True)
            for name in _SEARCHED
            for text in asked
        )
    )
    return _found(db, actor, most, said)


def referred(db: Connection, actor: Actor, number: str) -> Sequence[Referable]:
    """The lines of letters with exactly this number, its digits Thai or Arabic."""
    either = register_entry.c.number.in_((thai_digits(number), arabic_digits(number)))
    return _found(db, actor, OF_A_NUMBER, either)


def line(db: Connection, actor: Actor, entry_id: UUID) -> Referable | None:
    """One line, where it is theirs to see."""
    found = _found(db, actor, 1, register_entry.c.id == entry_id)
    return found[0] if found else None


def _found(
    db: Connection, actor: Actor, most: int, wanted: sa.ColumnElement[bool]
) -> Sequence[Referable]:
    numbered = (
        register_entry.c.number != "",
        register_entry.c.dated.is_not(None),
        register_entry.c.secrecy == OPEN_TO_RIGHTS,
    )
    entries = [
        entry
        for which in _REGISTERS
        for entry in lines_of(db, actor, which, most, wanted, *numbered)
    ]
    entries.sort(key=lambda entry: entry.entered_at, reverse=True)
    told: dict[str, Referable] = {}
    for entry in entries:
        if entry.dated is not None:
            text = reference(entry.sender, thai_digits(entry.number), entry.dated)
            told.setdefault(text, Referable(entry, text))
    return list(told.values())[:most]
