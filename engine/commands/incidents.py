"""Trying again what was stuck, and the incident that a refused command leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.turn.applying import apply
from engine.commands.turn.closing import task_row_of
from engine.commands.turn.held import Held, hold_root, save
from engine.commands.turn.incidents import RaiseIncident, raise_incident, resolve
from engine.commands.turn.moving import bundle_of, move
from engine.commands.turn.news import task_ref
from engine.commands.turn.offers import Rules, offers
from engine.commands.turn.opening import add_candidates
from engine.commands.turn.waits import resubscribe
from engine.errors import Cause, Conflict, NotFound
from engine.events import FreeJobSettled, TaskCreated
from engine.models import job as jobs
from engine.models.columns import AnyRow
from engine.models.granting import demand_reach
from engine.models.incident import IS_OPEN, OPEN, RESOLVED, incident
from engine.models.job import job
from engine.models.task import LIVE, task
from engine.runtime import retry as retry_token

_OF_AGENCY = incident.c.agency_id == sa.bindparam("agency")
_FIND = sa.select(incident).where(_OF_AGENCY, incident.c.id == sa.bindparam("this"))
_SAME = (
    sa.select(incident.c.id)
    .where(
        _OF_AGENCY,
        incident.c.root_id == sa.bindparam("root"),
        incident.c.code == sa.bindparam("code"),
        IS_OPEN,
    )
    .limit(1)
)
_RESOLVE = (
    incident.update()
    .where(_OF_AGENCY, incident.c.id == sa.bindparam("this"), IS_OPEN)
    .values(
        state=RESOLVED,
        resolved_at=sa.bindparam("now"),
        resolved_by=sa.bindparam("by"),
        detail=sa.bindparam("new_detail"),
    )
)
_REVIVE = (
    job.update()
    .where(
        job.c.agency_id == sa.bindparam("agency"),
        job.c.id == sa.bindparam("this"),
        job.c.state == jobs.DEAD,
    )
    .values(
        state=jobs.WAITING,
        due_at=sa.bindparam("now"),
        ended_at=None,
        # attempts only grow, so that the fence holds; the ladder begins anew
        max_attempts=job.c.attempt + sa.bindparam("more"),
    )
)
_SET_CANDIDATES = (
    task.update()
    .where(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
    .values(candidates=sa.bindparam("new_candidates"), excluded=sa.bindparam("new_excluded"))
)
#: How often a revived job is tried.
MORE_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class RetryIncident:
    """Right: operate, or a grant to administer the case's process. Answer: {id, state, instance_id,
    instance_status}; what is still stuck raises a new incident.
    """

    incident_id: UUID


def retry_incident(command: RetryIncident, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate")
    row = _find(ctx, command.incident_id)
    held = hold_root(ctx, row.root_id) if row.root_id is not None else None
    mine.check(process_of(held))
    row = _find(ctx, command.incident_id)
    if row.state != OPEN:
        raise _resolved()
    try_again(ctx, held, row)
    return {"id": row.id, "state": RESOLVED, **whereabouts(held, row.instance_id)}


def process_of(held: Held | None) -> str | None:
    """The process of the whole case; what no instance waits for is of none."""
    return None if held is None else held.root.definition.key


def try_again(ctx: Context, held: Held | None, row: AnyRow) -> None:
    """Resolve the open incident `row` and let what was stuck have another go; saves `held`."""
    if held is None:
        _retry_free(ctx, row)
    else:
        resolve(ctx, held, only=row.id)
        _retry(ctx, held, row)
        save(ctx, held)


def whereabouts(held: Held | None, instance_id: UUID | None) -> Answer:
    """How the instance stands after an operator's act; nothing where there is none."""
    status = held.process_of(instance_id).status if held and instance_id else None
    return {"instance_id": instance_id, "instance_status": status}


def _find(ctx: Context, incident_id: UUID) -> AnyRow:
    row = ctx.db.execute(_FIND, {"agency": ctx.actor.agency_id, "this": incident_id}).first()
    if row is None:
        raise NotFound(f"Expected the id of an incident, but found none with {incident_id}.")
    return row


