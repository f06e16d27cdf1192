"""Books after a restore: a number that the journal has and the database lacks is lost, so that
nobody gets it again, and so is every number below it that nobody can account for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from office.correspondence.books import raise_to
from office.correspondence.entered import is_entered
from office.correspondence.issued import Issued
from office.correspondence.models import letter_number
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


def unaccounted(db: Connection, lines: Iterable[Mapping[str, Any]]) -> Iterator[Issued]:
    """Of the journal's numbers those that the database has nothing final about, each once."""
    seen: set[UUID] = set()
    known = set(db.execute(sa.select(agency.c.id)).scalars())
    numbers = (Issued.read(line) for line in lines if not is_entered(line))
    journaled = (one for one in numbers if one.agency in known)
    while batch := {one.number_id: one for one in islice(journaled, BATCH)}:
        settled = set(db.execute(_SETTLED, {"ids": list(batch)}).scalars())
        yield from (one for key, one in batch.items() if key not in settled | seen)
        seen |= batch.keys() - settled


def account_for(ctx: Context, missed: Sequence[Missed]) -> Account:
    """Write all of them down as lost, and raise the counters of their books."""
    account = Account()
    books: dict[tuple[UUID, str, str, int], dict[int, Missed]] = defaultdict(dict)
    for one in missed:
        books[_book(ctx.db, one.issued)][one.issued.value] = one
    for (agency_id, kind, code, year), numbers in sorted(books.items()):
        ours = replace(ctx, actor=system_actor(agency_id))
        stood = raise_to(ctx.db, agency_id, kind, code, year, max(numbers))
        _fill(ours, account, stood.book_id, stood.value, numbers)
    return account


def _book(db: Connection, one: Issued) -> tuple[UUID, str, str, int]:
    if one.book is not None:
        return one.agency, one.book, one.code, one.year
    policy = db.execute(sa.select(agency.c.policy).where(agency.c.id == one.agency)).scalar_one()
    apart = bool(policy.get("circulars_apart", True))
    kind = rules.book_kind(one.mark, circulars_apart=apart)
    return one.agency, kind, one.code, one.year


def _fill(
    ctx: Context, account: Account, book_id: UUID, stood: int, numbers: Mapping[int, Missed]
) -> None:
    """The book's rows from where it stood to the highest number that is out in the world."""
    there = {
        row.value: row
        for row in ctx.db.execute(_IN_BOOK, {"agency": ctx.actor.agency_id, "book": book_id})
    }
    for value, one in sorted(numbers.items()):
        row = there.get(value)
        if row is not None and row.id != one.issued.number_id:
            account.twice.append(one.issued.number)
            continue
        _lose(ctx, account, book_id, one, is_there=row is not None)
    gaps = [n for n in range(stood + 1, max(numbers)) if n not in numbers and n not in there]
    if gaps:
        rows = [_gap(ctx, book_id, n, numbers) for n in gaps]
        ctx.db.execute(sa.insert(letter_number), rows)
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


def _gap(ctx: Context, book_id: UUID, value: int, numbers: Mapping[int, Missed]) -> dict[str, Any]:
    """Dated as the next number that is known, for dates in a book do not go back."""
    following = numbers[min(n for n in numbers if n > value)].issued
    text = _text(following, value)
    row = _row(ctx, book_id, new_id(), value, text, following.dated)
    return row | {"document_id": None, "sha256": None, "cause": UNKNOWN}


def _text(like: Issued, value: int) -> str:
    """A number of the same book."""
    if like.book is None:
        return rules.number_text(like.code, value, like.mark)
    word = like.number.rpartition(" ")[0] or None
    return rules.series_text(word, value, like.year)


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
