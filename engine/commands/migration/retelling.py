"""Open tasks of which another version says something else: the same row, the same holder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.closing import live_tasks
from engine.commands.turn.deadlines import due_at, timer_rows
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import raise_incident, resolve
from engine.commands.turn.moving import LazyWorkingTime
from engine.commands.turn.news import candidates_of, task_ref
from engine.commands.turn.offers import Rules, offers
from engine.commands.turn.opening import add_candidates, list_anew
from engine.events import TaskCreated, TaskRetold
from engine.models.task import OPEN, task, task_candidate
from engine.models.waiting import ESCALATION, timer
from engine.runtime.migration.values import ASSIGNMENT, DUE, REMINDERS, RetoldTask

Row = dict[str, Any]

#: what of a task's row a version says
TOLD = (
    "name", "documentation", "lane", "form", "outcomes", "returns", "act", "escalate", "priority",
    "due_at", "candidates", "excluded",
)  # fmt: skip
#: who has it: not the version's to say, unless it excludes them
_HOLDER = ("state", "assignee", "claimed_at")
_THIS = sa.and_(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
_WRITE = (
    task.update()
    .where(_THIS)
    .values({name: sa.bindparam(f"new_{name}") for name in (*TOLD, *_HOLDER)})
)
_FORGET_CANDIDATES = task_candidate.delete().where(
    task_candidate.c.agency_id == sa.bindparam("agency"),
    task_candidate.c.task_id == sa.bindparam("this"),
)
_OF_TASK = sa.and_(
    timer.c.agency_id == sa.bindparam("agency"), timer.c.task_id == sa.bindparam("this")
)
_TIMERS = sa.select(timer).where(_OF_TASK)
_DROP_TIMERS = timer.delete().where(_OF_TASK)
_ADD_TIMERS = timer.insert()


def retell(ctx: Context, held: Held, told: RetoldTask) -> Row | None:
    """What the row said before; None where the task is not open any more."""
    row = next((r for r in live_tasks(ctx, held) if r["token"] == told.task.token), None)
    if row is None:
        return None
    before = {"id": str(row["id"]), **{name: row[name] for name in TOLD}}
    row |= _sayings(ctx, row, told)
    if ASSIGNMENT in told.changes:
        _offer_anew(ctx, held, row, told)
    write(ctx, row)
    if {DUE, REMINDERS} & told.changes:
        before["timers"] = _set_timers(ctx, held, row, told, before)
    return before


def retold(ctx: Context, held: Held, tasks: Sequence[RetoldTask]) -> Iterator[TaskRetold]:
    """The news for whoever has such a task or may take it."""
    changes = {told.task.token: told.changes for told in tasks if ASSIGNMENT not in told.changes}
    for row in live_tasks(ctx, held):
        if row["token"] in changes:
            who = candidates_of(row), row["assignee"]
            yield TaskRetold(task_ref(held, row), *who, changes[row["token"]], ctx.actor)


def _sayings(ctx: Context, row: Row, told: RetoldTask) -> Row:
    said = asdict(told.task)
    found = {name: said[name] for name in told.changes if name in TOLD}
    found |= {name: list(found[name]) for name in ("outcomes", "returns") if name in found}
    if REMINDERS in told.changes:
        found["escalate"] = told.task.escalate
    if DUE in told.changes:
        # as if the task had come with this deadline
        found["due_at"] = due_at(told.task, row["created_at"], LazyWorkingTime(ctx))
    return found


def write(ctx: Context, row: Mapping[str, Any]) -> None:
    key = {"agency": ctx.actor.agency_id, "this": row["id"]}
    ctx.db.execute(_WRITE, key | {f"new_{name}": row[name] for name in (*TOLD, *_HOLDER)})
    list_anew(ctx, row)


# -- people -----------------------------------------------------------------------------------


def _offer_anew(ctx: Context, held: Held, row: Row, told: RetoldTask) -> None:
    """Whoever has taken the task keeps it, unless the new version excludes them."""
    rules = Rules.of(told.task)
    (made,) = offers(ctx, held, [rules])
    row["candidates"] = [candidate.stored for candidate in made.candidates]
    row["excluded"] = sorted(made.excluded)
    if row["assignee"] in made.excluded:
        row |= {"state": OPEN, "assignee": None, "claimed_at": None}
    index_candidates(ctx, held, row)
    resolve(ctx, held, task_id=row["id"])
    if made.trouble is not None:
        id_ = row["id"]
        raise_incident(ctx, held, row["instance_id"], made.trouble, task_id=id_, memo=rules.memo())
    ref, why = task_ref(held, row), row["because"]
    held.news.append(TaskCreated(ref, made.candidates, why, None, ctx.actor, made.able))


def index_candidates(ctx: Context, held: Held, row: Row) -> None:
    ctx.db.execute(_FORGET_CANDIDATES, {"agency": held.agency_id, "this": row["id"]})
    add_candidates(ctx, held, [row])


# -- deadlines --------------------------------------------------------------------------------


def _set_timers(ctx: Context, held: Held, row: Row, told: RetoldTask, before: Row) -> list[Row]:
    """Reminders whose moment is past do not come; nor does an escalation that has come before."""
    escalated = before["escalate"] and before["due_at"] and before["due_at"] <= ctx.now
    made = timer_rows(told.task, row["id"], row["created_at"], row["due_at"], LazyWorkingTime(ctx))
    wanted = [
        one
        for one in made
        if one["due_at"] > ctx.now or (one["kind"] == ESCALATION and not escalated)
    ]
    return replace_timers(ctx, held, row, wanted)


def replace_timers(ctx: Context, held: Held, row: Row, wanted: list[Row]) -> list[Row]:
    """The timers that the task had before, as plain values."""
    key = {"agency": held.agency_id, "this": row["id"]}
    had = [_plain(one) for one in ctx.db.execute(_TIMERS, key).mappings()]
    ctx.db.execute(_DROP_TIMERS, key)
    if wanted:
        whose = {"agency_id": held.agency_id, "root_id": held.root_id, "task_id": row["id"]}
        ctx.db.execute(_ADD_TIMERS, [one | whose for one in wanted])
    return had


def _plain(row: Mapping[Any, Any]) -> Row:
    moment: datetime = row["due_at"]
    names = ("kind", "token", "element_id", "occurrence", "failures")
    return {"due_at": moment, **{name: row[name] for name in names}}
