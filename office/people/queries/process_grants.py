"""Grants of processes that are in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.granting import process_grant
from office.people.queries.moment import AGENCY


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
