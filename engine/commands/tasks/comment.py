"""Saying something about a task, and that someone has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands import checks
from engine.commands.tasks.held_task import HeldTask, check_actor, check_cleared, hold_task
from engine.commands.turn.chain import record_of_task
from engine.commands.turn.held import save
from engine.errors import Forbidden
from engine.ids import new_id
from engine.joint import add_later
from engine.models.granting import reach
from engine.models.taking import may_act
from engine.models.task import task, task_candidate, task_comment

_OPENED = (
    task.update()
    .where(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
    .values(first_opened_at=sa.bindparam("now"), first_opened_by=sa.bindparam("by"))
)
_TAKES_PART = (
    sa.select(task_candidate.c.task_id)
    .where(
        task_candidate.c.agency_id == sa.bindparam("agency"),
        task_candidate.c.root_id == sa.bindparam("root"),
        task_candidate.c.principal.in_(sa.bindparam("principals", expanding=True)),
        task_candidate.c.barred.is_(False),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class CommentTask:
    """By whoever takes part in the instance, or keeps it: operators, and who administers its
    process. Answer: {comment: {id, author, text, at}}.
    """

    task_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Someone who may act has looked: kept the first time only. Answer: {first_opened_at}."""

    task_id: UUID


def comment_task(command: CommentTask, ctx: Context) -> Answer:
    words = checks.text(command.text, "text")
    work = hold_task(ctx, command.task_id)
    _check_takes_part(ctx, work)
    comment = add_comment(ctx, work, words)
    record_of_task(ctx, work.held, "task.commented", work.row, {"text": words})
    save(ctx, work.held)
    return {"comment": comment}


def add_comment(ctx: Context, work: HeldTask, words: str) -> dict[str, Any]:
    """Keep what was said about the task."""
    comment = {"id": new_id(), "author": ctx.actor.username, "text": words, "at": ctx.now}
    where = {"agency_id": work.held.agency_id, "task_id": work.id, "root_id": work.held.root_id}
    add_later(ctx.db, task_comment, [comment | where])
    return comment


def _check_takes_part(ctx: Context, work: HeldTask) -> None:
    check_cleared(ctx, work)
    actor, held = ctx.actor, work.held
    known = {held.starter, work.row["assignee"], work.row["completed_by"]}
    if actor.username in known or actor.may("operate"):
        return
    key = {
        "agency": held.agency_id,
        "root": held.root_id,
        "principals": [*actor.principals, f"person:{actor.username}"],
    }
    if ctx.db.execute(_TAKES_PART, key).first() is not None:
        return
    if not reach(ctx.db, actor, "operate").over(held.root.definition.key):
        raise Forbidden("Expected someone who takes part in this case to comment on it.")


def open_task(command: OpenTask, ctx: Context) -> Answer:
    work = hold_task(ctx, command.task_id)
    if work.row["first_opened_at"] is None and may_act(ctx.actor, work.row):
        authority = check_actor(ctx.actor, work.row)
        work.row |= {"first_opened_at": ctx.now, "first_opened_by": ctx.actor.username}
        key = {"agency": work.held.agency_id, "this": work.id}
        ctx.db.execute(_OPENED, {**key, "now": ctx.now, "by": ctx.actor.username})
        record_of_task(ctx, work.held, "task.opened", work.row, authority=authority)
        save(ctx, work.held)
    return {"first_opened_at": work.row["first_opened_at"]}
