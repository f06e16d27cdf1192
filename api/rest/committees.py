"""/committees: units whose posts are seats. A member's time ends by /positions/holders/<id>/end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Day, Paging, Text
from api.rest.frame import Resource, execute, read, version_read, with_version
from api.rest.window import window
from engine.errors import NotFound
from office.people import queries, rules
from office.people.commands import AddUnit, ChangeUnit, SeatMember
from office.people.queries import Tenure, UnitRow

COMMITTEE = "committee"

resource = Resource(
    "committees", __name__, url_prefix="/api/v1/committees", description="Committees and members."
)


@dataclass(frozen=True, slots=True)
class CommitteePage:
    items: Sequence[UnitRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Committee:
    """One committee with everybody who sat, sits or will sit on it, the newest first."""

    committee: UnitRow
    members: Sequence[Tenure]


@dataclass(frozen=True, slots=True)
class ChangedCommittee:
    code: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """`id` is the holding's; `position` the seat's code, for diagrams."""

    id: str
    position: str


class CommitteeFilter(Paging):
    pass


class NewCommittee(Schema):
    """`parent` is the code of the unit that the committee belongs to."""

    code = Text(60, required=True)
    name = Text(required=True)
    name_en = Text(shortest=0)
    parent = Text(60, shortest=0)


class CommitteeChange(Schema):
    name = Text()
    name_en = Text(shortest=0)
    parent = Text(60, shortest=0)
    active = fields.Boolean()


class NewMember(Schema):
    """Both days are included; no last day: until further notice."""

    username = Text(60, required=True)
    seat = fields.String(required=True, validate=validate.OneOf(list(rules.SEATS)))
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)


@resource.get("", query=CommitteeFilter, gives=CommitteePage)
def listing(query: dict[str, Any]) -> Any:
    """List the committees of the agency."""
    rows = read(queries.units, g.actor.agency_id)
    return window([row for row in rows if row.kind == COMMITTEE], query)


@resource.get("/<code>", gives=Committee, tagged=True)
def one(code: str) -> Any:
    """Read one committee with its members."""
    return read(_one, code)


def _one(db: Connection, code: str) -> Any:
    agency = g.actor.agency_id
    found = _committee(db, code)
    body = Committee(found, queries.tenures_of_unit(db, agency, code, g.now))
    return with_version(body, queries.version(db, agency, "unit", code))


def _committee(db: Connection, code: str) -> UnitRow:
    found = queries.unit(db, g.actor.agency_id, code)
    if found.kind != COMMITTEE:
        raise NotFound(f"Expected a committee {code!r:.80}, but the unit is none.")
    return found


@resource.post("", takes=NewCommittee, gives=ChangedCommittee, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Set up a committee (right: people)."""
    return ChangedCommittee(execute(AddUnit(kind=COMMITTEE, **body))["code"])


@resource.put(
    "/<code>", takes=CommitteeChange, gives=ChangedCommittee, guarded=True, scope="operate"
)
def change(body: dict[str, Any], code: str) -> Any:
    """Change what is given (right: people). `active: false` closes one whose seats are closed."""
    expected = version_read()
    read(_committee, code)
    execute(ChangeUnit(code, expected=expected, **body))
    return ChangedCommittee(code)


@resource.post("/<code>/members", takes=NewMember, gives=Appointment, status=201, scope="operate")
def appoint(body: dict[str, Any], code: str) -> Any:
    """Give a person a seat (right: people)."""
    made = execute(SeatMember(code, **body))
    return Appointment(made["id"], made["position"])
