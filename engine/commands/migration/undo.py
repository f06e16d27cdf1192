"""Going back to the version before, while nothing has moved since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.migration import rows
from engine.commands.migration.migrate import check_version, held_root, version_moved
from engine.commands.migration.retelling import TOLD, index_candidates, replace_timers, write
from engine.commands.turn.applying import apply
from engine.commands.turn.chain import record
from engine.commands.turn.closing import live_tasks
from engine.commands.turn.held import Definition, Held, save
from engine.commands.turn.incidents import resolve
from engine.commands.turn.news import candidates_of, task_ref
from engine.errors import Conflict
from engine.events import TaskRetold
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.history import history_event
from engine.models.migration import instance_migration

_migration = instance_migration.c
_LAST = (
    sa.select(instance_migration)
    .where(
        _migration.agency_id == sa.bindparam("agency"),
        _migration.root_id == sa.bindparam("root"),
        _migration.undone_at.is_(None),
    )
    .order_by(_migration.id.desc())
    .limit(1)
)
_MOVED_SINCE = (
    sa.select(history_event.c.seq)
    .where(
        history_event.c.agency_id == sa.bindparam("agency"),
        history_event.c.root_id == sa.bindparam("root"),
        history_event.c.type == "token.moved",
        history_event.c.seq > sa.bindparam("after"),
    )
    .limit(1)
)
_MARK = (
    instance_migration.update()
    .where(_migration.agency_id == sa.bindparam("agency"), _migration.id == sa.bindparam("this"))
    .values(undone_at=sa.bindparam("now"), undone_by=sa.bindparam("by"), state=None, rows=None)
)
_DEFINITIONS = sa.select(process_definition).where(
    process_definition.c.agency_id == sa.bindparam("agency"),
    process_definition.c.id.in_(sa.bindparam("ids", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class UndoMigration:
    """Take an instance back to the version before its last migration, as if that had not been.

    Right: as for MigrateInstance. Answer: {id, status, definition_id}. Conflict once the
    instance has moved since (migration_moved), where nothing is left to undo (not_migrated), or
    where the last migration did not go from `source_definition_id` to `target_definition_id`, if
    these are given (version_moved).
    """

    instance_id: UUID
    source_definition_id: UUID | None = None
    target_definition_id: UUID | None = None


def undo_migration(command: UndoMigration, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate") if ctx.depth == 0 else None
    held = held_root(ctx, command.instance_id, mine)
    check_version(held, command.target_definition_id)
    row = _last(ctx, held)
    if command.source_definition_id not in (None, row.from_definition_id):
        raise version_moved()
    kept: Mapping[str, Any] = row.rows
    _check_jobs(ctx, held, kept)
    record(
        ctx, held, "instance.migration_undone",
        data={"from": row.to_definition_id, "to": row.from_definition_id},
    )  # fmt: skip
    _put_back(ctx, held, bytes(row.state), kept)
    values = {"this": row.id, "now": ctx.now, "by": ctx.actor.username}
    ctx.db.execute(_MARK, {"agency": held.agency_id, **values})
    answer = {
        "id": held.root_id,
        "status": held.root.status,
        "definition_id": held.root.definition.id,
    }
    save(ctx, held)
    return answer


def _last(ctx: Context, held: Held) -> AnyRow:
    key = {"agency": held.agency_id, "root": held.root_id}
    row = ctx.db.execute(_LAST, key).first()
    if row is None or row.to_definition_id != held.root.definition.id:
        raise Conflict(
            "Expected an instance that was migrated, but there is nothing to undo.",
            code="not_migrated",
        )
    moved = ctx.db.execute(_MOVED_SINCE, {**key, "after": row.history_seq}).first()
    unlike = hashlib.sha256(held.state).digest() != bytes(row.state_sha256)
    if row.state is None or unlike or moved is not None:
        raise Conflict(
            "Expected an instance that has not moved since it was migrated, but it has."
            " Migrate it to the other version instead.",
            code="migration_moved",
        )
    return row


def _check_jobs(ctx: Context, held: Held, kept: Mapping[str, Any]) -> None:
    if rows.under_way(ctx, held, kept["drop"]["jobs"]):
        raise Conflict(
            "Expected the jobs asked for since to wait, but a worker has one in hand."
            " Try again when it is done.",
            code="job_under_way",
        )


def _put_back(ctx: Context, held: Held, state: bytes, kept: Mapping[str, Any]) -> None:
    advance = rows.way_back(held, state, kept)
    _point_back(ctx, held, kept["processes"])
    resolve(ctx, held, tokens=[*advance.jobs_dropped, *advance.subscriptions_dropped])
    apply(ctx, held, advance)
    rows.rename(ctx, held, kept["names"])
    for old in kept["tasks"]:
        _tell_again(ctx, held, old)


def _point_back(ctx: Context, held: Held, processes: Mapping[str, str]) -> None:
    ids = {UUID(text) for text in processes.values()}
    key = {"agency": held.agency_id, "ids": list(ids)}
    known = {
        row.id: Definition(row.id, row.key, row.bundle_sha, row.deployment_id)
        for row in ctx.db.execute(_DEFINITIONS, key)
    }
    for scope, definition_id in processes.items():
        rows.point(ctx, held, held.processes[scope], known[UUID(definition_id)])


def _tell_again(ctx: Context, held: Held, old: Mapping[str, Any]) -> None:
    """The task says what it said; who has taken it meanwhile keeps it."""
    row = next((row for row in live_tasks(ctx, held) if str(row["id"]) == old["id"]), None)
    if row is None:
        return
    offered = [row["candidates"], row["excluded"]]
    row |= {name: old[name] for name in TOLD}
    write(ctx, row)
    if offered != [row["candidates"], row["excluded"]]:
        index_candidates(ctx, held, row)
    who = candidates_of(row), row["assignee"]
    held.news.append(TaskRetold(task_ref(held, row), *who, frozenset(), ctx.actor))
    if "timers" in old:
        replace_timers(ctx, held, row, [{"id": new_id(), **timer} for timer in old["timers"]])
