"""Open tasks that wait for a unit, a post or a person: what stands against closing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.instance import process_instance
from engine.models.task import CANDIDATE_LIVE, IS_LIVE, IS_OPEN, task, task_candidate
from office.people.queries.moment import AGENCY

_PRINCIPAL: sa.BindParameter[str] = sa.bindparam("principal")
_OFFERED = (
    sa.select(task.c.id)
    .join_from(task_candidate, task, task.c.id == task_candidate.c.task_id)
    .where(task_candidate.c.agency_id == AGENCY, CANDIDATE_LIVE)
    .where(task_candidate.c.principal == _PRINCIPAL, sa.not_(task_candidate.c.barred))
    # whoever has claimed one does it: it waits for nobody else
    .where(task.c.agency_id == AGENCY, IS_OPEN)
)
_WAITING = sa.select(sa.func.count()).select_from(_OFFERED.subquery())


def waiting_for(db: Connection, agency_id: UUID, principal: str) -> int:
    """How many unclaimed tasks are offered to "unit:records" or "position:clerk"."""
    return int(db.execute(_WAITING, {"agency": agency_id, "principal": principal}).scalar_one())


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that somebody still has to do."""

    id: UUID
    name: str
    title: str


_LISTED = sa.select(task.c.id, task.c.name, process_instance.c.title).join(
    process_instance, process_instance.c.id == task.c.instance_id
)
_OF_PRINCIPAL = _LISTED.where(task.c.id.in_(_OFFERED)).order_by(task.c.id).limit(sa.bindparam("n"))


def duties_of(db: Connection, agency_id: UUID, principal: str, most: int = 20) -> Sequence[Duty]:
    """The first of the unclaimed tasks that wait for a principal."""
    binds = {"agency": agency_id, "principal": principal, "n": most}
    return [Duty(*row) for row in db.execute(_OF_PRINCIPAL, binds)]


_OWN = (
    sa.select(task.c.id)
    .where(task.c.agency_id == AGENCY, IS_LIVE)
    .where(
        sa.or_(
            task.c.assignee == sa.bindparam("username"),
            task.c.id.in_(_OFFERED),
        )
    )
    # one order for all who lock many cases: two of them never wait for each other
    .order_by(task.c.root_id, task.c.id)
)
_OWN_LISTED = _LISTED.where(task.c.id.in_(_OWN.order_by(None))).order_by(task.c.id)


def tasks_of(db: Connection, agency_id: UUID, username: str) -> Sequence[UUID]:
    """Live tasks that a person has claimed, or that are offered to them by name."""
    return list(db.execute(_OWN, _mine(agency_id, username)).scalars())


def duties_of_person(
    db: Connection, agency_id: UUID, username: str, most: int = 20
) -> Sequence[Duty]:
    """The first of them, for a page."""
    rows = db.execute(_OWN_LISTED.limit(most), _mine(agency_id, username))
    return [Duty(*row) for row in rows]


def _mine(agency_id: UUID, username: str) -> dict[str, object]:
    return {"agency": agency_id, "username": username, "principal": f"person:{username}"}
