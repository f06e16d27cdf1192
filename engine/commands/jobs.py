"""Jobs: wanting one, leasing it, and reporting how it went, fenced by the attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.retry import pause
from engine.commands.turn.applying import apply
from engine.commands.turn.chain import record
from engine.commands.turn.held import Held, hold_root, save
from engine.commands.turn.incidents import add_row, incident_row, raise_incident
from engine.commands.turn.moving import move
from engine.commands.turn.waits import job_row
from engine.db import insert_once, storable
from engine.errors import Cause, Conflict, NotFound
from engine.joint import add_later
from engine.models.columns import AnyRow
from engine.models.epoch import IN_QUARANTINE
from engine.models.job import DEAD, DONE, LEASED, WAITING, job
from engine.runtime import Advance, complete_job, throw_error

#: How long a worker has before another may take the job.
LEASE = timedelta(minutes=2)

_ADD_ONCE = insert_once(job)
_DEDUPED = sa.select(job.c.id).where(
    job.c.agency_id == sa.bindparam("agency"), job.c.dedupe == sa.bindparam("dedupe")
)
_THIS = sa.and_(job.c.agency_id == sa.bindparam("agency"), job.c.id == sa.bindparam("this"))
_FIND = sa.select(job).where(_THIS)
_LEASE = (
    job.update()
    .where(
        _THIS,
        sa.or_(
            sa.and_(job.c.state == WAITING, job.c.due_at <= sa.bindparam("now")),
            sa.and_(job.c.state == LEASED, job.c.lease_until < sa.bindparam("now")),
        ),
        job.c.attempt < job.c.max_attempts,
        sa.not_(IN_QUARANTINE),
    )
    .values(
        state=LEASED,
        attempt=job.c.attempt + 1,
        lease_until=sa.bindparam("until"),
        # whoever begins again counts again
        progress_done=None,
        progress_total=None,
        progress_note=None,
        progress_at=None,
    )
)
# The fence: whoever reports must still be the one who has it. A worker that slept through its
# lease comes back with an attempt that another has counted on.
IS_OURS = sa.and_(_THIS, job.c.state == LEASED, job.c.attempt == sa.bindparam("fence"))
_END = (
    job.update()
    .where(IS_OURS)
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("state", "due_at", "lease_until", "last_error", "ended_at")
        }
    )
)


def want_job(
    ctx: Context,
    action: str,
    payload: Mapping[str, Any],
    *,
    instance_id: UUID | None = None,
    business_key: str | None = None,
    due_at: datetime | None = None,
    queue: str | None = None,
    max_attempts: int | None = None,
    dedupe: str | None = None,
    followed: bool = False,
    asked_by: str | None = None,
) -> UUID:
    """Ask for machine work after the commit; no token waits for it.

    `dedupe`: a second wish with its key is the first. `instance_id` only tells the handler.
    `followed`: the actor finds it, and how far it has come, among their own; `asked_by`: the person
    who followed the job that this one goes on with.
    """
    row = job_row(ctx, action, payload, max_attempts=max_attempts) | {
        "instance_id": instance_id,
        "business_key": business_key,
        "due_at": due_at or ctx.now,
        "dedupe": dedupe,
        "asked_by": ctx.actor.username if followed else asked_by,
    }
    row["queue"] = queue or row["queue"]
    if dedupe is None:
        add_later(ctx.db, job, [row])
    elif ctx.db.execute(_ADD_ONCE, row).rowcount == 0:
        key = {"agency": ctx.actor.agency_id, "dedupe": dedupe}
        return UUID(str(ctx.db.execute(_DEDUPED, key).scalar_one()))
    if row["due_at"] <= ctx.now:
        ctx.rings.append(row["id"])
    return UUID(str(row["id"]))


@dataclass(frozen=True, slots=True)
class LeaseJob:
    """Answer: {leased: false}, or {leased: true, attempt}. In quarantine nothing is leased."""

    job_id: UUID
    ttl: timedelta = LEASE


@dataclass(frozen=True, slots=True)
class ReportJob:
    """The work is done. Refused (lease_lost) unless `attempt` still holds the lease.

    `effect` writes in this transaction; what it returns is added to `variables`.
    """

    job_id: UUID
    attempt: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    effect: Callable[[Context], Mapping[str, Any] | None] | None = field(
        default=None, compare=False
    )


@dataclass(frozen=True, slots=True)
class FailJob:
    """The work failed: again later by the retry ladder, else an incident; or a BPMN error.

    Answer: {state}.
    """

    job_id: UUID
    attempt: int
    message: str
    retry: bool = True
    error_code: str | None = None
    #: of the incident, should it come to one
    code: str = "job_failed"
    effect: Callable[[Context], None] | None = field(default=None, compare=False)


def lease_job(command: LeaseJob, ctx: Context) -> Answer:
    key = {"agency": ctx.actor.agency_id, "this": command.job_id}
    taken = ctx.db.execute(_LEASE, {**key, "now": ctx.now, "until": ctx.now + command.ttl})
    if taken.rowcount == 0:
        return {"leased": False}
    return {"leased": True, "attempt": ctx.db.execute(_FIND, key).one().attempt}


def report_job(command: ReportJob, ctx: Context) -> Answer:
    row, held = hold_job(ctx, command.job_id)
    ctx.hops = row.hops
    _end(ctx, row, command.attempt, state=DONE)
    variables = dict(command.variables)
    if command.effect is not None:
        variables |= command.effect(ctx) or {}
    if held is not None:
        _go_on(ctx, held.root_id, row, variables)
    return {"state": DONE}


def _go_on(ctx: Context, root_id: UUID, row: AnyRow, variables: Mapping[str, Any]) -> None:
    """Held afresh: the effect's own commands may have moved the instance meanwhile."""
    held = hold_root(ctx, root_id)
    advance = move(ctx, held, complete_job, row.token, variables)
    data = {"action": row.action, "attempt": row.attempt, "variables": variables}
    record_of_job(ctx, held, row, "job.completed", data)
    apply(ctx, held, advance)
    save(ctx, held)


