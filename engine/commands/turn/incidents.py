"""Raising and resolving incidents, and what they make of an instance's status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.chain import record
from engine.commands.turn.held import Held
from engine.db import storable
from engine.errors import Cause
from engine.events import IncidentRaised
from engine.ids import new_id
from engine.models.incident import IS_OPEN, OPEN, RESOLVED, incident
from engine.models.instance import ACTIVE, INCIDENT
from engine.runtime.values import StuckToken

_ADD = incident.insert()
_OPEN_OF_ROOT = sa.and_(
    incident.c.agency_id == sa.bindparam("agency"),
    incident.c.root_id == sa.bindparam("root"),
    IS_OPEN,
)
_OPEN_ONES = sa.select(
    incident.c.id, incident.c.instance_id, incident.c.element_id, incident.c.token,
    incident.c.task_id, incident.c.job_id,
).where(_OPEN_OF_ROOT)  # fmt: skip
_RESOLVE = (
    incident.update()
    .where(incident.c.agency_id == sa.bindparam("agency"), incident.c.id == sa.bindparam("this"))
    .values(state=RESOLVED, resolved_at=sa.bindparam("now"), resolved_by=sa.bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class RaiseIncident:
    """The instance is frozen as a whole: what a refused command leaves behind."""

    instance_id: UUID
    code: str
    message: str


def raise_stuck(ctx: Context, held: Held, stuck: Sequence[StuckToken]) -> None:
    for token in stuck:
        instance_id = held.processes[token.scope].instance_id
        raise_incident(ctx, held, instance_id, token.cause, token=token.token)


def raise_incident(
    ctx: Context,
    held: Held,
    instance_id: UUID,
    cause: Cause,
    *,
    token: str | None = None,
    job_id: UUID | None = None,
    task_id: UUID | None = None,
    memo: Mapping[str, Any] | None = None,
) -> UUID:
    """An incident of the held instance: rows, history and news of it, and the status."""
    row = incident_row(ctx, cause, job_id=job_id) | {
        "root_id": held.root_id,
        "instance_id": instance_id,
        "token": token,
        "task_id": task_id,
        "memo": memo,
    }
    ctx.db.execute(_ADD, row)
    for process in held.processes.values():
        if process.instance_id in (instance_id, held.root_id):
            process.status, process.changed = INCIDENT, True
    record(
        ctx,
        held,
        "incident.raised",
        instance_id=instance_id,
        element_id=cause.element_id,
        task_id=task_id,
        data={"incident_id": row["id"], "code": cause.code, "message": row["message"]},
    )
    held.news.append(
        IncidentRaised(
            agency_id=held.agency_id,
            root_id=held.root_id,
            instance_id=instance_id,
            incident_id=row["id"],
            element_id=cause.element_id,
            message=str(row["message"]),
            process=held.root.definition.key,
            title=held.title,
        )
    )
    return UUID(str(row["id"]))


def incident_row(ctx: Context, cause: Cause, *, job_id: UUID | None = None) -> dict[str, Any]:
    """The columns of an incident that belongs to no instance yet."""
    return {
        "id": new_id(),
        "agency_id": ctx.actor.agency_id,
        "root_id": None,
        "instance_id": None,
        "token": None,
        "job_id": job_id,
        "task_id": None,
        "memo": None,
        "element_id": cause.element_id,
        "code": cause.code,
        "message": storable(cause.message)[:2000],
        "detail": cause.detail,
        "state": OPEN,
        "raised_at": ctx.now,
    }


def add_row(ctx: Context, row: Mapping[str, Any]) -> None:
    ctx.db.execute(_ADD, row)


def resolve(
    ctx: Context,
    held: Held,
    *,
    tokens: Sequence[str] = (),
    task_id: UUID | None = None,
    only: UUID | None = None,
    all_: bool = False,
) -> None:
    """Resolve the open incidents of these tokens, of this task, the one, or all there are."""
    if held.root.status != INCIDENT:
        return  # nothing is open: the status says so
    found = ctx.db.execute(_OPEN_ONES, {"agency": held.agency_id, "root": held.root_id}).all()
    gone = [
        row
        for row in found
        if all_
        or row.id == only
        or (row.token is not None and row.token in tokens)
        or (task_id is not None and row.task_id == task_id)
    ]
    for row in gone:
        _close(ctx, held, row)
    if gone:
        _clear_status(held, {row.instance_id for row in found if row not in gone})


def _close(ctx: Context, held: Held, row: Any) -> None:
    ctx.db.execute(
        _RESOLVE,
        {"agency": held.agency_id, "this": row.id, "now": ctx.now, "by": ctx.actor.username},
    )
    record(
        ctx,
        held,
        "incident.resolved",
        instance_id=row.instance_id,
        element_id=row.element_id,
        task_id=row.task_id,
        data={"incident_id": row.id},
    )


def _clear_status(held: Held, still: set[UUID]) -> None:
    """A process is active again without incidents of its own; the root, without any at all."""
    for process in held.processes.values():
        stuck = bool(still) if process is held.root else process.instance_id in still
        if process.status == INCIDENT and not stuck:
            process.status, process.changed = ACTIVE, True
