"""What a line of the number journal says: which number of which book went to which letter. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from engine.errors import Invalid
from office.correspondence import rules
from office.documents.ports import Place

#: what lines of the journal name that are not of a number on a letter
_OTHERS = ("register", "book_start")


@dataclass(frozen=True, slots=True)
class Issued:
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

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Issued:
        """The line as a value; one that cannot be read is never passed over in silence."""
        try:
            return msgspec.convert(line, cls, strict=False)
        except msgspec.ValidationError as wrong:
            raise unreadable(line, wrong) from None

    def line(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = msgspec.to_builtins(self)
        return values


def is_issued(line: Mapping[str, Any]) -> bool:
    """Whether the line is of a number on a letter; what says nothing else must be one."""
    return not any(name in line for name in _OTHERS)


def unreadable(line: Mapping[str, Any], wrong: Exception) -> Invalid:
    return Invalid(
        f"Expected a line of the number journal, but {wrong}: {line!r:.200}."
        " Mend the line from the shipped copy, then go on.",
        code="unreadable_journal",
    )
