"""What rooms of the office add to a case's own history, so that its chain covers their work too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.bus import Context
from engine.commands.turn.afterwards import hold_archived, save_archived
from engine.commands.turn.chain import record
from engine.commands.turn.held import hold_instance, save
from engine.errors import NotFound


def vouch(
    ctx: Context,
    instance_id: UUID,
    type_: str,
    data: Mapping[str, Any],
    *,
    element_id: str | None = None,
    task_id: UUID | None = None,
) -> None:
    """One more event in the instance's history, in this transaction, archived or not. For
    listeners, and for commands that hold no instance of their own at that moment.
    """
    keep = save
    try:
        held = hold_instance(ctx, instance_id)
    except NotFound:
        held, keep = hold_archived(ctx, instance_id), save_archived
    record(
        ctx, held, type_,
        instance_id=instance_id, element_id=element_id, task_id=task_id, data=data,
    )  # fmt: skip
    keep(ctx, held)
