"""Roles and who has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from office.people.models import person_role, role
from office.people.queries.moment import AGENCY, joined, now


@dataclass(frozen=True, slots=True)
class RoleRow:
    id: UUID
    code: str
    name: str
    name_en: str
    rights: Sequence[str]


_ROLES = (
    sa.select(role.c.id, role.c.code, role.c.name, role.c.name_en, role.c.rights)
    .where(role.c.agency_id == AGENCY)
    .order_by(role.c.code)
)
_ROLES_OF = _ROLES.join(person_role, joined(person_role, "role_id", role)).where(
    person_role.c.person_id == sa.bindparam("who", type_=sa.Uuid), now(person_role)
)


def roles(db: Connection, agency_id: UUID) -> tuple[RoleRow, ...]:
    return tuple(RoleRow(*row) for row in db.execute(_ROLES, {"agency": agency_id}))


def role_coded(db: Connection, agency_id: UUID, code: str) -> RoleRow:
    for row in roles(db, agency_id):
        if row.code == code:
            return row
    raise NotFound(f"Expected a role {code!r:.80} of this agency, but there is none.")


def roles_of(db: Connection, agency_id: UUID, person_id: UUID, at: datetime) -> tuple[RoleRow, ...]:
    """The roles that a person has at the moment."""
    rows = db.execute(_ROLES_OF, {"agency": agency_id, "who": person_id, "at": at})
    return tuple(RoleRow(*row) for row in rows)
