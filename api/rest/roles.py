"""/roles: bundles of rights, and who has them."""

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
from office.people import queries
from office.people.commands import AddRole, ChangeRole, EndRole, GrantRole
from office.people.queries import Grant, RoleRow
from office.people.rights import demand

resource = Resource("roles", __name__, url_prefix="/api/v1/roles", description="Rights in bundles.")


@dataclass(frozen=True, slots=True)
class RolePage:
    items: Sequence[RoleRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Role:
    """One role with everybody who had, has or will have it, the newest first."""

    role: RoleRow
    grants: Sequence[Grant]


@dataclass(frozen=True, slots=True)
class ChangedRole:
    code: str


@dataclass(frozen=True, slots=True)
class ChangedGrant:
    id: str


class RoleFilter(Paging):
    pass


def _rights(**options: Any) -> fields.List[str]:
    return fields.List(Text(60), validate=validate.Length(max=50), **options)


class NewRole(Schema):
    """Nobody gives away a right that they do not hold."""

    code = Text(60, required=True)
    name = Text(required=True)
    name_en = Text(shortest=0)
    rights = _rights(load_default=list)


class RoleChange(Schema):
    name = Text()
    name_en = Text(shortest=0)
    rights = _rights()


class NewGrant(Schema):
    """Both days are included; no last day: until further notice."""

    username = Text(60, required=True)
    first_day = Day(required=True)
    last_day = Day(load_default=None, allow_none=True)


@resource.get("", query=RoleFilter, gives=RolePage)
def listing(query: dict[str, Any]) -> Any:
    """List the roles with their rights (right: people)."""
    demand(g.actor, "people")
    return window(read(queries.roles, g.actor.agency_id), query)


@resource.get("/<code>", gives=Role, tagged=True)
def one(code: str) -> Any:
    """Read one role and who has it (right: people)."""
    demand(g.actor, "people")
    return read(_one, code)


def _one(db: Connection, code: str) -> Any:
    agency = g.actor.agency_id
    found = queries.role_coded(db, agency, code)
    body = Role(found, queries.grants_of_role(db, agency, code, g.now))
    return with_version(body, queries.version(db, agency, "role", code))


@resource.post("", takes=NewRole, gives=ChangedRole, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a role (right: people)."""
    return ChangedRole(execute(AddRole(**body))["code"])


@resource.put("/<code>", takes=RoleChange, gives=ChangedRole, guarded=True, scope="operate")
def change(body: dict[str, Any], code: str) -> Any:
    """Change what is given (right: people)."""
    execute(ChangeRole(code, expected=version_read(), **body))
    return ChangedRole(code)


@resource.post("/<code>/grants", takes=NewGrant, gives=ChangedGrant, status=201, scope="operate")
def grant(body: dict[str, Any], code: str) -> Any:
    """Give a person the role (right: people, and each right of the role)."""
    return ChangedGrant(execute(GrantRole(role=code, **body))["id"])


@resource.post("/grants/<uuid:grant_id>/end", gives=ChangedGrant, scope="operate")
def end(grant_id: UUID) -> Any:
    """Take the role back now (right: people)."""
    return ChangedGrant(execute(EndRole(grant_id))["id"])
