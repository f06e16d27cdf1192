"""Tasks that end: by being done, or because the instance went on without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor, Authority
from engine.bus import Context
from engine.commands.turn.chain import OWN_RIGHT, record_of_task
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import resolve
from engine.commands.turn.news import candidates_of, task_ref
from engine.events import TaskCompleted, TaskWithdrawn
from engine.joint import later
from engine.models.task import CANCELLED, COMPLETED, IS_LIVE, task, task_candidate
from engine.models.waiting import timer
from engine.runtime.values import ClosedTask

#: why a task is gone that others' work, or a change of the list, has ended
_LEFT = frozenset({"boundary", "terminated", "withdrawn"})
_THIS = sa.and_(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
_END_TASK = (
    task.update()
    .where(_THIS)
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in (
                "state", "assignee", "claimed_at", "ended_at", "outcome", "completed_by",
                "on_behalf_of", "instrument_id", "skipped",
            )
        }
    )
)  # fmt: skip
_END_CANDIDATES = (
    task_candidate.update()
    .where(
        task_candidate.c.agency_id == sa.bindparam("agency"),
        task_candidate.c.task_id == sa.bindparam("this"),
    )
    .values(live=False, free=False)
)
_DROP_TIMERS = timer.delete().where(
    timer.c.agency_id == sa.bindparam("agency"), timer.c.task_id == sa.bindparam("this")
)
_ONE_TASK = sa.select(task).where(_THIS)
_LIVE_TASKS = (
    sa.select(task)
    .where(
        task.c.agency_id == sa.bindparam("agency"),
        task.c.root_id == sa.bindparam("root"),
        IS_LIVE,
    )
    .order_by(task.c.id)
)


def live_tasks(ctx: Context, held: Held) -> list[dict[str, Any]]:
    """Every task of the instance that someone still has to do, oldest first."""
    if held.live is None:
        key = {"agency": held.agency_id, "root": held.root_id}
        found = ctx.db.execute(_LIVE_TASKS, key).mappings()
        held.live = {row["id"]: dict(row) for row in found}
    return list(held.live.values())


def task_row_of(ctx: Context, held: Held, task_id: UUID) -> dict[str, Any]:
    key = {"agency": held.agency_id, "this": task_id}
    return dict(ctx.db.execute(_ONE_TASK, key).mappings().one())


def complete(
    ctx: Context,
    held: Held,
    row: dict[str, Any],
    *,
    outcome: str | None,
    variables: Mapping[str, Any],
    authority: Authority = OWN_RIGHT,
    comment: str | None = None,
    skipped: bool = False,
    confirmed: str | None = None,
    by: Actor | None = None,
) -> None:
    """End `row` as done by the actor, with history and news; `by`: by another, who did as much
    before, and whom the event does not name as its actor.
    """
    doer = by or ctx.actor
    row |= {
        "state": COMPLETED,
        "assignee": doer.username,
        "claimed_at": row["claimed_at"] or ctx.now,
        "outcome": outcome,
        "completed_by": doer.username,
        "on_behalf_of": authority.on_behalf_of,
        "instrument_id": authority.instrument_id,
        "skipped": skipped,
    }
    _end(ctx, held, row)
    data = {
        "outcome": outcome,
        "variables": variables,
        "comment": comment,
        "skipped": skipped,
        "confirmed": confirmed,
    }
    told = authority if doer.username == ctx.actor.username else OWN_RIGHT
    record_of_task(ctx, held, "task.completed", row, _given(data), told)
    held.news.append(
        TaskCompleted(
            task_ref(held, row),
            doer,
            outcome,
            variables,
            authority.on_behalf_of,
            authority.instrument_id,
            comment,
            skipped,
        )
    )


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, False, {})}


def close_tasks(ctx: Context, held: Held, closed: Sequence[ClosedTask], because: str = "") -> None:
    """Cancel the tasks of these tokens; the instance went on without them. Where somebody's act has
    led to that, those who were asked are told, with what they gave as their reason.
    """
    if not closed:
        return
    reasons = {each.token: each.reason for each in closed}
    for row in live_tasks(ctx, held):
        if row["token"] not in reasons:
            continue
        if reasons[row["token"]] in _LEFT and not ctx.actor.is_system:
            held.news.append(_withdrawn(ctx, held, row, because))
        cancel(ctx, held, row, reasons[row["token"]])


def _withdrawn(ctx: Context, held: Held, row: dict[str, Any], because: str) -> TaskWithdrawn:
    asked, assignee = candidates_of(row), row["assignee"]
    return TaskWithdrawn(task_ref(held, row), asked, assignee, because, ctx.actor)


def cancel(ctx: Context, held: Held, row: dict[str, Any], reason: str) -> None:
    row["state"] = CANCELLED
    _end(ctx, held, row)
    record_of_task(ctx, held, "task.cancelled", row, {"reason": reason})


def _end(ctx: Context, held: Held, row: dict[str, Any]) -> None:
    row["ended_at"] = ctx.now
    if held.live is not None:
        held.live.pop(row["id"], None)
    key: dict[str, UUID] = {"agency": held.agency_id, "this": row["id"]}
    later(ctx.db, _END_CANDIDATES, key)
    later(ctx.db, _END_TASK, key | {f"new_{name}": row[name] for name in _ENDING})
    if row["due_at"] is not None:
        later(ctx.db, _DROP_TIMERS, key)
    resolve(ctx, held, task_id=row["id"])


_ENDING = (
    "state", "assignee", "claimed_at", "ended_at", "outcome", "completed_by", "on_behalf_of",
    "instrument_id", "skipped",
)  # fmt: skip
