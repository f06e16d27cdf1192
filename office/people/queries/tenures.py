"""Who has held which post and had which role, then, now and to come: what pages of admins list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.people.models import holding, person, person_role, position, role, unit
from office.people.queries.moment import AGENCY, joined, state_of

_CODE: sa.BindParameter[str] = sa.bindparam("code")


@dataclass(frozen=True, slots=True)
class Tenure:
    """A person's time in a post."""

    id: UUID
    person_id: UUID
    username: str
    name: str
    position_code: str
    position_name: str
    unit_code: str
    unit_name: str
    is_primary: bool
    starts_at: datetime
    ends_at: datetime | None
    #: coming, running or ended
    state: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's time with a role."""

    id: UUID
    person_id: UUID
    username: str
    name: str
    role_code: str
    role_name: str
    starts_at: datetime
    ends_at: datetime | None
    #: coming, running or ended
    state: str


_TENURES = (
    sa.select(
        holding.c.id, person.c.id, person.c.username, person.c.name, position.c.code,
        position.c.name, unit.c.code, unit.c.name, holding.c.is_primary, holding.c.starts_at,
        holding.c.ends_at, state_of(holding),
    )
    .join_from(holding, person, joined(holding, "person_id", person))
    .join(position, joined(holding, "position_id", position))
    .join(unit, joined(position, "unit_id", unit))
    .where(holding.c.agency_id == AGENCY)
    .order_by(holding.c.starts_at.desc(), holding.c.id)
)  # fmt: skip
_OF_POST = _TENURES.where(position.c.code == _CODE)
_OF_PERSON = _TENURES.where(person.c.username == _CODE)
_OF_UNIT = _TENURES.where(unit.c.code == _CODE)

_GRANTS = (
    sa.select(
        person_role.c.id, person.c.id, person.c.username, person.c.name, role.c.code, role.c.name,
        person_role.c.starts_at, person_role.c.ends_at, state_of(person_role),
    )
    .join_from(person_role, person, joined(person_role, "person_id", person))
    .join(role, joined(person_role, "role_id", role))
    .where(person_role.c.agency_id == AGENCY)
    .order_by(person_role.c.starts_at.desc(), person_role.c.id)
)  # fmt: skip
_OF_ROLE = _GRANTS.where(role.c.code == _CODE)
_GRANTED = _GRANTS.where(person.c.username == _CODE)


def _tenures(
    db: Connection, wanted: sa.Select[Any], agency_id: UUID, code: str, at: datetime
) -> tuple[Tenure, ...]:
    binds = {"agency": agency_id, "code": code, "at": at}
    return tuple(Tenure(*row) for row in db.execute(wanted, binds))


def tenures_of_post(db: Connection, agency_id: UUID, code: str, at: datetime) -> tuple[Tenure, ...]:
    """Everybody who has held the post, the newest first."""
    return _tenures(db, _OF_POST, agency_id, code, at)


def tenures_of_person(
    db: Connection, agency_id: UUID, username: str, at: datetime
) -> tuple[Tenure, ...]:
    """Every post that the person has held, the newest first."""
    return _tenures(db, _OF_PERSON, agency_id, username, at)


def tenures_of_unit(db: Connection, agency_id: UUID, code: str, at: datetime) -> tuple[Tenure, ...]:
    """Everybody who has held a post of the unit, the newest first."""
    return _tenures(db, _OF_UNIT, agency_id, code, at)


def grants_of_role(db: Connection, agency_id: UUID, code: str, at: datetime) -> tuple[Grant, ...]:
    """Everybody who has had the role, the newest first."""
    binds = {"agency": agency_id, "code": code, "at": at}
    return tuple(Grant(*row) for row in db.execute(_OF_ROLE, binds))


def grants_of_person(
    db: Connection, agency_id: UUID, username: str, at: datetime
) -> tuple[Grant, ...]:
    """Every role that the person has had, the newest first."""
    binds = {"agency": agency_id, "code": username, "at": at}
    return tuple(Grant(*row) for row in db.execute(_GRANTED, binds))
