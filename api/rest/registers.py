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
    CIRCULARS_APART,
    MAX_CAUSE,
    AcknowledgeReceipt,
    CountCircularsApart,
    NoteHandling,
    SettleNumber,
    VoidNumber,
)
from office.correspondence.queries import BookRow, EntryRow, ReservedRow
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
