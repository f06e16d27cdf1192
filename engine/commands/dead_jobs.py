"""Jobs that failed for good: an operator has them tried again, or goes on without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.incidents import process_of, settle_free, try_again, whereabouts
from engine.commands.jobs import hold_job, record_of_job
from engine.commands.turn.applying import apply
from engine.commands.turn.held import Held, save
from engine.commands.turn.incidents import resolve
from engine.commands.turn.moving import move
from engine.errors import Conflict
from engine.models.columns import AnyRow
from engine.models.granting import Reach, demand_reach
from engine.models.incident import IS_OPEN, incident
from engine.models.job import CANCELLED, DEAD, WAITING, job
from engine.runtime import complete_job

#: Longest reason for going on without a job, in characters.
MAX_REASON = 1_000

_OPEN_OF_JOB = sa.select(incident).where(
    incident.c.agency_id == sa.bindparam("agency"),
    # the root is what the index of open incidents has
    incident.c.root_id.is_not_distinct_from(sa.bindparam("root", type_=sa.Uuid)),
    incident.c.job_id == sa.bindparam("this"),
    IS_OPEN,
)
_BURY = (
    job.update()
    .where(
        job.c.agency_id == sa.bindparam("agency"),
        job.c.id == sa.bindparam("this"),
        job.c.state == DEAD,
    )
    .values(state=CANCELLED)
)


@dataclass(frozen=True, slots=True)
class RetryJob:
    """Right: operate, or a grant to administer the case's process. Answer: {id, state, instance_id,
    instance_status}. The job is tried `incidents.MORE_ATTEMPTS` times; should it die again, a new
    incident tells.
    """

    job_id: UUID


@dataclass(frozen=True, slots=True)
class SkipJob:
    """Right: as for RetryJob. The token goes on as if the job had answered `variables`.

    Answer: as for RetryJob. History keeps who did it and why: the case's, or, of a job that no
    instance waits for, the agency's (FreeJobSettled) and the incident.
    """

    job_id: UUID
    reason: str
    variables: Mapping[str, Any] = field(default_factory=dict)


def retry_job(command: RetryJob, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate")
    row, held, trouble = _hold_dead(ctx, command.job_id, mine)
    try_again(ctx, held, trouble)
    return {"id": row.id, "state": WAITING, **whereabouts(held, row.instance_id)}


def skip_job(command: SkipJob, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate")
    reason = checks.text(command.reason, "reason", limit=MAX_REASON)
    variables = checks.variables(command.variables)
    row, held, trouble = _hold_dead(ctx, command.job_id, mine)
    if held is None:
        _need_no_variables(variables)
        settle_free(ctx, trouble, "skipped", reason)
    else:
        _go_on(ctx, held, row, trouble.id, reason, variables)
    ctx.db.execute(_BURY, {"agency": row.agency_id, "this": row.id})
    return {"id": row.id, "state": CANCELLED, **whereabouts(held, row.instance_id)}


def _hold_dead(ctx: Context, job_id: UUID, mine: Reach) -> tuple[AnyRow, Held | None, AnyRow]:
    """The job, its instance under lock, and the incident that tells that a token waits for it."""
    row, held = hold_job(ctx, job_id)
    mine.check(process_of(held))
    if row.state != DEAD:
        raise Conflict(
            f"Expected a job that failed for good, but it is {row.state}.", code="job_not_dead"
        )
    key = {"agency": row.agency_id, "root": row.root_id, "this": row.id}
    trouble = ctx.db.execute(_OPEN_OF_JOB, key).first()
    if trouble is None:
        raise Conflict(
            "Expected a job that something still waits for, but its token has gone on without it.",
            code="job_not_awaited",
        )
    return row, held, trouble


def _need_no_variables(variables: Mapping[str, Any]) -> None:
    if variables:
        message = "Expected no variables, because no instance waits for this job."
        raise checks.refused("variables", "unfit", message)


def _go_on(
    ctx: Context,
    held: Held,
    row: AnyRow,
    incident_id: UUID,
    reason: str,
    variables: Mapping[str, Any],
) -> None:
    advance = move(ctx, held, complete_job, row.token, variables)
    data = {"action": row.action, "reason": reason, "variables": variables}
    record_of_job(ctx, held, row, "job.skipped", data)
    resolve(ctx, held, only=incident_id)
    apply(ctx, held, advance)
    save(ctx, held)


HANDLERS: dict[type, Handler] = {RetryJob: retry_job, SkipJob: skip_job}
