"""Called processes: an instance row of their own under the root's lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.chain import record
from engine.commands.turn.held import Definition, Held, Process
from engine.commands.turn.moving import bundle_of
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.instance import ACTIVE, process_instance
from engine.runtime.values import EndedCall, StartedCall

_definition = process_definition.c
_CALLED = (
    sa.select(
        _definition.id, _definition.key, _definition.name, _definition.bundle_sha,
        _definition.deployment_id,
    )
    .where(
        _definition.agency_id == sa.bindparam("agency"),
        _definition.key == sa.bindparam("key"),
        _definition.bundle_sha == sa.bindparam("sha"),
    )
    .order_by(_definition.version.desc())
    .limit(1)
)  # fmt: skip
_ADD = process_instance.insert()


def begin(ctx: Context, held: Held, calls: Sequence[StartedCall]) -> None:
    for call in calls:
        parent = held.processes[call.parent_scope]
        found = called_definition(ctx, call.process_id, parent.definition)
        process = Process(
            new_id(),
            parent.instance_id,
            Definition(found.id, found.key, found.bundle_sha, found.deployment_id),
            call.variables,
        )
        held.processes[call.scope] = process
        ctx.db.execute(_ADD, _row(ctx, held, call, process, found.name))
        record(
            ctx,
            held,
            "instance.started",
            instance_id=process.instance_id,
            data={
                "definition_key": process.definition.key,
                "parent_instance_id": parent.instance_id,
                "called_by": call.element_id,
            },
        )


def called_definition(ctx: Context, process_id: str, caller: Definition) -> AnyRow:
    """The version that calls of this process are pinned to: the caller's deployment says it."""
    sha = bundle_of(ctx, caller).pins.get(process_id, caller.bundle_sha)
    key = {"agency": ctx.actor.agency_id, "key": process_id, "sha": sha}
    return ctx.db.execute(_CALLED, key).one()


def _row(
    ctx: Context, held: Held, call: StartedCall, process: Process, name: str
) -> dict[str, Any]:
    return {
        "id": process.instance_id,
        "agency_id": held.agency_id,
        "root_id": held.root_id,
        "parent_id": process.parent_id,
        "scope": call.scope,
        "definition_id": process.definition.id,
        "business_key": held.business_key,
        "title": held.title or name,
        "status": ACTIVE,
        "starter": held.starter,
        "secrecy": held.secrecy,
        "variables": call.variables,
        "state": None,
        "lock_version": 0,
        "history_seq": 0,
        "history_hash": None,
        "calls": 0,
        "started_at": ctx.now,
        "updated_at": ctx.now,
        "ended_at": None,
    }


def end(ctx: Context, held: Held, ended: Sequence[EndedCall]) -> None:
    for call in ended:
        process = held.processes[call.scope]
        end_process(ctx, held, process, call.status)


def end_process(ctx: Context, held: Held, process: Process, status: str) -> None:
    process.status, process.ended, process.changed = status, True, True
    record(ctx, held, f"instance.{status}", instance_id=process.instance_id)


def instance_ids(held: Held) -> set[UUID]:
    return {process.instance_id for process in held.processes.values()}
