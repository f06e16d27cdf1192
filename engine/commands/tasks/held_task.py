"""A task under its instance's lock: who may act on it, and in which state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor, Authority
from engine.bus import Context
from engine.commands.turn.closing import live_tasks, task_row_of
from engine.commands.turn.held import Held, hold_by_task, hold_by_task_with_live
from engine.commands.turn.opening import list_anew
from engine.errors import Conflict, Forbidden
from engine.models.taking import authority_for
from engine.models.task import CLAIMED, LIFECYCLE, LIVE, task

_THIS = sa.and_(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))

_HOLD = (
    task.update()
    .where(_THIS)
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("state", "assignee", "claimed_at", "on_behalf_of", "instrument_id")
        }
    )
)

Row = dict[str, Any]


@dataclass(slots=True)
class HeldTask:
    """`row` are the task's columns as they are now, changed as the command goes on.

    `holds` is the context's count when it was loaded.
    """

    held: Held
    row: Row
    holds: int

    @property
    def id(self) -> UUID:
        found: UUID = self.row["id"]
        return found


def hold_task(ctx: Context, task_id: UUID) -> HeldTask:
    """The instance first, then the task: read after the wait, so it is as the last one left it."""
    held = hold_by_task(ctx, task_id)
    return HeldTask(held, task_row_of(ctx, held, task_id), ctx.holds)


def hold_with_siblings(ctx: Context, task_id: UUID) -> HeldTask:
    """The same, with every live task of the instance: by one statement, where both are needed."""
    held = hold_by_task_with_live(ctx, task_id)
    live_tasks(ctx, held)
    row = (held.live or {}).get(task_id) or task_row_of(ctx, held, task_id)
    return HeldTask(held, row, ctx.holds)


def check_actor(actor: Actor, row: Mapping[str, Any]) -> Authority:
    """The authority to act on the task, or the reason why not: first the right, then the state."""
    if actor.username in row["excluded"]:
        raise Forbidden(
            f"Expected someone else to do {row['name']!r}: {actor.username} may not, because of"
            " what they did before (separation of duties).",
            code="excluded",
        )
    authority = authority_for(actor, row)
    holds = row["assignee"] == actor.username
    if authority is None and not holds:
        raise Forbidden(
            f"Expected a candidate of {row['name']!r}, but {actor.username} is none.",
            code="not_candidate",
        )
    check_live(row)
    if row["state"] == CLAIMED and not holds:
        raise Conflict(
            f"Expected {row['name']!r} to be free, but {row['assignee']} has claimed it.",
            code="task_claimed_by_other",
        )
    return authority or Authority(row["instrument_id"], row["on_behalf_of"])


def check_may_act(ctx: Context, work: HeldTask) -> Authority:
    """The same, and whoever acts by an order does so within it: who claimed the task under one that
    has ended since does nothing with it any more. Nor does who is not cleared for a secret case.
    """
    authority = check_actor(ctx.actor, work.row)
    check_cleared(ctx, work)
    if authority.instrument_id is None:
        return authority
    found = ctx.services.mandates.covering(ctx.db, ctx.actor, ctx.now, authority, work.held.root_id)
    if found is None:
        raise Forbidden(
            f"Expected {ctx.actor.username} to act for {authority.on_behalf_of} by an order in"
            f" force that covers this case, but none does. Leave {work.row['name']!r} to the"
            " holder of the post, or have an order recorded.",
            code="no_authority",
        )
    return found


def check_cleared(ctx: Context, work: HeldTask) -> None:
    """Let pass whoever the secrecy of the case does not keep out."""
    ctx.services.clearances.check(ctx.db, ctx.actor, work.held.business_key)


def check_live(row: Mapping[str, Any]) -> None:
    if row["state"] not in LIVE:
        raise Conflict(
            f"Expected {row['name']!r} to be open, but it is {row['state']} already.",
            code="task_not_open",
        )


def shift(row: Row, verb: str) -> None:
    """Change the state as the lifecycle allows."""
    to = LIFECYCLE[row["state"]].get(verb)
    if to is None:
        raise Conflict(
            f"Expected a task that one can {verb}, but {row['name']!r} is {row['state']}.",
            code="task_not_open" if row["state"] not in LIVE else "rejected",
        )
    row["state"] = to


def write_holder(ctx: Context, row: Row) -> None:
    """Write who holds the task now."""
    key = {"agency": row["agency_id"], "this": row["id"]}
    names = ("state", "assignee", "claimed_at", "on_behalf_of", "instrument_id")
    ctx.db.execute(_HOLD, key | {f"new_{name}": row[name] for name in names})
    list_anew(ctx, row)
