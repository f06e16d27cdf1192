"""Books after a restore: a number that the journal has and the database lacks is lost, so that
nobody gets it again, and so is every number below it that nobody can account for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import system_actor
from engine.bus import Context
from engine.ids import new_id
from office.correspondence import rules
from office.correspondence.issued import Issued, is_issued
from office.correspondence.models import letter_number
from office.correspondence.started import Book, Started
from office.correspondence.starts_recovery import begin_again, starts_by_book
from office.documents.letters import series_of
from office.documents.thai import office_day
from office.files import blobs
from office.files.uploads import StoredFile
from office.people.models import agency

CAUSE = "ออกเลขแล้วหลังการสำรองข้อมูล หนังสือไม่อยู่ในระบบที่กู้คืน"
UNKNOWN = "ไม่ทราบการใช้ระหว่างการสำรองข้อมูลกับการกู้คืน"
BATCH = 500

_SETTLED = sa.select(letter_number.c.id).where(
    letter_number.c.id.in_(sa.bindparam("ids", expanding=True)),
    letter_number.c.state != rules.RESERVED,
)
_IN_BOOK = sa.select(letter_number.c.id, letter_number.c.value, letter_number.c.state).where(
    letter_number.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    letter_number.c.book_id == sa.bindparam("book", type_=sa.Uuid),
)
_LOSE = (
    sa.update(letter_number)
    .where(
        letter_number.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        letter_number.c.id == sa.bindparam("this", type_=sa.Uuid),
    )
    .values(
        state=rules.LOST,
        cause=CAUSE,
        sha256=sa.bindparam("file"),
        settled_at=sa.bindparam("now", type_=letter_number.c.settled_at.type),
    )
)


@dataclass(frozen=True, slots=True)
class Missed:
    """A journaled number without its letter; `size` of the signed file, where storage has it."""

    issued: Issued
    size: int | None = None


@dataclass(slots=True)
class Account:
    """What became of the numbers that were missed."""

    #: on letters that the database does not have
    lost: list[str] = field(default_factory=list)
    #: below those, used for nobody knows what
    unknown: int = 0
    #: lost ones that an unfinished signature has reserved: by agency and number
    reserved: list[tuple[UUID, UUID]] = field(default_factory=list)
    #: the book has another letter under the number: it was issued twice, before this restore
    twice: list[str] = field(default_factory=list)
    #: signed files of lost letters that storage still has
    files: int = 0
    #: lines of registers that were missed, and those below for nobody knows what
    lines: int = 0
    #: books and registers that went on from paper after the backup, and do so again
    starts: int = 0


def unaccounted(db: Connection, lines: Iterable[Mapping[str, Any]]) -> Iterator[Issued]:
    """Of the journal's numbers those that the database has nothing final about, each once."""
    seen: set[UUID] = set()
    known = set(db.execute(sa.select(agency.c.id)).scalars())
    numbers = (Issued.read(line) for line in lines if is_issued(line))
    journaled = (one for one in numbers if one.agency in known)
    while batch := {one.number_id: one for one in islice(journaled, BATCH)}:
        settled = set(db.execute(_SETTLED, {"ids": list(batch)}).scalars())
        yield from (one for key, one in batch.items() if key not in settled | seen)
        seen |= batch.keys() - settled


def account_for(
    ctx: Context, missed: Sequence[Missed], unstarted: Sequence[Started] = ()
) -> Account:
    """Write all of them down as lost, and raise the counters of their books; books that went on
    from paper do so again.
    """
    account = Account()
    books: dict[Book, dict[int, Missed]] = defaultdict(dict)
    for one in missed:
        books[_book(ctx.db, one.issued)][one.issued.value] = one
    started = starts_by_book(one for one in unstarted if one.book not in rules.REGISTERS)
    for book in sorted({*books, *started}):
        numbers, ours = books[book], replace(ctx, actor=system_actor(book[0]))
        stood, starts = begin_again(ours, book, started[book], numbers)
        _fill(ours, account, Filled(book, stood.book_id, stood.value, numbers, starts))
        account.starts += len(starts)
    return account


