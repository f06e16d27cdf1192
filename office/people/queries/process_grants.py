"""Grants of processes that are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Principal
from engine.joint import APART
from engine.models.granting import ADMINISTER, START, process_grant
from engine.ports import Directory
from office.people.queries.moment import AGENCY
from office.people.queries.roles import roles
from office.people.rights import EVERYTHING

#: The right over the cases of all processes.
OPERATE = "operate"


@dataclass(frozen=True, slots=True)
class ProcessGrantRow:
    """`matter`: start, see or administer; `principal`: "role:registrar"."""

    id: UUID
    process: str
    matter: str
    principal: str
    given_by: str
    given_at: datetime


_GRANTS = (
    sa.select(
        process_grant.c.id,
        process_grant.c.process,
        process_grant.c.matter,
        process_grant.c.principal,
        process_grant.c.given_by,
        process_grant.c.given_at,
    )
    .where(process_grant.c.agency_id == AGENCY, process_grant.c.ended_at.is_(None))
    .order_by(process_grant.c.process, process_grant.c.matter, process_grant.c.principal)
)


def process_grants(
    db: Connection, agency_id: UUID, process: str | None = None
) -> tuple[ProcessGrantRow, ...]:
    """Those in force: of one process, or of all."""
    wanted = _GRANTS if process is None else _GRANTS.where(process_grant.c.process == process)
    return tuple(ProcessGrantRow(*row) for row in db.execute(wanted, {"agency": agency_id}))


_KEEPERS = (
    sa.select(process_grant.c.principal)
    .where(process_grant.c.agency_id == AGENCY, process_grant.c.ended_at.is_(None))
    .where(process_grant.c.process == sa.bindparam("process"))
    .where(process_grant.c.matter == ADMINISTER)
    .order_by(process_grant.c.principal)
    # no turn grants a process, so its own changes need not be sent first
    .execution_options(**APART)
)


def process_keepers(db: Connection, agency_id: UUID, process: str) -> list[Principal]:
    """Who was granted to administer the process."""
    return list(db.execute(_KEEPERS, {"agency": agency_id, "process": process}).scalars())


def starters(db: Connection, agency_id: UUID, process: str) -> list[Principal]:
    """Who may start the process whatever role its diagram names: by a grant, or by the right to
    everything.
    """
    granted = [
        one.principal for one in process_grants(db, agency_id, process) if one.matter == START
    ]
    rights = [f"role:{one.code}" for one in roles(db, agency_id) if EVERYTHING in one.rights]
    return [*granted, *rights]


def unadministered(
    db: Connection, agency_id: UUID, keys: Sequence[str], at: datetime, directory: Directory
) -> list[str]:
    """Of these processes those that nobody keeps going: there are no operators, and nobody stands
    behind a grant to administer it. Whoever may everything does not count: they are told.
    """
    operators = [f"role:{one.code}" for one in roles(db, agency_id) if OPERATE in one.rights]
    if directory.who_can_act(db, agency_id, operators, at):
        return []
    granted: dict[str, list[Principal]] = defaultdict(list)
    for one in process_grants(db, agency_id):
        if one.matter == ADMINISTER:
            granted[one.process].append(one.principal)
    return [key for key in keys if not directory.who_can_act(db, agency_id, granted[key], at)]
