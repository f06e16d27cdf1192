"""/registers: the books of sent and received letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Day, Paging, Text
from api.rest.frame import Resource, execute, read
from office.correspondence import queries, rules
from office.correspondence.commands import CIRCULARS_APART, CountCircularsApart
from office.correspondence.queries import BookRow, EntryRow
from office.documents.thai import office_day
from office.people import queries as people
from office.people.rights import demand

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
