"""Changing an instance's variables from outside, where a room keeps what they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.turn.applying import apply
from engine.commands.turn.held import hold_instance, save
from engine.commands.turn.moving import move
from engine.errors import Conflict, Forbidden
from engine.runtime import set_variables as set_in_process


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Set variables of the instance's own process. For commands that carry this out as a part of
    theirs, and for operators. Answer: {id, changed: [name]}.
    """

    instance_id: UUID
    variables: Mapping[str, Any]


def set_variables(command: SetVariables, ctx: Context) -> Answer:
    if ctx.depth == 0 and not ctx.actor.may("operate"):
        raise Forbidden("Expected an operator to change a case's variables, but this is none.")
    checks.variables(command.variables)
    held = hold_instance(ctx, command.instance_id)
    if not held.alive:
        raise Conflict("Expected a case that is still on its way, but it has ended.")
    scope = held.scope_of(command.instance_id)
    apply(ctx, held, move(ctx, held, set_in_process, scope, command.variables))
    save(ctx, held)
    return {"id": str(command.instance_id), "changed": sorted(command.variables)}


HANDLERS: dict[type, Handler] = {SetVariables: set_variables}
