"""Starting and cancelling process instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks, forms
from engine.commands.turn import ending
from engine.commands.turn.beginning import Beginning, begin, set_off
from engine.commands.turn.closing import live_tasks
from engine.commands.turn.held import Definition, Held, hold_instance, save
from engine.commands.turn.moving import bundle_of
from engine.commands.turn.news import task_shape
from engine.errors import Conflict, Forbidden, NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import START, granted, reach
from engine.models.taking import may_act
from engine.models.task import task
from engine.runtime import Bundle

_definition = process_definition.c
_DEFINITION = (
    sa.select(process_definition)
    .where(_definition.agency_id == sa.bindparam("agency"), _definition.key == sa.bindparam("key"))
    .order_by(_definition.version.desc())
    .limit(1)
)
_LIVE = _DEFINITION.where(_definition.withdrawn_at.is_(None))
_VERSION = _DEFINITION.where(_definition.version == sa.bindparam("version"))
_OTHERS_ACTED = (
    sa.select(task.c.id)
    .where(
        task.c.agency_id == sa.bindparam("agency"),
        task.c.root_id == sa.bindparam("root"),
        task.c.completed_by.is_not(None),
        task.c.completed_by != sa.bindparam("starter"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class StartInstance:
    """Answer: {id, status, definition_id, definition_key, business_key, title, tasks, next}:
    `tasks` are open now, and `next` those of them that the actor may do.
    """

    definition_key: str
    version: int | None = None
    business_key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelInstance:
    """Answer: {id, status}. Right: operate, or a grant to administer its process; the starter may
    while nobody else has completed a task in it.
    """

    instance_id: UUID
    reason: str


def start_instance(command: StartInstance, ctx: Context) -> Answer:
    found = _find(ctx, command)
    _check_may_start(ctx, found.start_role, found.key)
    definition = Definition(found.id, found.key, found.bundle_sha, found.deployment_id)
    bundle = bundle_of(ctx, definition)
    _check_startable(bundle, found.key)
    _check_not_internal(ctx, bundle, command)
    variables = _clean(ctx, bundle, found, command.variables)
    held = begin(ctx, _wanted(ctx, command, definition, found.name, variables))
    assert held is not None, "only a message finds its instance running already"
    if found.start_form is not None:
        forms.hold_files(ctx, bundle, found.start_form, variables, held.root_id)
    set_off(ctx, held)
    answer = _answer(ctx, held)
    save(ctx, held)
    return answer


def _find(ctx: Context, command: StartInstance) -> AnyRow:
    key = {"agency": ctx.actor.agency_id, "key": command.definition_key}
    if command.version is None:
        found = ctx.db.execute(_LIVE, key).first() or ctx.db.execute(_DEFINITION, key).first()
    else:
        found = ctx.db.execute(_VERSION, {**key, "version": command.version}).first()
    if found is None:
        wanted = f" in version {command.version}" if command.version is not None else ""
        raise NotFound(
            f"Expected a process {command.definition_key!r:.80}{wanted}, but none is deployed.",
            code="definition_not_found",
        )
    if found.withdrawn_at is not None:
        raise _withdrawn(found, command.version)
    return found


def _withdrawn(found: AnyRow, version: int | None) -> Conflict:
    since = f"{found.withdrawn_at:%Y-%m-%d %H:%M} UTC"
    if version is None:
        return Conflict(
            f"Expected a version of {found.key!r:.80} to start, but all are withdrawn, the newest"
            f" ({found.version}) since {since}. Ask whoever has the right deploy to restore one,"
            " or to deploy a newer one.",
            code="definition_withdrawn",
        )
    return Conflict(
        f"Expected a version of {found.key!r:.80} that can be started, but version {version} is"
        f" withdrawn since {since}. Start the newest by naming no version, or ask whoever has the"
        " right deploy to restore this one.",
        code="definition_withdrawn",
    )


def _check_may_start(ctx: Context, role: str | None, key: str) -> None:
    actor = ctx.actor
    if role is None or actor.is_system or actor.may("everything"):
        return
    if f"role:{role}" in actor.principals:
        return
    if key not in granted(ctx.db, actor, START):
        raise Forbidden(
            f"Expected the role {role!r} to start {key!r}, or a grant of it, but {actor.username}"
            " has neither.",
            code="not_starter",
        )


def _check_startable(bundle: Bundle, key: str) -> None:
    if not bundle.processes[key].startable:
        raise Conflict(
            f"Expected a process with a plain start event, but only events start {key!r}."
            " Send the message that starts it, or wait for its moment.",
            code="started_by_events",
        )


def _check_not_internal(ctx: Context, bundle: Bundle, command: StartInstance) -> None:
    """An older version is no way around the newest one's word."""
    if ctx.depth > 0:
        return
    key = command.definition_key
    internal = bundle.processes[key].internal
    if not internal and command.version is not None:
        newest = _find(ctx, replace(command, version=None))
        last = Definition(newest.id, newest.key, newest.bundle_sha, newest.deployment_id)
        internal = bundle_of(ctx, last).processes[key].internal
    if internal:
        raise Forbidden(
            f"Expected a process that people start, but {key!r} is internal: Saraban starts it as"
            " part of something else. A letter's route, say, starts with its letter.",
            code="internal_process",
        )


