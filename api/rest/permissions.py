"""/permissions: what somebody may do, and why or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema
from sqlalchemy import Connection

from api.rest.fields import LONGEST_KEY, Text
from api.rest.frame import Resource, read
from engine.errors import NotFound
from engine.queries import definitions
from office.people import queries
from office.people.permissions import judge, process_matters
from office.people.rights import demand

resource = Resource(
    "permissions", __name__, url_prefix="/api/v1/permissions", description="Who may what, and why."
)


@dataclass(frozen=True, slots=True)
class Permission:
    """`why`: everyone, role, right, read_only or missing; `roles`: by which it is so, or which
    would grant it.
    """

    matter: str
    may: bool
    why: str
    rights: Sequence[str]
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Permissions:
    username: str
    process: str
    items: Sequence[Permission]


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


def _explain(db: Connection, username: str, process: str) -> Permissions:
    agency = g.actor.agency_id
    found = definitions.latest(db, agency, process)
    if not found:
        raise NotFound(f"Expected a process {process!r:.80}, but none is deployed.")
    who = queries.person(db, agency, username)
    actor = queries.actor_for(db, agency, who.id, g.now)
    own, every = queries.roles_of(db, agency, who.id, g.now), queries.roles(db, agency)
    matters = process_matters(found[0].start_role, startable=found[0].startable)
    verdicts = [judge(matter, actor, own, every) for matter in matters]
    items = [
        Permission(one.matter.key, one.may, one.why, one.matter.rights, one.roles)
        for one in verdicts
    ]
    return Permissions(who.username, process, items)
