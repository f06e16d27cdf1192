"""What a line of the number journal says: which number of which book went to which letter. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from office.correspondence import rules
from office.correspondence.lines import Line
from office.documents.ports import Place

#: what lines of the journal name that are not of a number on a letter
_OTHERS = ("register", "book_start")


@dataclass(frozen=True, slots=True)
class Issued(Line):
    """A number on a signed file, with all that is needed to find its place in a lost book."""

    agency: UUID
    #: of the book, with the year and whether it counts circulars
    code: str
    year: int
    circular: bool
    value: int
    #: as printed
    number: str
    dated: date
    number_id: UUID
    document: UUID
    #: of the signed file
    sha256: str
    at: datetime
    #: the kind of the series' book; None: a book of letters or circulars
    book: str | None = None
    #: of a book of secret letters
    secret: bool = False

    @classmethod
    def of(
        cls,
        agency: UUID,
        number: tuple[UUID, str, date, Place | None],
        document: UUID,
        sha256: str,
        at: datetime,
    ) -> Issued:
        """From the number's id, text, date and place, as it was reserved."""
        number_id, text, dated, place = number
        rest = (text, dated, number_id, document, sha256, at)
        if place is not None:
            return cls(agency, place.code, dated.year, False, place.value, *rest, place.book)
        code, value, mark = rules.read_number(text)
        circular, secret = mark == rules.CIRCULAR_MARK, mark == rules.SECRET_MARK
        return cls(agency, code, dated.year, circular, value, *rest, secret=secret)

    @property
    def mark(self) -> str:
        return rules.mark_of(circular=self.circular, secret=self.secret)


def is_issued(line: Mapping[str, Any]) -> bool:
    """Whether the line is of a number on a letter; what says nothing else must be one."""
    return not any(name in line for name in _OTHERS)
