"""An advance of engine.runtime made into rows, and what follows from it in the same turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from engine.actor import Actor, Authority
from engine.bus import Context
from engine.commands.turn import calls, closing, routing, waits
from engine.commands.turn.chain import OWN_RIGHT, record, record_of_task
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import raise_stuck, resolve
from engine.commands.turn.moving import move
from engine.commands.turn.opening import NEW, Because, first_outcome, open_tasks
from engine.commands.turn.todo import Deliver, PassBy
from engine.events import InstanceEnded
from engine.models.instance import COMPLETED
from engine.runtime import Advance, TokenGone, complete_task, correlate


def apply(
    ctx: Context, held: Held, advance: Advance, because: Because = NEW, told: str | None = None
) -> None:
    """Everything that `advance` says, and everything that follows from it on this instance.

    What the element `told` set is in its own event already.
    """
    if told is not None:
        kept = tuple(change for change in advance.changes if change.element_id != told)
        advance = replace(advance, changes=kept)
    _apply_one(ctx, held, advance, because, 0)
    delivered = 0
    while held.todo:
        delivered += 1
        further = _carry_out(ctx, held, held.todo.popleft())
        if further is not None:
            _apply_one(ctx, held, further, NEW, delivered)


def _apply_one(
    ctx: Context, held: Held, advance: Advance, because: Because, delivered: int
) -> None:
    calls.begin(ctx, held, advance.calls)
    _take(held, advance)
    _trace(ctx, held, advance)
    closing.close_tasks(ctx, held, advance.closed, because.said or "")
    waits.drop(
        ctx,
        held,
        jobs_=advance.jobs_dropped,
        timers=advance.timers_dropped,
        subscriptions=advance.subscriptions_dropped,
    )
    resolve(ctx, held, tokens=advance.freed)
    open_tasks(ctx, held, advance.opened, because)
    waits.add_jobs(ctx, held, advance.jobs)
    waits.add_timers(ctx, held, advance.timers)
    waits.subscribe(ctx, held, advance.subscriptions)
    raise_stuck(ctx, held, advance.stuck)
    calls.end(ctx, held, advance.calls_ended)
    routing.route(ctx, held, advance.thrown, delivered)
    if advance.status == "completed":
        _complete(ctx, held, advance)


def _take(held: Held, advance: Advance) -> None:
    held.state, held.moved = advance.state, True
    if advance.title is not None:
        held.title = advance.title
    for scope, variables in advance.variables.items():
        process = held.processes[scope]
        if process.variables != variables:
            process.variables, process.changed = variables, True


def _trace(ctx: Context, held: Held, advance: Advance) -> None:
    """One event for the way taken in each process, one for what each element set."""
    for scope, steps in groupby(advance.steps, key=lambda step: step.scope):
        way = [[step.kind, step.element_id] for step in steps]
        record(
            ctx,
            held,
            "token.moved",
            instance_id=held.processes[scope].instance_id,
            data={"steps": way},
        )
    changes = groupby(advance.changes, key=lambda change: (change.scope, change.element_id))
    for (scope, element_id), changed in changes:
        record(
            ctx,
            held,
            "variable.set",
            instance_id=held.processes[scope].instance_id,
            element_id=element_id,
            data={"variables": {change.name: change.value for change in changed}},
        )


def _complete(ctx: Context, held: Held, advance: Advance) -> None:
    resolve(ctx, held, all_=True)
    held.root.status, held.root.ended = COMPLETED, True
    record(ctx, held, "instance.completed", data=_end(advance))
    held.news.append(
        InstanceEnded(
            held.agency_id,
            held.root_id,
            held.root.definition.key,
            held.business_key,
            COMPLETED,
            advance.end_element,
            ctx.actor,
        )
    )


def _end(advance: Advance) -> Mapping[str, Any]:
    return {"end_element": advance.end_element} if advance.end_element else {}


def _carry_out(ctx: Context, held: Held, task: Any) -> Advance | None:
    """None where the token no longer waits: something else in this turn took it away."""
    try:
        match task:
            case PassBy():
                return _pass_by(ctx, held, task)
            case Deliver():
                return deliver(ctx, held, task)
            case _:
                raise AssertionError(task)
    except TokenGone:
        return None


def _pass_by(ctx: Context, held: Held, passing: PassBy) -> Advance:
    row, deed = passing.row, passing.deed
    outcome = first_outcome(row)
    advance = move(ctx, held, complete_task, row["token"], {}, outcome)
    told = {"because": "same_person", "by": passing.who, "did": deed.element_id}
    record_of_task(ctx, held, "task.skipped", row, told)
    closing.complete(
        ctx, held, row, outcome=outcome, variables={}, skipped=True, by=_actor(ctx, held, passing),
        authority=_same_authority(passing),
    )  # fmt: skip
    return advance


def _actor(ctx: Context, held: Held, passing: PassBy) -> Actor:
    """Whoever has done it already; a look-up or a timer may be what has led here."""
    if ctx.actor.username == passing.who:
        return ctx.actor
    me = f"person:{passing.who}"
    known = ctx.services.directory.describe(ctx.db, held.agency_id, [me]).get(me)
    return Actor(held.agency_id, None, passing.who, known.name if known else passing.who)


def _same_authority(passing: PassBy) -> Authority:
    """The order by which they did it, where the same post is asked again."""
    deed, asked = passing.deed, passing.row["candidates"]
    if deed.on_behalf_of in [f"{one['kind']}:{one['id']}" for one in asked]:
        return Authority(deed.instrument_id, deed.on_behalf_of)
    return OWN_RIGHT


def deliver(ctx: Context, held: Held, message: Deliver) -> Advance:
    """The message reaches its token; history tells once that has worked."""
    advance = move(ctx, held, correlate, message.token, message.variables)
    record(
        ctx,
        held,
        "message.correlated" if message.key is not None else "signal.received",
        element_id=message.element_id,
        data={"name": message.name, "key": message.key, "variables": message.variables},
    )
    return advance
