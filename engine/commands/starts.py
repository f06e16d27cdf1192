"""Instances that events start: by a message, a signal, at a moment or by a condition, always the
newest version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.retry import pause
from engine.commands.turn.beginning import Beginning, begin, set_off
from engine.commands.turn.chain import record
from engine.commands.turn.held import Definition, save
from engine.errors import Conflict, NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import Reach
from engine.models.starting import CONDITION, IS_MESSAGE_START, SIGNAL, start_event
from engine.models.waiting import message_buffer
from engine.runtime import next_moment

_start, _definition = start_event.c, process_definition.c
_OF_AGENCY = _start.agency_id == sa.bindparam("agency")
_STARTS = (
    sa.select(start_event, _definition.bundle_sha, _definition.deployment_id,
              _definition.name.label("title"))
    .join(process_definition, _definition.id == _start.definition_id)
    .where(_OF_AGENCY)
)  # fmt: skip
_BY_MESSAGE = _STARTS.where(IS_MESSAGE_START, _start.name == sa.bindparam("name"))
_BY_SIGNAL = _STARTS.where(
    _start.kind == SIGNAL,
    _start.name == sa.bindparam("name"),
    _start.definition_key == sa.bindparam("key"),
)
_BY_CONDITION = _STARTS.where(
    _start.kind == CONDITION,
    _start.definition_key == sa.bindparam("key"),
    _start.element_id == sa.bindparam("element"),
)
_BY_ID = _STARTS.where(_start.id == sa.bindparam("this"))
_THIS = sa.and_(_OF_AGENCY, _start.id == sa.bindparam("this"))
_MOVE_ON = (
    start_event.update()
    .where(_THIS, _start.due_at <= sa.bindparam("now"))
    .values(due_at=sa.bindparam("due"), running=sa.bindparam("run"), failures=0)
)
_POSTPONE = (
    start_event.update()
    .where(_THIS)
    .values(failures=_start.failures + 1, due_at=sa.bindparam("due"))
)
_KEPT = sa.and_(
    message_buffer.c.agency_id == sa.bindparam("agency"),
    message_buffer.c.id == sa.bindparam("this"),
)
_FIND_KEPT = sa.select(message_buffer).where(
    _KEPT, message_buffer.c.expires_at > sa.bindparam("now")
)
_TAKE_KEPT = message_buffer.delete().where(_KEPT)


@dataclass(frozen=True, slots=True)
class StartBySignal:
    """A thrown signal begins this process; by the system. Answer: {instance: id or None}: None
    where its newest version no longer listens.
    """

    definition_key: str
    name: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StartByCondition:
    """The condition of a start event has come true of these facts; by the system. Answer:
    {instance: id or None}: None where the newest version no longer has it.
    """

    definition_key: str
    element_id: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StartKept:
    """A kept message starts a process that did not listen, or whose instance still ran, when it
    came. Answer: {instance: id or None}; Conflict (start_running) while that instance runs.
    """

    message_id: UUID


@dataclass(frozen=True, slots=True)
class FireStart:
    """A timer start is due. Answer: {fired, instance}. One that is gone, or not yet due, is no
    error.
    """

    start_id: UUID


@dataclass(frozen=True, slots=True)
class PostponeStart:
    """Starting failed unexpectedly: try again later. Answer: {due_at}."""

    start_id: UUID
    message: str


def by_message(
    ctx: Context, name: str, key: str, variables: Mapping[str, Any], mine: Reach | None = None
) -> UUID | None:
    """The instance that the message starts. None where it starts no process (of those that `mine`
    reaches over), or where the one that it started with this key still runs.
    """
    row = ctx.db.execute(_BY_MESSAGE, {"agency": ctx.actor.agency_id, "name": name}).first()
    if row is None or (mine is not None and not mine.over(row.definition_key)):
        return None
    data = {"name": name, "key": key, "variables": variables}
    return _begin(ctx, row, "message.correlated", data, variables, key=key or None)


def _begin(
    ctx: Context,
    row: AnyRow,
    event: str,
    data: Mapping[str, Any],
    variables: Mapping[str, Any],
    *,
    key: str | None = None,
) -> UUID | None:
    definition = Definition(
        row.definition_id, row.definition_key, row.bundle_sha, row.deployment_id
    )
    message = row.name if key is not None else None
    held = begin(ctx, Beginning(definition, row.title, key, variables, message=message))
    if held is None:
        return None
    record(ctx, held, event, element_id=row.element_id, data=data)
    set_off(ctx, held, row.element_id)
    save(ctx, held)
    return held.root_id


def start_by_signal(command: StartBySignal, ctx: Context) -> Answer:
    where = {
        "agency": ctx.actor.agency_id, "name": command.name, "key": command.definition_key,
    }  # fmt: skip
    row = ctx.db.execute(_BY_SIGNAL, where).first()
    if row is None:
        return {"instance": None}
    data = {"name": command.name, "variables": command.variables}
    return {"instance": _begin(ctx, row, "signal.received", data, command.variables)}


def start_by_condition(command: StartByCondition, ctx: Context) -> Answer:
    where = {
        "agency": ctx.actor.agency_id,
        "key": command.definition_key,
        "element": command.element_id,
    }
    row = ctx.db.execute(_BY_CONDITION, where).first()
    if row is None:
        return {"instance": None}
    return {"instance": _begin(ctx, row, "condition.held", {"facts": command.facts}, command.facts)}


def start_kept(command: StartKept, ctx: Context) -> Answer:
    key = {"agency": ctx.actor.agency_id, "this": command.message_id}
    kept = ctx.db.execute(_FIND_KEPT, {**key, "now": ctx.now}).first()
    # Whoever deletes the row has the message: an instance may just have begun to wait for it.
    if kept is None or ctx.db.execute(_TAKE_KEPT, key).rowcount == 0:
        return {"instance": None}
    ctx.hops = kept.hops
    started = by_message(ctx, kept.name, kept.key, kept.variables)
    if started is None:
        raise Conflict(
            f"Expected message {kept.name!r} to start a process, but its instance with the key"
            f" {kept.key!r:.80} still runs, or none listens any more. The message stays kept.",
            code="start_running",
        )
    return {"instance": started}


def fire_start(command: FireStart, ctx: Context) -> Answer:
    row = find_start(ctx, command.start_id)
    if row is None or row.due_at is None:
        return {"fired": False}
    return start_if_due(ctx, row, ctx.now)


def find_start(ctx: Context, start_id: UUID) -> AnyRow | None:
    return ctx.db.execute(_BY_ID, {"agency": ctx.actor.agency_id, "this": start_id}).first()


def start_if_due(ctx: Context, row: AnyRow, until: datetime) -> Answer:
    """Start the process of a timer start that is due at `until` or before."""
    following = next_moment(row.running, ctx.now)
    key = {"agency": row.agency_id, "this": row.id}
    values = {"now": until, "due": following and following["due"], "run": following}
    # Whoever moves the row on fires it: a second clock finds the next occurrence, a newer
    # deployment nothing.
    if ctx.db.execute(_MOVE_ON, {**key, **values}).rowcount == 0:
        return {"fired": False}
    running = row.running
    data = {"timer_id": row.id, "due_at": running["due"], "occurrence": running["n"]}
    return {"fired": True, "instance": _begin(ctx, row, "timer.fired", data, {})}


def postpone_start(command: PostponeStart, ctx: Context) -> Answer:
    row = find_start(ctx, command.start_id)
    if row is None:
        raise NotFound(f"Expected the id of a timer start, but found none with {command.start_id}.")
    due = ctx.now + pause(row.failures + 1, row.id)
    key = {"agency": row.agency_id, "this": row.id}
    ctx.db.execute(_POSTPONE, {**key, "due": due})
    return {"due_at": due}


HANDLERS: dict[type, Handler] = {
    StartBySignal: start_by_signal,
    StartByCondition: start_by_condition,
    StartKept: start_kept,
    FireStart: fire_start,
    PostponeStart: postpone_start,
}
