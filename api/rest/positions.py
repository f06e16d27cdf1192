"""/positions: posts of the agency, and who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Day, Paging, Text
from api.rest.frame import Resource, execute, read, version_read, with_version
from api.rest.window import window
from office.people import queries, rules
from office.people.commands import (
    AddPosition,
    AssignPosition,
    ChangePosition,
    EndHolding,
    HandOver,
)
from office.people.queries import PositionRow, Tenure

resource = Resource(
    "positions", __name__, url_prefix="/api/v1/positions", description="Posts and their holders."
)


@dataclass(frozen=True, slots=True)
class PositionPage:
    items: Sequence[PositionRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Position:
    """One post with everybody who held, holds or will hold it, the newest first."""

    position: PositionRow
    holders: Sequence[Tenure]


@dataclass(frozen=True, slots=True)
class ChangedPosition:
    code: str


@dataclass(frozen=True, slots=True)
class ChangedHolding:
    id: str


class PositionFilter(Paging):
    q = Text(200, shortest=0, load_default="")
    unit = Text(60, load_default=None)


class NewPosition(Schema):
    """`superior` is the code of the post above; none: the top of its chain."""

    code = Text(60, required=True)
    name = Text(required=True)
    name_en = Text(shortest=0)
    unit = Text(60, required=True)
    level = fields.String(required=True, validate=validate.OneOf(list(rules.LEVELS)))
    superior = Text(60, shortest=0)


class PositionChange(Schema):
    """An empty `superior` puts the post at the top."""

    name = Text()
    name_en = Text(shortest=0)
    unit = Text(60)
    level = fields.String(validate=validate.OneOf(list(rules.LEVELS)))
    superior = Text(60, shortest=0)
    active = fields.Boolean()


class NewHolding(Schema):
    """Both days are included; no last day: until further notice. `hand_over`: who holds the post
    keeps it until the day before.
    """

    username = Text(60, required=True)
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)
    is_primary = fields.Boolean(load_default=True)
    hand_over = fields.Boolean(load_default=False)


class HoldingEnd(Schema):
    """The last day on which the post is held."""

    last_day = Day(required=True)


@resource.get("", query=PositionFilter, gives=PositionPage)
def listing(query: dict[str, Any]) -> Any:
    """List the posts, highest level first; `q` is part of a name or code."""
    wanted = query["q"].casefold()
    rows = read(queries.positions, g.actor.agency_id, query["unit"])
    return window([row for row in rows if wanted in f"{row.name}\n{row.code}".casefold()], query)


@resource.get("/<code>", gives=Position, tagged=True)
def one(code: str) -> Any:
    """Read one post with its holders."""
    return read(_one, code)


def _one(db: Connection, code: str) -> Any:
    agency = g.actor.agency_id
    found = queries.position(db, agency, code)
    body = Position(found, queries.tenures_of_post(db, agency, code, g.now))
    return with_version(body, queries.version(db, agency, "position", code))


@resource.post("", takes=NewPosition, gives=ChangedPosition, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a post to a unit (right: people)."""
    return ChangedPosition(execute(AddPosition(**body))["code"])


@resource.put("/<code>", takes=PositionChange, gives=ChangedPosition, guarded=True, scope="operate")
def change(body: dict[str, Any], code: str) -> Any:
    """Change what is given (right: people). `active: false` closes a vacant post."""
    execute(ChangePosition(code, expected=version_read(), **body))
    return ChangedPosition(code)


@resource.post(
    "/<code>/holders", takes=NewHolding, gives=ChangedHolding, status=201, scope="operate"
)
def assign(body: dict[str, Any], code: str) -> Any:
    """Put a person into the post (right: people)."""
    handing_over = body.pop("hand_over")
    command = HandOver(code, **body) if handing_over else AssignPosition(position=code, **body)
    return ChangedHolding(execute(command)["id"])


@resource.post(
    "/holders/<uuid:holding_id>/end", takes=HoldingEnd, gives=ChangedHolding, scope="operate"
)
def end(body: dict[str, Any], holding_id: UUID) -> Any:
    """End somebody's time in a post (right: people)."""
    return ChangedHolding(execute(EndHolding(holding_id, **body))["id"])
