"""/org-units: the agency's units as a tree, and the posts in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Paging, Text
from api.rest.frame import Resource, execute, read, version_read, with_version
from api.rest.window import window
from office.people import queries, rules
from office.people.commands import AddUnit, ChangeUnit
from office.people.queries import PositionRow, UnitRow

resource = Resource(
    "org-units", __name__, url_prefix="/api/v1/org-units", description="Units and posts."
)


@dataclass(frozen=True, slots=True)
class UnitPage:
    items: Sequence[UnitRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Unit:
    unit: UnitRow
    positions: Sequence[PositionRow]


@dataclass(frozen=True, slots=True)
class ChangedUnit:
    code: str


class UnitFilter(Paging):
    q = Text(200, shortest=0, load_default="")


class _Contact(Schema):
    """An empty text takes a contact away: the nearest unit above that has one lends its own."""

    name_en = Text(shortest=0)
    number_code = Text(40, shortest=0)
    phone = Text(60, shortest=0)
    email = Text(200, shortest=0)
    address = Text(1_000, shortest=0)
    parent = Text(60, shortest=0)


class NewUnit(_Contact):
    code = Text(60, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(rules.UNIT_KINDS)))
    name = Text(required=True)


class UnitChange(_Contact):
    kind = fields.String(validate=validate.OneOf(list(rules.UNIT_KINDS)))
    name = Text()
    active = fields.Boolean()


@resource.get("", query=UnitFilter, gives=UnitPage)
def listing(query: dict[str, Any]) -> Any:
    """List the units, each below its parent; `q` is part of a name or code."""
    wanted = query["q"].casefold()
    rows = read(queries.units, g.actor.agency_id)
    return window([row for row in rows if wanted in f"{row.name}\n{row.code}".casefold()], query)


@resource.get("/<code>", gives=Unit, tagged=True)
def one(code: str) -> Any:
    """Read one unit with its posts."""
    return read(_one, code)


def _one(db: Connection, code: str) -> Any:
    agency = g.actor.agency_id
    found = queries.unit(db, agency, code)
    body = Unit(found, queries.positions(db, agency, found.code))
    return with_version(body, queries.version(db, agency, "unit", code))


@resource.post("", takes=NewUnit, gives=ChangedUnit, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a unit below its `parent`, or at the top (right: people)."""
    return ChangedUnit(execute(AddUnit(**body))["code"])


@resource.put("/<code>", takes=UnitChange, gives=ChangedUnit, guarded=True, scope="operate")
def change(body: dict[str, Any], code: str) -> Any:
    """Change what is given (right: people). `active: false` closes a unit that is empty."""
    execute(ChangeUnit(code, expected=version_read(), **body))
    return ChangedUnit(code)
