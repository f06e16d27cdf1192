"""/registers: the books of sent and received letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Day, Nothing, Numbered, Paging, Text
from api.rest.frame import Resource, execute, read
from office.correspondence import queries, rules
from office.correspondence.commands import (
    MAX_CAUSE,
    AcknowledgeReceipt,
    CountCircularsApart,
    NoteHandling,
    SettleNumber,
    StartBook,
    VoidNumber,
)
from office.correspondence.counted import CIRCULARS_APART
from office.correspondence.queries import BookRow, EntryRow, NumberRow, ReservedRow, StartRow
from office.documents.thai import office_day
from office.people import queries as people
from office.people.rights import demand

#: as the register's columns hold
LONGEST_NOTE = 500

resource = Resource(
    "registers", __name__, url_prefix="/api/v1/registers", description="Sent and received letters."
)


@dataclass(frozen=True, slots=True)
class EntryPage:
    items: Sequence[EntryRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """Whether circulars count apart, and the books of a year with the last number of each."""

    circulars_apart: bool
    books: Sequence[BookRow]


@dataclass(frozen=True, slots=True)
class ChangedNumbering:
    circulars_apart: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A book, and where it went on from paper."""

    book: BookRow
    starts: Sequence[StartRow]


@dataclass(frozen=True, slots=True)
class StartedBook:
    """`stood`: the last number that the book had given out itself."""

    kind: str
    code: str
    year: int
    stood: int
    first: int


@dataclass(frozen=True, slots=True)
class NumberPage:
    items: Sequence[NumberRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class ReservedPage:
    items: Sequence[ReservedRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class SettledNumber:
    """`settled` false: its day is not over, it is in use, or it was settled before."""

    settled: bool


@dataclass(frozen=True, slots=True)
class VoidedNumber:
    """`number` as printed."""

    number: str


@dataclass(frozen=True, slots=True)
class AcknowledgedEntry:
    id: UUID
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class NotedEntry:
    id: UUID


class Voiding(Schema):
    """Why the number is crossed out: it stays in the book with this."""

    cause = Text(MAX_CAUSE, required=True)


class Handling(Schema):
    """การปฏิบัติ and หมายเหตุ of the line, as a whole."""

    handling = Text(LONGEST_NOTE, shortest=0, required=True)
    remark = Text(LONGEST_NOTE, shortest=0, load_default="")


class BookYear(Schema):
    """In the Common Era; left out: this year."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=1900, max=2400))


class NumberingChange(Schema):
    circulars_apart = fields.Boolean(required=True)


class BookStart(Schema):
    """`code`: the prefix of letters, else the code of the unit; `first`: the number with which the
    book goes on, as those below were given out on paper; `note`: why.
    """

    kind = Text(20, required=True)
    code = Text(60, required=True)
    first = fields.Integer(required=True, validate=validate.Range(min=1, max=rules.MOST_FIRST))
    note = Text(MAX_CAUSE, required=True)


class NumberFilter(Numbered):
    """`state`: one of final, reserved, void and lost; left out: all."""

    state = fields.String(load_default=None, validate=validate.OneOf(rules.NUMBER_STATES))


class EntryFilter(Paging):
    """`year` is of the Buddhist era, as books are kept; `day` an office day in Bangkok."""

    unit = Text(60, load_default=None)
    year = fields.Integer(load_default=None, validate=validate.Range(min=2400, max=3000))
    day = Day(load_default=None)
    q = Text(200, shortest=0, load_default="")


REGISTERS = ", ".join((rules.SEND, rules.RECEIVE, rules.ISSUE, *rules.SECRETS))


@resource.get(
    f"/<any({REGISTERS}):which>",
    query=EntryFilter,
    gives=EntryPage,
)
def entries(query: dict[str, Any], which: str) -> Any:
    """Lines of a register, newest first: of your units, or of all for the registry. Of what is
    secret, up to the degree that you are cleared for; what was sent (right: registry).
    """
    return read(queries.register, g.actor, which, **query)


@resource.get("/numbering", query=BookYear, gives=Numbering)
def numbering(query: dict[str, Any]) -> Any:
    """Read how letters are numbered, and the books (right: registry)."""
    demand(g.actor, "registry")
    return read(_numbering, query["year"] or office_day(g.now).year)


def _numbering(db: Connection, year: int) -> Numbering:
    policy = people.agency(db, g.actor.agency_id).policy
    apart = bool(policy.get(CIRCULARS_APART, True))
    return Numbering(apart, queries.books(db, g.actor, year))


@resource.put("/numbering", takes=NumberingChange, gives=ChangedNumbering, scope="operate")
def change_numbering(body: dict[str, Any]) -> Any:
    """Choose how circulars count, before the first has a number (right: registry)."""
    return ChangedNumbering(**execute(CountCircularsApart(body["circulars_apart"])))


@resource.post("/books", takes=BookStart, gives=StartedBook, scope="operate")
def start_book(body: dict[str, Any]) -> Any:
    """Let a book of this year go on where it stands on paper (right: registry). Refused where the
    number, or a higher one, was given out already.
    """
    return execute(StartBook(**body))


@resource.get("/books/<uuid:book_id>", gives=Book)
def book(book_id: UUID) -> Any:
    """Read one book: what it has given out, and where it went on from paper (right: registry)."""
    return read(_book, book_id)


def _book(db: Connection, book_id: UUID) -> Book:
    return Book(queries.book(db, g.actor, book_id), queries.starts(db, g.actor, book_id))


@resource.get("/books/<uuid:book_id>/numbers", query=NumberFilter, gives=NumberPage)
def numbers_of_book(query: dict[str, Any], book_id: UUID) -> Any:
    """List a book's numbers, the highest first (right: registry)."""
    state = query.pop("state")
    states = rules.NUMBER_STATES if state is None else (state,)
    return read(_numbers, book_id, states=states, **query)


def _numbers(db: Connection, /, book_id: UUID, **wanted: Any) -> Any:
    queries.book(db, g.actor, book_id)
    return queries.numbers(db, g.actor, book_id, **wanted)


@resource.get("/numbers/reserved", query=Numbered, gives=ReservedPage)
def reserved(query: dict[str, Any]) -> Any:
    """List numbers that are neither final nor void, the oldest first (right: operate or
    registry).
    """
    return read(queries.reserved, g.actor, **query)


@resource.post(
    "/numbers/<uuid:number_id>/settle", takes=Nothing, gives=SettledNumber, scope="operate"
)
def settle(_body: dict[str, Any], number_id: UUID) -> Any:
    """Close a number whose day passed unsigned, where the system did not (right: operate)."""
    return execute(SettleNumber(number_id))


@resource.post("/numbers/<uuid:number_id>/void", takes=Voiding, gives=VoidedNumber, scope="operate")
def void(body: dict[str, Any], number_id: UUID) -> Any:
    """Cross a reserved number out, saying why (right: registry)."""
    return execute(VoidNumber(number_id, body["cause"]))


@resource.post("/entries/<uuid:entry_id>/acknowledge", takes=Nothing, gives=AcknowledgedEntry)
def acknowledge(_body: dict[str, Any], entry_id: UUID) -> Any:
    """Say that the line's unit has the letter (its people, or right: registry)."""
    return execute(AcknowledgeReceipt(entry_id))


@resource.post("/entries/<uuid:entry_id>/note", takes=Handling, gives=NotedEntry)
def note(body: dict[str, Any], entry_id: UUID) -> Any:
    """Write what was done about a line (its unit's people, or right: registry)."""
    return execute(NoteHandling(entry_id, **body))
