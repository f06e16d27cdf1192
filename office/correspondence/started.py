"""What a line of the number journal says of a book that went on from paper. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from office.correspondence.lines import Line

#: agency, kind, code, year
Book = tuple[UUID, str, str, int]


@dataclass(frozen=True, slots=True)
class Started(Line):
    """The numbers above `after` and below `first` are out on paper: nobody gets them here."""

    agency: UUID
    #: kind and code of the book
    book: str
    code: str
    year: int
    after: int
    first: int
    book_start: UUID
    by: str
    note: str
    at: datetime

    @property
    def place(self) -> Book:
        return self.agency, self.book, self.code, self.year

    def covers(self, value: int) -> bool:
        return self.after < value < self.first

    def row(self, book_id: UUID) -> Mapping[str, Any]:
        """Of `book_start`."""
        return {
            "agency_id": self.agency,
            "id": self.book_start,
            "book_id": book_id,
            "after": self.after,
            "first": self.first,
            "note": self.note,
            "started_by": self.by,
            "started_at": self.at,
        }


def is_started(line: Mapping[str, Any]) -> bool:
    return "book_start" in line


def in_force(starts: Iterable[Started], known: Iterable[int]) -> list[Started]:
    """Of one book's starts, as the journal has them, those that can have been committed: a line is
    written before that. A number that the book gave out itself among those on paper, and a later
    start that begins below, each show that one came to nothing.
    """
    given, kept = set(known), list[Started]()
    for one in starts:
        while kept and one.after < kept[-1].first - 1:
            kept.pop()
        kept.append(one)
    return [one for one in kept if not any(one.covers(value) for value in given)]
