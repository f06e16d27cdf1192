"""Handing a task to someone else: by its holder (delegate) or from above (reassign)."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Authority
from engine.bus import Answer, Context
from engine.commands import checks
from engine.commands.tasks.claim import release
from engine.commands.tasks.held_task import (
    HeldTask,
    check_live,
    check_may_act,
    hold_task,
    shift,
    write_holder,
)
from engine.commands.turn.chain import OWN_RIGHT, record_of_task
from engine.commands.turn.held import save
from engine.commands.turn.incidents import resolve
from engine.commands.turn.news import task_ref, task_shape
from engine.commands.turn.opening import add_candidates
from engine.errors import Forbidden
from engine.events import TaskCreated, TaskReassigned
from engine.models.granting import reach
from engine.models.task import task, task_candidate
from engine.ports import Candidate

_EVENTS = {"delegate": "task.delegated", "reassign": "task.reassigned"}
_DROP_CANDIDATES = task_candidate.delete().where(
    task_candidate.c.agency_id == sa.bindparam("agency"),
    task_candidate.c.task_id == sa.bindparam("this"),
)
_SET_CANDIDATES = (
    task.update()
    .where(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
    .values(candidates=sa.bindparam("new_candidates"))
)


@dataclass(frozen=True, slots=True)
class DelegateTask:
    """Whoever may do the task hands it to a person (sign-in name). Answer: {task}."""

    task_id: UUID
    to: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReassignTask:
    """The holder, whoever has the right reassign or operate, or administers the process by a grant,
    gives it to a person (sign-in name) or to a principal ("position:code"), which opens it for its
    holders. Answer: {task}.

    `authority`: by what it is done, where an outer command has a rule of its own.
    """

    task_id: UUID
    to: str
    reason: str
    authority: Authority = field(default=OWN_RIGHT, compare=False)


def delegate_task(command: DelegateTask, ctx: Context) -> Answer:
    reason = checks.text(command.reason, "reason", required=False)
    work = hold_task(ctx, command.task_id)
    check_may_act(ctx, work)
    person = _find(ctx, f"person:{command.to.removeprefix('person:')}")
    _give(ctx, work, person, "delegate", reason)
    return {"task": task_shape(work.held, work.row)}


def reassign_task(command: ReassignTask, ctx: Context) -> Answer:
    reason = checks.text(command.reason, "reason")
    work = hold_task(ctx, command.task_id)
    _check_may_reassign(ctx, work)
    check_live(work.row)
    found = _find(ctx, command.to if ":" in command.to else f"person:{command.to}")
    if found.kind == "person":
        _give(ctx, work, found, "reassign", reason, command.authority)
    else:
        _offer(ctx, work, found, reason, command.authority)
    return {"task": task_shape(work.held, work.row)}


def _check_may_reassign(ctx: Context, work: HeldTask) -> None:
    actor = ctx.actor
    if ctx.depth > 0:
        return  # the outer command has its own rule
    if _holds(ctx, work):
        return
    if not reach(ctx.db, actor, "operate", "reassign").over(work.held.root.definition.key):
        raise Forbidden(
            "Expected the holder of the task, the right reassign, or a grant to administer the"
            f" process, to reassign it, but {actor.username} has none of them.",
        )


def _holds(ctx: Context, work: HeldTask) -> bool:
    return bool(work.row["assignee"] == ctx.actor.username)


def _find(ctx: Context, principal: str) -> Candidate:
    known = ctx.services.directory.describe(ctx.db, ctx.actor.agency_id, [principal])
    if principal not in known:
        raise checks.refused(
            "to",
            "unknown",
            f"Expected someone of the agency, but nobody is {principal!r:.80}.",
        )
    return known[principal]


def _give(
    ctx: Context, work: HeldTask, person: Candidate, verb: str, reason: str,
    authority: Authority = OWN_RIGHT,
) -> None:  # fmt: skip
    if person.id in work.row["excluded"]:
        raise checks.refused(
            "to", "excluded", f"Expected someone who may do it, but {person.id} is excluded."
        )
    shift(work.row, verb)
    release(work)
    work.row |= {"assignee": person.id, "claimed_at": ctx.now}
    _write(ctx, work, _EVENTS[verb], person, reason, authority)
    work.held.news.append(
        TaskReassigned(task_ref(work.held, work.row), ctx.actor, person.id, reason or None)
    )
    save(ctx, work.held)


def _offer(
    ctx: Context, work: HeldTask, post: Candidate, reason: str, authority: Authority
) -> None:
    """Open the task for the holders of a post, and for them only."""
    shift(work.row, "offer")
    release(work)
    work.row["candidates"] = [post.stored]
    key = {"agency": work.held.agency_id, "this": work.id}
    ctx.db.execute(_SET_CANDIDATES, {**key, "new_candidates": work.row["candidates"]})
    ctx.db.execute(_DROP_CANDIDATES, key)
    add_candidates(ctx, work.held, [work.row])
    _write(ctx, work, "task.reassigned", post, reason, authority)
    work.held.news.append(
        TaskCreated(task_ref(work.held, work.row), [post], "new", reason, ctx.actor)
    )
    save(ctx, work.held)


def _write(
    ctx: Context, work: HeldTask, event: str, to: Candidate, reason: str, authority: Authority
) -> None:
    write_holder(ctx, work.row)
    data = {"to": to.principal, "reason": reason or None}
    record_of_task(ctx, work.held, event, work.row, data, authority)
    resolve(ctx, work.held, task_id=work.id)
