"""/delegations: instruments by which one person acts for another's post."""

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
from office.people.commands import RecordInstrument, RevokeInstrument
from office.people.queries import InstrumentRow

resource = Resource(
    "delegations", __name__, url_prefix="/api/v1/delegations", description="Who acts for whom."
)


@dataclass(frozen=True, slots=True)
class DelegationPage:
    items: Sequence[InstrumentRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class RecordedDelegation:
    id: str


class DelegationFilter(Paging):
    username = Text(60, load_default=None)
    position = Text(60, load_default=None)
    in_force = fields.Boolean(load_default=None)


class NewDelegation(Schema):
    """Both days are included; no last day: until further notice."""

    mode = fields.String(required=True, validate=validate.OneOf(list(rules.MODES)))
    username = Text(60, required=True)
    position = Text(60, required=True)
    order_ref = Text(500, required=True)
    order_date = Day(required=True)
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)
    kinds = fields.List(Text(20), load_default=list, validate=validate.Length(max=50))
    subjects = fields.List(Text(200), load_default=list, validate=validate.Length(max=50))


class Revocation(Schema):
    reason = Text(2_000, required=True)


@resource.get("", query=DelegationFilter, gives=DelegationPage)
def listing(query: dict[str, Any]) -> Any:
    """List acting instruments, those in force first."""
    rows = read(queries.instruments, g.actor.agency_id, g.now)
    return window([row for row in rows if _matches(row, query)], query)


def _matches(row: InstrumentRow, query: dict[str, Any]) -> bool:
    return (
        query["username"] in {None, row.username}
        and query["position"] in {None, row.position_code}
        and query["in_force"] in {None, row.in_force}
    )


@resource.post("", takes=NewDelegation, gives=RecordedDelegation, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Record an instrument (right: people)."""
    return execute(RecordInstrument(**body))


@resource.post(
    "/<uuid:instrument_id>/revoke", takes=Revocation, gives=RecordedDelegation, scope="operate"
)
def revoke(body: dict[str, Any], instrument_id: UUID) -> Any:
    """End an instrument now. What was signed under it stands."""
    execute(RevokeInstrument(instrument_id, **body))
    return RecordedDelegation(str(instrument_id))
