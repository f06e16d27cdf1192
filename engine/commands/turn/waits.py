"""What tokens wait for besides people: jobs, timers and subscriptions, as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import raise_incident
from engine.commands.turn.todo import Deliver
from engine.db import insert_once, storable
from engine.errors import Cause
from engine.ids import new_id
from engine.joint import add_later
from engine.models import job as jobs
from engine.models.job import job
from engine.models.waiting import TOKEN, message_buffer, subscription, timer
from engine.ports import DEFAULT
from engine.runtime.values import SetTimer, Subscription, WantedJob

#: How often an action is tried that says nothing about it.
MAX_ATTEMPTS = 8

_ADD_TIMERS = timer.insert()
_SUBSCRIBE = insert_once(subscription)
_TOKENS: sa.BindParameter[list[str]] = sa.bindparam("tokens", expanding=True)


def _of_tokens(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.agency_id == sa.bindparam("agency"),
        table.c.root_id == sa.bindparam("root"),
        table.c.token.in_(_TOKENS),
    )


_CANCEL_JOBS = (
    job.update()
    .where(_of_tokens(job), jobs.IS_PENDING)
    .values(state=jobs.CANCELLED, ended_at=sa.bindparam("now"), lease_until=None)
)
_DROP_TIMERS = timer.delete().where(_of_tokens(timer))
_UNSUBSCRIBE = subscription.delete().where(_of_tokens(subscription))
_oldest = (
    sa.select(message_buffer.c.id)
    .where(
        message_buffer.c.agency_id == sa.bindparam("agency"),
        message_buffer.c.name == sa.bindparam("name"),
        message_buffer.c.key == sa.bindparam("key"),
        message_buffer.c.expires_at > sa.bindparam("now"),
    )
    .order_by(message_buffer.c.id)
    .limit(1)
)
TAKE_MESSAGE = (
    message_buffer.delete()
    .where(message_buffer.c.id == _oldest.scalar_subquery())
    .returning(message_buffer.c.variables, message_buffer.c.hops)
)


def drop(
    ctx: Context,
    held: Held,
    *,
    jobs_: Sequence[str] = (),
    timers: Sequence[str] = (),
    subscriptions: Sequence[str] = (),
) -> None:
    """Remove what these tokens waited for. A worker's late report of a cancelled job is refused."""
    key = {"agency": held.agency_id, "root": held.root_id}
    if jobs_:
        ctx.db.execute(_CANCEL_JOBS, {**key, "tokens": list(jobs_), "now": ctx.now})
    if timers:
        ctx.db.execute(_DROP_TIMERS, {**key, "tokens": list(timers)})
    if subscriptions:
        ctx.db.execute(_UNSUBSCRIBE, {**key, "tokens": list(subscriptions)})


def add_jobs(ctx: Context, held: Held, wanted: Sequence[WantedJob]) -> None:
    if not wanted:
        return
    rows = [_job_row(ctx, held, each) for each in wanted]
    add_later(ctx.db, job, rows)
    ctx.rings += [row["id"] for row in rows]


def _job_row(ctx: Context, held: Held, wanted: WantedJob) -> dict[str, Any]:
    return job_row(ctx, wanted.action, wanted.inputs, max_attempts=wanted.max_attempts) | {
        "root_id": held.root_id,
        "instance_id": held.processes[wanted.scope].instance_id,
        "token": wanted.token,
        "element_id": wanted.element_id,
        "business_key": held.business_key,
    }


def job_row(
    ctx: Context, action: str, payload: Mapping[str, Any], *, max_attempts: int | None = None
) -> dict[str, Any]:
    """The columns of a job that no instance waits for."""
    known = ctx.services.actions.get(action)
    return {
        "id": new_id(),
        "agency_id": ctx.actor.agency_id,
        "root_id": None,
        "instance_id": None,
        "token": None,
        "element_id": None,
        "business_key": None,
        "action": action,
        "queue": known.queue if known else DEFAULT,
        "payload": payload,
        "state": jobs.WAITING,
        "attempt": 0,
        "max_attempts": max_attempts or (known.max_attempts if known else MAX_ATTEMPTS),
        "due_at": ctx.now,
        "lease_until": None,
        "last_error": None,
        "hops": ctx.hops,
        "dedupe": None,
        "created_at": ctx.now,
        "ended_at": None,
    }


def add_timers(ctx: Context, held: Held, wanted: Sequence[SetTimer]) -> None:
    if not wanted:
        return
    # A token has one timer: a new occurrence, or a changed date, takes the place of the old.
    drop(ctx, held, timers=[each.token for each in wanted])
    ctx.db.execute(
        _ADD_TIMERS,
        [
            {
                "id": new_id(),
                "agency_id": held.agency_id,
                "root_id": held.root_id,
                "kind": TOKEN,
                "token": each.token,
                "task_id": None,
                "element_id": each.element_id,
                "due_at": each.due_at,
                "occurrence": each.occurrence,
                "failures": 0,
            }
            for each in wanted
        ],
    )


def subscribe(ctx: Context, held: Held, wanted: Sequence[Subscription]) -> None:
    """Wait for messages and signals; a message that was kept for this key arrives at once."""
    for each in wanted:
        row = subscription_row(ctx, held, each)
        if ctx.db.execute(_SUBSCRIBE, row).rowcount == 0:
            _complain(ctx, held, each)
        elif each.kind == "message":
            take_kept(ctx, held, row)


def subscription_row(ctx: Context, held: Held, wanted: Subscription) -> dict[str, Any]:
    return {
        "id": new_id(),
        "agency_id": held.agency_id,
        "root_id": held.root_id,
        "kind": wanted.kind,
        "name": storable(wanted.name),
        "key": storable(wanted.key or ""),
        "token": wanted.token,
        "element_id": wanted.element_id,
        "created_at": ctx.now,
    }


def resubscribe(ctx: Context, held: Held, memo: Mapping[str, Any]) -> None:
    """Try again what `_complain` told of."""
    subscribe(ctx, held, [Subscription(**memo)])


def _complain(ctx: Context, held: Held, wanted: Subscription) -> None:
    cause = Cause(
        code="message_key_taken",
        message=f"Expected to wait for message {wanted.name!r} with the key {wanted.key!r}, but"
        " another token does already. Give each its own correlation key, then try again.",
        element_id=wanted.element_id,
    )
    memo = {
        "token": wanted.token,
        "element_id": wanted.element_id,
        "kind": wanted.kind,
        "name": wanted.name,
        "key": wanted.key,
    }
    raise_incident(ctx, held, held.root_id, cause, token=wanted.token, memo=memo)


def take_kept(ctx: Context, held: Held, row: Mapping[str, Any]) -> bool:
    """Whether a message was kept for this subscription; it is delivered in this turn."""
    key = {"agency": held.agency_id, "name": row["name"], "key": row["key"], "now": ctx.now}
    kept = ctx.db.execute(TAKE_MESSAGE, key).first()
    if kept is None:
        return False
    ctx.hops = max(ctx.hops, kept.hops)
    held.todo.append(
        Deliver(row["token"], row["element_id"], row["name"], row["key"], kept.variables)
    )
    return True
