"""What this room does when others tell it something, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bus import Context
from engine.events import FreeJobSettled, OperatorTold
from engine.ports import Listener
from office.people.history import record


def free_job_settled(happened: FreeJobSettled, ctx: Context) -> None:
    """No case's history can tell of it; the agency's does."""
    word = f"job.{happened.resolution}"
    record(ctx, word, happened.job_id, action=happened.action, reason=happened.reason)


def operator_told(happened: OperatorTold, ctx: Context) -> None:
    """Who told processes something by hand: a case says what came to it, not by whom."""
    record(ctx, happened.kind, ctx.actor.agency_id, **happened.said)


LISTENERS: dict[type, Sequence[Listener]] = {
    FreeJobSettled: (free_job_settled,),
    OperatorTold: (operator_told,),
}
