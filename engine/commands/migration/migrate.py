"""Taking one running instance to another version of its process, or asking what it would mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.migration import rows
from engine.commands.migration.retelling import retell, retold
from engine.commands.turn.applying import apply
from engine.commands.turn.chain import record
from engine.commands.turn.held import Definition, Held, hold_instance, save
from engine.commands.turn.incidents import resolve
from engine.commands.turn.moving import bundle_of, move
from engine.errors import Cause, Conflict, MigrationRefused, NotFound
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import Reach, demand_reach
from engine.models.migration import instance_migration
from engine.runtime import Bundle, Fate, Migration, Surroundings, migrate
from engine.runtime.values import Advance
from engine.stored import UnusableBundle

_DEFINITION = sa.select(process_definition).where(
    process_definition.c.agency_id == sa.bindparam("agency"),
    process_definition.c.id == sa.bindparam("this"),
)
_ADD = instance_migration.insert()


@dataclass(frozen=True, slots=True)
class MigrateInstance:
    """Take a running instance, with all that it has called, to another version of its process.

    Right: operate, or a grant to administer its process; a batch has its own. `mapping` leads from
    element ids of the old version to other ids in the new. A withdrawn version is refused
    (definition_withdrawn), and so is an instance that is not in `source_definition_id`, where that
    is given (version_moved).

    Answer: {id, status, dry_run, possible, definition_id, definition_version, tokens:
    [{instance_id, element_id, target_element_id, outcome, changes, code, message}]}. A dry run says
    so much and changes nothing. MigrationRefused, with each reason, where a token has no place.
    """

    instance_id: UUID
    target_definition_id: UUID
    dry_run: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    source_definition_id: UUID | None = None


def migrate_instance(command: MigrateInstance, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate") if ctx.depth == 0 else None
    held = held_root(ctx, command.instance_id, mine)
    target, version = _target(ctx, held, command.target_definition_id)
    check_version(held, command.source_definition_id)
    found = _asked(ctx, held, target, command.mapping)
    if found.advance is not None and not command.dry_run:
        _carry_out(ctx, held, target, command.mapping, found, found.advance)
    elif not command.dry_run:
        raise MigrationRefused([_reason(fate) for fate in found.refused])
    answer = _answer(held, target, command, found)
    if not command.dry_run:
        save(ctx, held)
    return answer | {"definition_version": version}


def held_root(ctx: Context, instance_id: UUID, mine: Reach | None) -> Held:
    """`mine`: whose cases the actor keeps; None where an outer command has asked."""
    held = hold_instance(ctx, instance_id)
    if mine is not None:
        mine.check(held.root.definition.key)
    if held.root_id != instance_id:
        raise Conflict(
            "Expected a root instance, but this one was called by another and goes where that"
            f" goes. Migrate {held.root_id}.",
            code="not_root",
        )
    if not held.alive:
        raise Conflict(
            f"Expected an instance that still runs, but it is {held.root.status}.",
            code="instance_ended",
        )
    return held


def check_version(held: Held, wanted: UUID | None) -> None:
    """Whoever decided about an instance in one version did not decide about it in another."""
    if wanted not in (None, held.root.definition.id):
        raise version_moved()


def version_moved() -> Conflict:
    return Conflict(
        "Expected an instance in the version that it was looked at in, but it was migrated since."
        " Look at it anew.",
        code="version_moved",
    )


def _target(ctx: Context, held: Held, definition_id: UUID) -> tuple[Definition, int]:
    row = ctx.db.execute(_DEFINITION, {"agency": held.agency_id, "this": definition_id}).first()
    if row is None:
        raise NotFound(f"Expected the id of a process definition, but {definition_id} is none.")
    if row.key != held.root.definition.key:
        raise Conflict(
            f"Expected another version of {held.root.definition.key!r:.80}, but this is"
            f" {row.key!r:.80}.",
            code="other_process",
        )
    if row.id == held.root.definition.id:
        raise Conflict(
            f"Expected another version, but the instance runs in version {row.version} already.",
            code="same_version",
        )
    check_in_use(row)
    return Definition(row.id, row.key, row.bundle_sha, row.deployment_id), row.version


def check_in_use(row: AnyRow) -> None:
    """What was taken out of use gets nothing new, from wherever it comes."""
    if row.withdrawn_at is not None:
        raise Conflict(
            f"Expected a version in use, but version {row.version} of {row.key!r:.80} is withdrawn"
            f" since {row.withdrawn_at:%Y-%m-%d %H:%M} UTC. Restore it first, or choose another.",
            code="definition_withdrawn",
        )


# -- asking -----------------------------------------------------------------------------------


def _asked(ctx: Context, held: Held, target: Definition, mapping: Mapping[str, str]) -> Migration:
    try:
        new = bundle_of(ctx, target)
    except UnusableBundle as damage:
        raise Conflict(
            f"Expected a version that can be loaded, but: {damage}", code="deployment_damaged"
        ) from damage
    return _at_rest(ctx, held, move(ctx, held, _migrate, new, mapping))


def _migrate(
    old: Bundle,
    state: bytes,
    scopes: Any,
    new: Bundle,
    mapping: Mapping[str, str],
    around: Surroundings,
) -> Migration:
    """`migrate` with the arguments in the order of the other verbs."""
    return migrate(old, new, state, scopes, around, mapping)


def _at_rest(ctx: Context, held: Held, found: Migration) -> Migration:
    """A job that a worker has in hand cannot be asked for otherwise: its deed may be done."""
    advance = found.advance
    busy = rows.under_way(ctx, held, advance.jobs_dropped) if advance else set()
    if not busy:
        return found
    message = "Expected its job to wait, but a worker has it in hand. Try again when it is done."
    fates = [
        replace(fate, outcome="refused", code="job_under_way", message=message)
        if fate.token in busy
        else fate
        for fate in found.fates
    ]
    return Migration(fates)


def _reason(fate: Fate) -> Cause:
    return Cause(fate.code or "", fate.message or "", fate.element_id)


# -- doing ------------------------------------------------------------------------------------


def _carry_out(
    ctx: Context,
    held: Held,
    target: Definition,
    mapping: Mapping[str, str],
    found: Migration,
    advance: Advance,
) -> None:
    source, state, names = held.root.definition, held.state, _names(found.fates)
    kept = _kept(ctx, held, found.fates, advance) if _stood_still(advance) else None
    _tell(ctx, held, target, mapping, found.fates)
    rows.rename(ctx, held, names)
    rows.repoint(ctx, held, target)
    resolve(ctx, held, tokens=_waiting_otherwise(advance))
    apply(ctx, held, advance)
    told = [old for task in found.tasks if (old := retell(ctx, held, task))]
    held.news.extend(retold(ctx, held, found.tasks))
    if kept is not None and held.state == advance.state:
        _keep(ctx, held, source, mapping, state, {**kept, "tasks": told})
    else:
        _keep(ctx, held, source, mapping, None, None)


def _kept(ctx: Context, held: Held, fates: Sequence[Fate], advance: Advance) -> dict[str, Any]:
    """What the way back needs to know, but for the tasks."""
    names = _names(fates)
    return rows.kept_for_undo(ctx, held, advance) | {
        "processes": {scope: str(p.definition.id) for scope, p in held.processes.items()},
        "names": {fate.token: fate.element_id for fate in fates if fate.token in names},
    }


def _waiting_otherwise(advance: Advance) -> Sequence[str]:
    """Tokens whose open incident is about what they do not wait for any more."""
    return (*advance.jobs_dropped, *advance.subscriptions_dropped, *advance.timers_dropped)


def _stood_still(advance: Advance) -> bool:
    """Whether no token went on: a condition that holds, or a join that may fire now, sees to it."""
    return all(step.kind in ("entered", "cancelled") for step in advance.steps)


def _names(fates: Sequence[Fate]) -> dict[str, str]:
    """The tokens that stand at another id now."""
    return {
        fate.token: fate.target_id
        for fate in fates
        if fate.target_id is not None and fate.target_id != fate.element_id
    }


def _tell(
    ctx: Context,
    held: Held,
    target: Definition,
    mapping: Mapping[str, str],
    fates: Sequence[Fate],
) -> None:
    data = {
        "from": held.root.definition.id,
        "to": target.id,
        "mapping": mapping,
        "tokens": [
            [fate.element_id, fate.target_id, fate.outcome, list(fate.changes)] for fate in fates
        ],
    }
    record(ctx, held, "instance.migrated", data=data)


def _keep(
    ctx: Context,
    held: Held,
    source: Definition,
    mapping: Mapping[str, str],
    state: bytes | None,
    kept: Mapping[str, Any] | None,
) -> None:
    """`state` and `kept` are None where there is no way back."""
    row = {
        "id": new_id(),
        "agency_id": held.agency_id,
        "root_id": held.root_id,
        "from_definition_id": source.id,
        "to_definition_id": held.root.definition.id,
        "mapping": mapping,
        "migrated_by": ctx.actor.username,
        "migrated_at": ctx.now,
        "state": state,
        "rows": kept,
        "state_sha256": hashlib.sha256(held.state).digest(),
        "history_seq": held.seq,
        "undone_at": None,
        "undone_by": None,
    }
    ctx.db.execute(_ADD, row)


# -- answering --------------------------------------------------------------------------------


def _answer(held: Held, target: Definition, command: MigrateInstance, found: Migration) -> Answer:
    return {
        "id": held.root_id,
        "status": held.root.status,
        "dry_run": command.dry_run,
        "possible": found.advance is not None,
        "definition_id": target.id,
        "tokens": [_told(held, fate) for fate in found.fates],
    }


def _told(held: Held, fate: Fate) -> dict[str, Any]:
    process = held.processes.get(fate.scope, held.root)
    return {
        "instance_id": process.instance_id,
        "element_id": fate.element_id,
        "target_element_id": fate.target_id,
        "outcome": fate.outcome,
        "changes": list(fate.changes),
        "code": fate.code,
        "message": fate.message,
    }
