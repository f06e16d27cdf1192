"""Timers that are behind: an operator fires them instead of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.starts import find_start, start_if_due
from engine.commands.timers import find_timer, fire_if_due
from engine.errors import Conflict, NotFound
from engine.models.columns import AnyRow
from engine.models.waiting import LATE


@dataclass(frozen=True, slots=True)
class FireLate:
    """Right: operate. A timer of a case, or one that starts cases, that is late or that the clock
    failed to fire and put off. Answer: {id}.
    """

    timer_id: UUID


def fire_late(command: FireLate, ctx: Context) -> Answer:
    checks.demand(ctx.actor, "operate")
    timer = find_timer(ctx, command.timer_id)
    start = None if timer is not None else find_start(ctx, command.timer_id)
    if timer is not None:
        fired = fire_if_due(ctx, timer, _until(ctx, timer))
    elif start is not None and start.due_at is not None:
        fired = bool(start_if_due(ctx, start, _until(ctx, start))["fired"])
    else:
        raise NotFound(f"Expected the id of a timer, but found none with {command.timer_id}.")
    if not fired:
        raise _not_late()
    return {"id": command.timer_id}


def _until(ctx: Context, row: AnyRow) -> datetime:
    """One that was put off is due later than it should be: its own moment counts as come."""
    due: datetime = row.due_at
    if row.failures:
        return max(due, ctx.now)
    if due > ctx.now - LATE:
        raise _not_late()
    return ctx.now


def _not_late() -> Conflict:
    return Conflict(
        "Expected a timer that is late, but it has fired or will do so in time by itself.",
        code="timer_not_late",
    )


HANDLERS: dict[type, Handler] = {FireLate: fire_late}
