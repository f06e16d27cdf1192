"""/clearances: who may come to know secrets, up to which degree and by whose order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from api.rest.fields import Day, Paging, Text
from api.rest.frame import Resource, execute, read
from api.rest.window import window
from office.people import queries
from office.people.commands import GrantClearance, WithdrawClearance
from office.people.commands.clearances import LONGEST
from office.people.queries import ClearanceRow

resource = Resource(
    "clearances",
    __name__,
    url_prefix="/api/v1/clearances",
    description="Who is cleared for secret letters.",
)


@dataclass(frozen=True, slots=True)
class ClearancePage:
    items: Sequence[ClearanceRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class ChangedClearance:
    id: str


class ClearanceFilter(Paging):
    username = Text(60, load_default=None)


class NewClearance(Schema):
    """`level`: 2 ลับ, 3 ลับมาก. Both days are included; no last day: until further notice."""

    username = Text(60, required=True)
    level = fields.Integer(required=True, strict=True, validate=validate.Range(2, 4))
    order_ref = Text(LONGEST, required=True)
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)


class ClearanceWithdrawal(Schema):
    """No last day: it ends now."""

    reason = Text(LONGEST, required=True)
    last_day = Day(load_default=None, allow_none=True)


@resource.get("", query=ClearanceFilter, gives=ClearancePage)
def listing(query: dict[str, Any]) -> Any:
    """List all that were, are and will be, the newest first (right: people or audit)."""
    queries.demand_to_see(g.actor)
    rows = read(queries.clearances, g.actor.agency_id, g.now)
    if query["username"] is not None:
        rows = tuple(row for row in rows if row.username == query["username"])
    return window(rows, query)


@resource.post("", takes=NewClearance, gives=ChangedClearance, status=201, scope="operate")
def grant(body: dict[str, Any]) -> Any:
    """Clear a person (right: people). Nobody clears themselves; 4, ลับที่สุด, is refused."""
    return ChangedClearance(execute(GrantClearance(**body))["id"])


@resource.post(
    "/<uuid:clearance_id>/withdraw",
    takes=ClearanceWithdrawal,
    gives=ChangedClearance,
    scope="operate",
)
def withdraw(body: dict[str, Any], clearance_id: UUID) -> Any:
    """End a clearance (right: people)."""
    return ChangedClearance(execute(WithdrawClearance(clearance_id, **body))["id"])
