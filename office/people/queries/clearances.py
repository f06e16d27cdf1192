"""Who is cleared for secrets, was and will be: for those who keep people, and who audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.people.models import clearance, person
from office.people.queries.moment import AGENCY, joined, now, state_of
from office.people.rights import demand

#: who keeps people grants and withdraws; who audits looks
RIGHTS_TO_SEE = ("people", "audit")


@dataclass(frozen=True, slots=True)
class ClearanceRow:
    id: UUID
    person_id: UUID
    username: str
    name: str
    #: 2 ลับ, 3 ลับมาก
    level: int
    order_ref: str
    granted_by: str
    starts_at: datetime
    ends_at: datetime | None
    #: coming, running or ended
    state: str


_CLEARANCES = (
    sa.select(
        clearance.c.id, person.c.id, person.c.username, person.c.name, clearance.c.level,
        clearance.c.order_ref, clearance.c.granted_by, clearance.c.starts_at, clearance.c.ends_at,
        state_of(clearance),
    )
    .join_from(clearance, person, joined(clearance, "person_id", person))
    .where(clearance.c.agency_id == AGENCY)
    .order_by(clearance.c.starts_at.desc(), clearance.c.id.desc())
)  # fmt: skip
_OF_PERSON = _CLEARANCES.where(person.c.id == sa.bindparam("who", type_=sa.Uuid))
_LEVELS = (
    sa.select(person.c.username, clearance.c.level)
    .join_from(clearance, person, joined(clearance, "person_id", person))
    .where(clearance.c.agency_id == AGENCY, person.c.active, now(clearance))
    .where(person.c.username.in_(sa.bindparam("names", expanding=True)))
)


def demand_to_see(actor: Actor) -> None:
    """Let pass whoever keeps people or audits; who only reads is let in too."""
    if not any(actor.may(right) for right in RIGHTS_TO_SEE):
        demand(actor, RIGHTS_TO_SEE[0])


def clearances(db: Connection, agency_id: UUID, at: datetime) -> tuple[ClearanceRow, ...]:
    """Everybody's, the newest first."""
    return _rows(db, _CLEARANCES, {"agency": agency_id, "at": at})


def clearances_of(
    db: Connection, agency_id: UUID, person_id: UUID, at: datetime
) -> tuple[ClearanceRow, ...]:
    """All that a person has had, has or will have, the newest first."""
    return _rows(db, _OF_PERSON, {"agency": agency_id, "who": person_id, "at": at})


def _rows(
    db: Connection, wanted: sa.Select[Any], binds: dict[str, Any]
) -> tuple[ClearanceRow, ...]:
    return tuple(ClearanceRow(*row) for row in db.execute(wanted, binds))


def levels_of(
    db: Connection, agency_id: UUID, usernames: Sequence[str], at: datetime
) -> Mapping[str, int]:
    """Up to which degree each is cleared at the moment; whoever is not is left out."""
    binds = {"agency": agency_id, "names": list(usernames), "at": at}
    found: dict[str, int] = {}
    for username, level in db.execute(_LEVELS, binds) if usernames else ():
        found[username] = max(level, found.get(username, 1))
    return found
