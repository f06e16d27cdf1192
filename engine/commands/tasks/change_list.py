"""Changing who takes part while a multi-instance runs: one comes in late, one withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context
from engine.commands import checks
from engine.commands.tasks.held_task import check_live, hold_task
from engine.commands.turn.applying import apply
from engine.commands.turn.chain import record_of_task
from engine.commands.turn.held import save
from engine.commands.turn.moving import move
from engine.commands.turn.opening import Because
from engine.models.granting import demand_reach
from engine.models.packing import shown
from engine.runtime import change_list as change_in_process

#: items that one command adds or withdraws
MOST = 1_000


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Add items to the end of the list that the task's multi-instance goes through, and withdraw
    others, begun or not; what they have given stays only where they are done. Conflict where there
    is no such list, an item has no turn left, or nobody would remain.

    Right: reassign or operate, or a grant to administer the case's process. Answer: {task_id,
    added, withdrawn}.
    """

    task_id: UUID
    reason: str
    add: Sequence[Any] = ()
    withdraw: Sequence[Any] = ()


def change_list(command: ChangeList, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate", "reassign")
    reason = checks.text(command.reason, "reason")
    _check_items(command)
    work = hold_task(ctx, command.task_id)
    mine.check(work.held.root.definition.key)
    check_live(work.row)
    added, withdrawn = list(command.add), list(command.withdraw)
    advance = move(ctx, work.held, change_in_process, work.row["token"], added, withdrawn)
    data = {**shown({"add": added, "withdraw": withdrawn}), "reason": reason}
    record_of_task(ctx, work.held, "list.changed", work.row, data)
    apply(ctx, work.held, advance, Because(reason=reason if added else None, said=reason))
    save(ctx, work.held)
    return {"task_id": str(work.id), "added": len(added), "withdrawn": len(withdrawn)}


def _check_items(command: ChangeList) -> None:
    if not command.add and not command.withdraw:
        raise checks.refused("add", "required", "Expected items to add or withdraw, but got none.")
    for field, items in (("add", command.add), ("withdraw", command.withdraw)):
        if len(items) > MOST:
            raise checks.refused(
                field, "too_many", f"Expected at most {MOST} items, but got {len(items)}."
            )
        checks.variables({field: list(items)})