def _clean(
    ctx: Context, bundle: Bundle, found: AnyRow, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    checks.variables(variables)
    if found.start_form is not None:
        return forms.clean(ctx, bundle, found.start_form, variables, {})
    if ctx.depth == 0:
        forms.check_free(variables, bundle, found.key, {})
    return variables


def _wanted(
    ctx: Context,
    command: StartInstance,
    definition: Definition,
    name: str,
    variables: Mapping[str, Any],
) -> Beginning:
    key = command.business_key
    if key is not None:
        key = checks.text(key, "business_key", limit=checks.MAX_NAME)
    starter = None if ctx.actor.is_system else ctx.actor.username
    return Beginning(definition, name, key, variables, starter)


def _answer(ctx: Context, held: Held) -> Answer:
    live = live_tasks(ctx, held)
    return {
        "id": held.root_id,
        "status": held.root.status,
        "definition_id": held.root.definition.id,
        "definition_key": held.root.definition.key,
        "business_key": held.business_key,
        "title": held.title,
        "tasks": [task_shape(held, row) for row in live],
        "next": [task_shape(held, row) for row in live if may_act(ctx.actor, row)],
    }


def cancel_instance(command: CancelInstance, ctx: Context) -> Answer:
    reason = checks.text(command.reason, "reason")
    held = hold_instance(ctx, command.instance_id)
    if held.root_id != command.instance_id:
        raise Conflict(
            "Expected a root instance to cancel, but this one was called by another."
            f" Cancel {held.root_id}.",
            code="not_root",
        )
    _check_may_cancel(ctx, held)
    if not held.alive:
        raise Conflict(
            f"Expected an instance that still runs, but it is {held.root.status}.",
            code="instance_ended",
        )
    ending.cancel(ctx, held, reason)
    save(ctx, held)
    return {"id": held.root_id, "status": held.root.status}


def _check_may_cancel(ctx: Context, held: Held) -> None:
    if reach(ctx.db, ctx.actor, "operate").over(held.root.definition.key):
        return
    if held.starter != ctx.actor.username:
        raise Forbidden(
            "Expected the starter, the right operate, or a grant to administer the process, to"
            " cancel an instance."
        )
    key = {"agency": held.agency_id, "root": held.root_id, "starter": held.starter}
    if ctx.db.execute(_OTHERS_ACTED, key).first() is not None:
        raise Forbidden(
            "Expected to cancel an instance in which nobody else has acted, but someone has."
            " Ask whoever has the right operate, or administers the process."
        )


HANDLERS: dict[type, Handler] = {StartInstance: start_instance, CancelInstance: cancel_instance}
