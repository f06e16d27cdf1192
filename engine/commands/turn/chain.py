"""Writing history: each event numbered and chained to the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import jsonio
from engine.actor import Authority
from engine.bus import Context
from engine.commands.turn.held import Held
from engine.models.history import link, stored
from engine.models.packing import shown

OWN_RIGHT = Authority()


def record(
    ctx: Context,
    held: Held,
    type_: str,
    *,
    instance_id: UUID | None = None,
    element_id: str | None = None,
    task_id: UUID | None = None,
    authority: Authority = OWN_RIGHT,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the instance's history; `held.save` writes it."""
    event: dict[str, Any] = {
        "agency_id": held.agency_id,
        "root_id": held.root_id,
        "seq": held.seq + 1,
        "instance_id": instance_id or held.root_id,
        "at": ctx.now,
        "type": type_,
        "element_id": element_id,
        "task_id": task_id,
        "actor": ctx.actor.username,
        "on_behalf_of": authority.on_behalf_of,
        "instrument_id": authority.instrument_id,
        "data": _written(data or {}),
    }
    held.head = event["hash"] = link(held.head, event)
    held.seq += 1
    held.history.append(stored(event))


def _written(data: Mapping[str, Any]) -> str:
    """The event's data as JSON; variables may hold what only FEEL has."""
    if "variables" in data:
        data = {**data, "variables": shown(data["variables"])}
    return jsonio.dumps(data)


def record_of_task(
    ctx: Context,
    held: Held,
    type_: str,
    row: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    authority: Authority = OWN_RIGHT,
) -> None:
    """The same for an event of one task."""
    record(
        ctx,
        held,
        type_,
        instance_id=row["instance_id"],
        element_id=row["element_id"],
        task_id=row["id"],
        authority=authority,
        data=data,
    )
