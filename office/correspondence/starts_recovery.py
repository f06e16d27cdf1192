"""Books that went on from paper, after a restore: what the journal has of it and the database lacks
is done again, so that no number of the paper is given out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Context
from office.correspondence.books import Drawn, raise_to
from office.correspondence.models import book_start
from office.correspondence.started import Book, Started, in_force, is_started
from office.people.models import agency


def unstarted(db: Connection, lines: Iterable[Mapping[str, Any]]) -> tuple[Started, ...]:
    """Of the journal's starts those that the database does not have, oldest first."""
    known = set(db.execute(sa.select(agency.c.id)).scalars())
    there = set(db.execute(sa.select(book_start.c.id)).scalars())
    found = (Started.read(line) for line in lines if is_started(line))
    return tuple(one for one in found if one.agency in known and one.book_start not in there)


def starts_by_book(starts: Iterable[Started]) -> dict[Book, list[Started]]:
    books: dict[Book, list[Started]] = defaultdict(list)
    for one in starts:
        books[one.place].append(one)
    return books


def begin_again(
    ctx: Context, book: Book, starts: Sequence[Started], journaled: Collection[int]
) -> tuple[Drawn, Sequence[Started]]:
    """Raise the book to the highest number that is out, on paper or on a letter, and write down its
    starts; answers where it stood and which of them count.

    A start above which the database stands already came to nothing, or the book would begin there.
    """
    stood = raise_to(ctx.db, *book, max(journaled, default=0))
    counting = [one for one in in_force(starts, journaled) if one.after >= stood.value]
    if counting:
        raise_to(ctx.db, *book, max(one.first - 1 for one in counting))
        ctx.db.execute(sa.insert(book_start), [one.row(stood.book_id) for one in counting])
    return stood, counting