def fail_job(command: FailJob, ctx: Context) -> Answer:
    row, held = hold_job(ctx, command.job_id)
    ctx.hops = row.hops
    message = storable(command.message)[:2000]
    if command.effect is not None:
        command.effect(ctx)
    advance = _thrown(ctx, held, row, command)
    again = advance is None and command.retry and row.attempt < row.max_attempts
    state = DONE if advance is not None else WAITING if again else DEAD
    due = ctx.now + pause(row.attempt, row.id) if again else row.due_at
    _end(ctx, row, command.attempt, state=state, due_at=due, last_error=message)
    if held is not None:
        data = {"action": row.action, "attempt": row.attempt, "message": message, "state": state}
        record_of_job(ctx, held, row, "job.failed", data)
    if advance is not None and held is not None:
        apply(ctx, held, advance)
    elif state == DEAD:
        _bury(ctx, held, row, command.code, message)
    if held is not None:
        save(ctx, held)
    return {"state": state}


def _thrown(ctx: Context, held: Held | None, row: AnyRow, command: FailJob) -> Advance | None:
    """What the BPMN error did, where an error event catches it."""
    if held is None or command.error_code is None:
        return None
    found: Advance | None = move(
        ctx, held, throw_error, row.token, command.error_code, command.message
    )
    return found


def _bury(ctx: Context, held: Held | None, row: AnyRow, code: str, message: str) -> None:
    cause = Cause(
        code=code,
        message=f"Expected the action {row.action!r} to succeed, but it failed"
        f" {row.attempt} times, last with: {message}",
        element_id=row.element_id or row.action,
        detail={"action": row.action},
    )
    if held is None:
        add_row(ctx, incident_row(ctx, cause, job_id=row.id))
    else:
        raise_incident(ctx, held, row.instance_id, cause, token=row.token, job_id=row.id)


def hold_job(ctx: Context, job_id: UUID) -> tuple[AnyRow, Held | None]:
    """The job, and its instance where a token waits for it: the instance is locked first."""
    key = {"agency": ctx.actor.agency_id, "this": job_id}
    row = ctx.db.execute(_FIND, key).first()
    if row is None:
        raise NotFound(f"Expected the id of a job, but found none with {job_id}.")
    if row.root_id is None:
        return row, None
    held = hold_root(ctx, row.root_id)
    return ctx.db.execute(_FIND, key).one(), held


def _end(
    ctx: Context,
    row: AnyRow,
    attempt: int,
    *,
    state: str,
    due_at: datetime | None = None,
    last_error: str | None = None,
) -> None:
    values = {
        "agency": row.agency_id,
        "this": row.id,
        "fence": attempt,
        "new_state": state,
        "new_due_at": due_at or row.due_at,
        "new_lease_until": None,
        "new_last_error": last_error,
        "new_ended_at": None if state == WAITING else ctx.now,
    }
    if ctx.db.execute(_END, values).rowcount == 0:
        raise Conflict(
            f"Expected attempt {attempt} to hold the lease of job {row.id}, but it is"
            f" {row.state} at attempt {row.attempt}. The late report is dropped.",
            code="lease_lost",
        )


def record_of_job(
    ctx: Context, held: Held, row: AnyRow, event: str, data: Mapping[str, Any]
) -> None:
    """An event of the history of the instance that waits for the job."""
    record(
        ctx,
        held,
        event,
        instance_id=row.instance_id,
        element_id=row.element_id,
        data={"job_id": row.id, **data},
    )


HANDLERS: dict[type, Handler] = {LeaseJob: lease_job, ReportJob: report_job, FailJob: fail_job}