def _retry_free(ctx: Context, row: AnyRow) -> None:
    """A room's own job, for which no instance waits."""
    settle_free(ctx, row, "retried")
    _revive(ctx, row.job_id)


def settle_free(ctx: Context, row: AnyRow, resolution: str, reason: str | None = None) -> None:
    """The incident `row` of no instance, resolved; FreeJobSettled tells, as no history of a case
    can. Refused where another operator was faster: no lock is held.
    """
    why = {} if reason is None else {"reason": reason}
    detail: Mapping[str, str] = {**row.detail, "resolution": resolution, **why}
    key = {"agency": ctx.actor.agency_id, "this": row.id}
    values = {**key, "now": ctx.now, "by": ctx.actor.username, "new_detail": detail}
    if ctx.db.execute(_RESOLVE, values).rowcount == 0:
        raise _resolved()
    ctx.emit(FreeJobSettled(row.job_id, row.detail.get("action", ""), resolution, reason))


def _resolved() -> Conflict:
    return Conflict(
        "Expected an open incident to try again, but it is resolved already.",
        code="incident_resolved",
    )


def _retry(ctx: Context, held: Held, row: AnyRow) -> None:
    if row.job_id is not None:
        _revive(ctx, row.job_id)
    elif row.task_id is not None:
        _ask_again(ctx, held, row)
    elif row.memo is not None:
        resubscribe(ctx, held, row.memo)
    elif row.token is not None:
        apply(ctx, held, move(ctx, held, retry_token, row.token))
    else:
        bundle_of(ctx, held.root.definition)  # the whole instance was frozen: does it load now?


def _revive(ctx: Context, job_id: UUID) -> None:
    key = {"agency": ctx.actor.agency_id, "this": job_id}
    ctx.db.execute(_REVIVE, {**key, "now": ctx.now, "more": MORE_ATTEMPTS})
    ctx.rings.append(job_id)


def _ask_again(ctx: Context, held: Held, row: AnyRow) -> None:
    """Who can do the task now? The post may have been filled meanwhile."""
    found = task_row_of(ctx, held, row.task_id)
    if found["state"] not in LIVE:
        return
    scope = held.scope_of(found["instance_id"])
    (made,) = offers(ctx, held, [Rules.from_memo(found["element_id"], row.memo, scope)])
    known = {f"{c['kind']}:{c['id']}" for c in found["candidates"]}
    fresh = [c.stored for c in made.candidates if c.principal not in known]
    barred = [name for name in sorted(made.excluded) if name not in found["excluded"]]
    add_candidates(ctx, held, [found | {"candidates": fresh, "excluded": barred}])
    found["candidates"] = [*found["candidates"], *fresh]
    found["excluded"] = [*found["excluded"], *barred]
    _write_candidates(ctx, found)
    ref, why = task_ref(held, found), found["because"]
    held.news.append(TaskCreated(ref, made.candidates, why, None, ctx.actor, made.able))
    if made.trouble is not None:
        raise_incident(ctx, held, row.instance_id, made.trouble, task_id=row.task_id, memo=row.memo)


def _write_candidates(ctx: Context, row: Mapping[str, Any]) -> None:
    ctx.db.execute(
        _SET_CANDIDATES,
        {
            "agency": row["agency_id"],
            "this": row["id"],
            "new_candidates": row["candidates"],
            "new_excluded": row["excluded"],
        },
    )


def leave_incident(command: RaiseIncident, ctx: Context) -> Answer:
    """One incident for the whole instance, however many commands it refuses."""
    held = hold_root(ctx, command.instance_id)
    key = {"agency": held.agency_id, "root": held.root_id, "code": command.code}
    known = ctx.db.execute(_SAME, key).scalar()
    if known is not None:
        return {"id": known}
    cause = Cause(command.code, command.message, element_id=held.root.definition.key)
    made = raise_incident(ctx, held, held.root_id, cause)
    save(ctx, held)
    return {"id": made}


HANDLERS: dict[type, Handler] = {RetryIncident: retry_incident, RaiseIncident: leave_incident}