@dataclass(frozen=True, slots=True)
class Filled:
    """A book that is accounted for: where it stood, what the journal has, what was on paper."""

    book: Book
    id: UUID
    stood: int
    numbers: Mapping[int, Missed]
    starts: Sequence[Started]

    def gaps(self, there: Collection[int]) -> list[int]:
        top = max([0, *self.numbers, *(one.after for one in self.starts)])
        return [
            value
            for value in range(self.stood + 1, top + 1)
            if value not in self.numbers
            and value not in there
            and not any(one.covers(value) for one in self.starts)
        ]


def _book(db: Connection, one: Issued) -> tuple[UUID, str, str, int]:
    if one.book is not None:
        return one.agency, one.book, one.code, one.year
    policy = db.execute(sa.select(agency.c.policy).where(agency.c.id == one.agency)).scalar_one()
    apart = bool(policy.get("circulars_apart", True))
    kind = rules.book_kind(one.mark, circulars_apart=apart)
    return one.agency, kind, one.code, one.year


def _fill(ctx: Context, account: Account, filled: Filled) -> None:
    """The book's rows from where it stood to the highest number that is out in the world."""
    there = {
        row.value: row
        for row in ctx.db.execute(_IN_BOOK, {"agency": ctx.actor.agency_id, "book": filled.id})
    }
    for value, one in sorted(filled.numbers.items()):
        row = there.get(value)
        if row is not None and row.id != one.issued.number_id:
            account.twice.append(one.issued.number)
            continue
        _lose(ctx, account, filled.id, one, is_there=row is not None)
    if gaps := filled.gaps(there):
        ctx.db.execute(sa.insert(letter_number), [_gap(ctx, filled, n) for n in gaps])
        account.unknown += len(gaps)


def _lose(ctx: Context, account: Account, book_id: UUID, one: Missed, *, is_there: bool) -> None:
    issued, key = one.issued, {"agency": one.issued.agency, "this": one.issued.number_id}
    if is_there:
        ctx.db.execute(_LOSE, {**key, "file": issued.sha256, "now": ctx.now})
        account.reserved.append((issued.agency, issued.number_id))
    else:
        row = _row(ctx, book_id, issued.number_id, issued.value, issued.number, issued.dated)
        known = {"document_id": issued.document, "sha256": issued.sha256, "cause": CAUSE}
        ctx.db.execute(sa.insert(letter_number), row | known)
    account.lost.append(issued.number)
    if one.size is not None:
        name = f"{issued.number.replace('/', '-').replace(' ', '')}.pdf"
        file = StoredFile(issued.sha256, one.size, "application/pdf", name)
        blobs.insert(ctx, file, held_by=f"number:{issued.number_id}")
        account.files += 1


def _gap(ctx: Context, filled: Filled, value: int) -> dict[str, Any]:
    """Dated as the next number that is known, for dates in a book do not go back; where none
    follows, as the start on paper that does.
    """
    following = [n for n in filled.numbers if n > value]
    if following:
        known = filled.numbers[min(following)].issued
        text, dated = _text(known, value), known.dated
    else:
        text = _text_in(filled.book, value)
        dated = office_day(min(one.at for one in filled.starts if one.after >= value))
    row = _row(ctx, filled.id, new_id(), value, text, dated)
    return row | {"document_id": None, "sha256": None, "cause": UNKNOWN}


def _text(like: Issued, value: int) -> str:
    """A number of the same book."""
    if like.book is None:
        return rules.number_text(like.code, value, like.mark)
    word = like.number.rpartition(" ")[0] or None
    return rules.series_text(word, value, like.year)


def _text_in(book: Book, value: int) -> str:
    """A number of a book of which no other is known."""
    _agency, kind, code, year = book
    if kind in rules.BOOKS:
        return rules.number_text(code, value, rules.mark_of_book(kind))
    series = series_of(rules.open_kind(kind), code)
    word = None if series is None or series.stands_alone else series.word
    return rules.series_text(word, value, year, secret=rules.is_secret_book(kind))


def _row(
    ctx: Context, book_id: UUID, number_id: UUID, value: int, text: str, dated: date
) -> dict[str, Any]:
    return {
        "agency_id": ctx.actor.agency_id,
        "id": number_id,
        "book_id": book_id,
        "value": value,
        "text": text,
        "dated": dated,
        "state": rules.LOST,
        "reserved_by": ctx.actor.username,
        "reserved_at": ctx.now,
        "settled_at": ctx.now,
    }
