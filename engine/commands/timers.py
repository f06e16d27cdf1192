"""Firing what is due: tokens' timers, reminders and escalations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.retry import pause
from engine.commands.turn.applying import apply
from engine.commands.turn.chain import record, record_of_task
from engine.commands.turn.closing import task_row_of
from engine.commands.turn.held import Held, hold_root, save
from engine.commands.turn.moving import move
from engine.commands.turn.news import candidates_of, task_ref
from engine.commands.turn.opening import add_candidates
from engine.errors import NotFound
from engine.events import TaskEscalated, TaskReminded
from engine.models.columns import AnyRow
from engine.models.task import task
from engine.models.waiting import ESCALATION, REMINDER, TOKEN, timer
from engine.ports import Candidate
from engine.runtime import fire_timer as fire_token

_THIS = sa.and_(timer.c.agency_id == sa.bindparam("agency"), timer.c.id == sa.bindparam("this"))
_FIND = sa.select(timer).where(_THIS)
_TAKE = timer.delete().where(_THIS, timer.c.due_at <= sa.bindparam("now"))
_OTHERS_DUE = sa.and_(
    timer.c.agency_id == sa.bindparam("agency"),
    timer.c.task_id == sa.bindparam("task"),
    timer.c.kind == REMINDER,
    timer.c.due_at <= sa.bindparam("now"),
)
_DROP_OTHERS = timer.delete().where(_OTHERS_DUE)
_LATEST = sa.select(sa.func.max(timer.c.occurrence)).where(_OTHERS_DUE)
_POSTPONE = (
    timer.update().where(_THIS).values(failures=timer.c.failures + 1, due_at=sa.bindparam("due"))
)
_ADD_TO_TASK = (
    task.update()
    .where(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
    .values(candidates=sa.bindparam("new_candidates"))
)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Answer: {fired: bool}. A timer that is gone, or not yet due, is no error."""

    timer_id: UUID


@dataclass(frozen=True, slots=True)
class PostponeTimer:
    """Firing failed unexpectedly: try again later instead of at every look. Answer: {due_at}."""

    timer_id: UUID
    message: str


def fire_timer(command: FireTimer, ctx: Context) -> Answer:
    row = find_timer(ctx, command.timer_id)
    return {"fired": row is not None and fire_if_due(ctx, row, ctx.now)}


def find_timer(ctx: Context, timer_id: UUID) -> AnyRow | None:
    return ctx.db.execute(_FIND, {"agency": ctx.actor.agency_id, "this": timer_id}).first()


def fire_if_due(ctx: Context, row: AnyRow, until: datetime) -> bool:
    """Fire a timer that is due at `until` or before. False: another was faster."""
    held = hold_root(ctx, row.root_id)
    # Whoever deletes the row fires the timer: a second clock deletes nothing.
    key = {"agency": row.agency_id, "this": row.id}
    if ctx.db.execute(_TAKE, {**key, "now": until}).rowcount == 0:
        return False
    _FIRE[row.kind](ctx, held, row)
    save(ctx, held)
    return True


def _fire_token(ctx: Context, held: Held, row: AnyRow) -> None:
    advance = move(ctx, held, fire_token, row.token)
    data = {"timer_id": row.id, "due_at": row.due_at, "occurrence": row.occurrence}
    record(ctx, held, "timer.fired", element_id=row.element_id, data=data)
    apply(ctx, held, advance)


def _remind(ctx: Context, held: Held, row: AnyRow) -> None:
    """Remind once, however many reminders have come due while no clock ran."""
    due = {"agency": held.agency_id, "task": row.task_id, "now": ctx.now}
    occurrence = max(row.occurrence, ctx.db.execute(_LATEST, due).scalar_one() or 0)
    ctx.db.execute(_DROP_OTHERS, due)
    found = task_row_of(ctx, held, row.task_id)
    record_of_task(ctx, held, "task.reminded", found, {"occurrence": occurrence})
    ref = task_ref(held, found)
    held.news.append(TaskReminded(ref, candidates_of(found), found["assignee"], occurrence))


def _escalate(ctx: Context, held: Held, row: AnyRow) -> None:
    found = task_row_of(ctx, held, row.task_id)
    added = _superior(ctx, held, found)
    if added:
        _add(ctx, held, found, added)
    data = {"to": [candidate.principal for candidate in added]}
    record_of_task(ctx, held, "task.escalated", found, data)
    ref = task_ref(held, found)
    held.news.append(TaskEscalated(ref, candidates_of(found), found["assignee"], added))


def _superior(ctx: Context, held: Held, row: Mapping[str, Any]) -> list[Candidate]:
    """Whom the task goes up to: the post above whoever has it, or above its candidates."""
    directory = ctx.services.directory
    if row["escalate"] != "superior":
        wanted = {row["escalate"]}
    else:
        above = (
            directory.superior(ctx.db, held.agency_id, name, ctx.now)
            for name in _responsible(ctx, held, row)
        )
        wanted = {principal for principal in above if principal is not None}
    present = {candidate.principal for candidate in candidates_of(row)}
    known = directory.describe(ctx.db, held.agency_id, sorted(wanted - present))
    return [known[principal] for principal in sorted(known)]


def _responsible(ctx: Context, held: Held, row: Mapping[str, Any]) -> list[str]:
    if row["assignee"] is not None:
        return [row["assignee"]]
    principals = [candidate.principal for candidate in candidates_of(row)]
    return sorted(ctx.services.directory.who_can_act(ctx.db, held.agency_id, principals, ctx.now))


def _add(ctx: Context, held: Held, row: dict[str, Any], added: list[Candidate]) -> None:
    fresh = [candidate.stored for candidate in added]
    add_candidates(ctx, held, [row | {"candidates": fresh, "excluded": []}])
    row["candidates"] = [*row["candidates"], *fresh]
    key = {"agency": held.agency_id, "this": row["id"]}
    ctx.db.execute(_ADD_TO_TASK, {**key, "new_candidates": row["candidates"]})


_FIRE = {TOKEN: _fire_token, REMINDER: _remind, ESCALATION: _escalate}


def postpone_timer(command: PostponeTimer, ctx: Context) -> Answer:
    row = find_timer(ctx, command.timer_id)
    if row is None:
        raise NotFound(f"Expected the id of a timer, but found none with {command.timer_id}.")
    due = ctx.now + pause(row.failures + 1, row.id)
    key = {"agency": row.agency_id, "this": row.id}
    ctx.db.execute(_POSTPONE, {**key, "due": due})
    return {"due_at": due}


HANDLERS: dict[type, Handler] = {FireTimer: fire_timer, PostponeTimer: postpone_timer}
