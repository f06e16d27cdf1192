"""/org-units: the agency's units as a tree, and the posts in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import Connection

from api.rest.fields import Paging, Text
from api.rest.frame import Resource, read
from api.rest.window import window
from office.people import queries
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


class UnitFilter(Paging):
    q = Text(200, shortest=0, load_default="")


@resource.get("", query=UnitFilter, gives=UnitPage)
def listing(query: dict[str, Any]) -> Any:
    """List the units, each below its parent; `q` is part of a name or code."""
    wanted = query["q"].casefold()
    rows = read(queries.units, g.actor.agency_id)
    return window([row for row in rows if wanted in f"{row.name}\n{row.code}".casefold()], query)


@resource.get("/<code>", gives=Unit)
def one(code: str) -> Any:
    """Read one unit with its posts."""
    return read(_one, code)


def _one(db: Connection, code: str) -> Unit:
    found = queries.unit(db, g.actor.agency_id, code)
    return Unit(found, queries.positions(db, g.actor.agency_id, found.code))
