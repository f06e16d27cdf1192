"""Claiming a task and giving it back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.actor import Authority
from engine.bus import Answer, Context
from engine.commands.tasks.held_task import (
    HeldTask,
    check_may_act,
    hold_task,
    shift,
    write_holder,
)
from engine.commands.turn.chain import record_of_task
from engine.commands.turn.held import save
from engine.commands.turn.news import task_ref, task_shape
from engine.errors import Conflict, Forbidden
from engine.events import TaskUnclaimed
from engine.models.granting import reach
from engine.models.task import CLAIMED


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """Answer: {task}. Claiming what one holds already changes nothing."""

    task_id: UUID


@dataclass(frozen=True, slots=True)
class UnclaimTask:
    """Answer: {task}."""

    task_id: UUID


def claim_task(command: ClaimTask, ctx: Context) -> Answer:
    work = hold_task(ctx, command.task_id)
    authority = check_may_act(ctx, work)
    if work.row["state"] != CLAIMED:
        _claim(ctx, work, authority)
        write_holder(ctx, work.row)
        save(ctx, work.held)
    return {"task": task_shape(work.held, work.row)}


def _claim(ctx: Context, work: HeldTask, authority: Authority) -> None:
    """Make the actor the holder, in memory and in history; the caller writes the row."""
    shift(work.row, "claim")
    work.row |= {
        "assignee": ctx.actor.username,
        "claimed_at": ctx.now,
        "on_behalf_of": authority.on_behalf_of,
        "instrument_id": authority.instrument_id,
    }
    record_of_task(ctx, work.held, "task.claimed", work.row, authority=authority)


def unclaim_task(command: UnclaimTask, ctx: Context) -> Answer:
    work = hold_task(ctx, command.task_id)
    if work.row["assignee"] != ctx.actor.username and not _keeps(ctx, work):
        raise Forbidden(
            "Expected the holder of the task to give it back, but someone else holds it.",
            code="not_holder",
        )
    if not work.row["candidates"]:
        raise Conflict(
            "Expected a task that others could take, but it has no candidates. Delegate it."
        )
    shift(work.row, "unclaim")
    release(work)
    write_holder(ctx, work.row)
    record_of_task(ctx, work.held, "task.unclaimed", work.row)
    work.held.news.append(TaskUnclaimed(task_ref(work.held, work.row), ctx.actor))
    save(ctx, work.held)
    return {"task": task_shape(work.held, work.row)}


def _keeps(ctx: Context, work: HeldTask) -> bool:
    return reach(ctx.db, ctx.actor, "operate").over(work.held.root.definition.key)


def release(work: HeldTask) -> None:
    work.row |= {
        "assignee": None,
        "claimed_at": None,
        "on_behalf_of": None,
        "instrument_id": None,
    }
