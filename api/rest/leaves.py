"""/leaves: who is away when, and who acts meanwhile."""

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
from office.people import queries, rules
from office.people.commands import CancelLeave, RecordLeave
from office.people.queries import LeaveRow

resource = Resource("leaves", __name__, url_prefix="/api/v1/leaves", description="Who is away.")


@dataclass(frozen=True, slots=True)
class LeavePage:
    items: Sequence[LeaveRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class RecordedLeave:
    """`posts`: codes of the posts that the substitute acts for."""

    id: str
    posts: Sequence[str]


@dataclass(frozen=True, slots=True)
class CancelledLeave:
    id: str


class LeaveFilter(Paging):
    pass


class NewLeave(Schema):
    """Both days are included. A `substitute` acts by the order `order_ref` (right: people) for
    `posts`, which the person holds then; an empty list: for all of them.
    """

    username = Text(60, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(rules.LEAVE_KINDS)))
    first_day = Day(required=True)
    last_day = Day(required=True)
    from_noon = fields.Boolean(load_default=False)
    to_noon = fields.Boolean(load_default=False)
    reason = Text(2_000, shortest=0, load_default="")
    substitute = Text(60, load_default=None, allow_none=True)
    order_ref = Text(500, shortest=0, load_default="")
    order_date = Day(load_default=None, allow_none=True)
    posts = fields.List(Text(60), load_default=list, validate=validate.Length(max=50))


@resource.get("", query=LeaveFilter, gives=LeavePage)
def listing(query: dict[str, Any]) -> Any:
    """List leaves that last or are to come: everybody's (right: people), else your own."""
    rows = read(queries.leaves, g.actor.agency_id, g.now)
    if not g.actor.may("people"):
        rows = tuple(row for row in rows if row.username == g.actor.username)
    return window(rows, query)


@resource.post("", takes=NewLeave, gives=RecordedLeave, status=201)
def add(body: dict[str, Any]) -> Any:
    """Record a leave: your own, or anyone's (right: people)."""
    made = execute(RecordLeave(**body))
    return RecordedLeave(made["id"], made["posts"])


@resource.post("/<uuid:leave_id>/cancel", gives=CancelledLeave)
def cancel(leave_id: UUID) -> Any:
    """The person is back, or does not go: posts are theirs again at once."""
    return CancelledLeave(execute(CancelLeave(leave_id))["id"])
