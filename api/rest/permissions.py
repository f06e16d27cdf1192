"""/permissions: what somebody may do, and why or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import LONGEST_KEY, Paging, Text
from api.rest.frame import Resource, execute, read, system
from api.rest.window import window
from engine.errors import NotFound
from engine.queries import definitions
from office.people import queries
from office.people.commands import EndProcessGrant, GrantProcess
from office.people.permissions import judge, process_matters
from office.people.queries import ProcessGrantRow
from office.people.rights import demand
from office.people.rules import PROCESS_MATTERS

resource = Resource(
    "permissions", __name__, url_prefix="/api/v1/permissions", description="Who may what, and why."
)


@dataclass(frozen=True, slots=True)
class Permission:
    """`why`: everyone, role, right, grant, read_only or missing; `roles`: by which it is so, or
    which would grant it; `grants`: to whom the process was granted, where that is why.
    """

    matter: str
    may: bool
    why: str
    rights: Sequence[str]
    roles: Sequence[str]
    grants: Sequence[str]


@dataclass(frozen=True, slots=True)
class Permissions:
    username: str
    process: str
    items: Sequence[Permission]


@dataclass(frozen=True, slots=True)
class ProcessGrantPage:
    items: Sequence[ProcessGrantRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Unadministered:
    """Keys of processes."""

    processes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChangedProcessGrant:
    id: str


class ProcessGrantFilter(Paging):
    process = Text(LONGEST_KEY, load_default=None)


class NewProcessGrant(Schema):
    """`matter`: start, see or administer; `principal`: person:, position:, role: or unit: and the
    code.
    """

    process = Text(LONGEST_KEY, required=True)
    matter = fields.String(required=True, validate=validate.OneOf(list(PROCESS_MATTERS)))
    principal = Text(80, required=True)


class Question(Schema):
    """`process`: the key of a deployed process; `username`: left out, the caller."""

    process = Text(LONGEST_KEY, required=True)
    username = Text(60, load_default=None)


@resource.get("", query=Question, gives=Permissions)
def explain(query: dict[str, Any]) -> Any:
    """Say what somebody may do with a process (of others: right people or audit)."""
    username = query["username"] or g.actor.username
    if username != g.actor.username and not g.actor.may("audit"):
        demand(g.actor, "people")
    return read(_explain, username, query["process"])


@resource.get("/grants", query=ProcessGrantFilter, gives=ProcessGrantPage)
def grants(query: dict[str, Any]) -> Any:
    """List the grants of processes that are in force (right: people or audit)."""
    if not g.actor.may("audit"):
        demand(g.actor, "people")
    return window(read(queries.process_grants, g.actor.agency_id, query["process"]), query)


@resource.get("/unadministered", gives=Unadministered)
def unadministered() -> Any:
    """List the processes whose cases nobody keeps going: without operators, and without anybody who
    was granted to administer them (right: people or audit).
    """
    if not g.actor.may("audit"):
        demand(g.actor, "people")
    return read(_unadministered)


def _unadministered(db: Connection) -> Unadministered:
    agency, directory = g.actor.agency_id, system().services.directory
    keys = [row.key for row in definitions.latest(db, agency)]
    return Unadministered(queries.unadministered(db, agency, keys, g.now, directory))


@resource.post(
    "/grants", takes=NewProcessGrant, gives=ChangedProcessGrant, status=201, scope="operate"
)
def grant(body: dict[str, Any]) -> Any:
    """Let others start a process, see its cases, or administer them (right: people): try again what
    is stuck, cancel, reassign and migrate. What is granted adds to the role that the diagram names;
    secret letters stay closed.
    """
    return ChangedProcessGrant(execute(GrantProcess(**body))["id"])


@resource.delete("/grants/<uuid:grant_id>", gives=ChangedProcessGrant, scope="operate")
def end(grant_id: UUID) -> Any:
    """End a grant now (right: people)."""
    return ChangedProcessGrant(execute(EndProcessGrant(grant_id))["id"])


def _explain(db: Connection, username: str, process: str) -> Permissions:
    agency = g.actor.agency_id
    found = definitions.latest(db, agency, process)
    if not found:
        raise NotFound(f"Expected a process {process!r:.80}, but none is deployed.")
    who = queries.person(db, agency, username)
    actor = queries.actor_for(db, agency, who.id, g.now)
    own, every = queries.roles_of(db, agency, who.id, g.now), queries.roles(db, agency)
    matters = process_matters(found[0].start_role, startable=found[0].startable)
    grants = queries.process_grants(db, agency, process)
    verdicts = [judge(matter, actor, own, every, grants) for matter in matters]
    items = [
        Permission(one.matter.key, one.may, one.why, one.matter.rights, one.roles, one.principals)
        for one in verdicts
    ]
    return Permissions(who.username, process, items)
