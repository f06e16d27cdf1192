"""The instance that this transaction holds: loaded under its lock, changed here, saved once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from engine.bus import Context
from engine.db import storable
from engine.errors import NotFound
from engine.joint import add_later, later
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.models.instance import ACTIVE, ALIVE, IS_ALIVE, process_instance
from engine.models.task import IS_LIVE, task
from engine.ports import WorkingTime
from engine.rows_as_json import from_json
from engine.runtime.allowance import Allowance
from engine.runtime.values import Scope

_instance, _definition = process_instance.c, process_definition.c
_PROCESS = (
    _instance.id, _instance.root_id, _instance.parent_id, _instance.scope, _instance.variables,
    _instance.status, _definition.id.label("definition_id"), _definition.key,
    _definition.bundle_sha, _definition.deployment_id,
)  # fmt: skip
_HEAD = (
    _instance.business_key, _instance.title, _instance.starter, _instance.state,
    _instance.lock_version, _instance.history_seq, _instance.history_hash, _instance.calls,
    _instance.secrecy,
)  # fmt: skip
_WITH_DEFINITION = sa.join(
    process_instance, process_definition, _definition.id == _instance.definition_id
)
_ROOT = (
    sa.select(*_PROCESS, *_HEAD)
    .select_from(_WITH_DEFINITION)
    .where(_instance.agency_id == sa.bindparam("agency"))
    # The lock of the whole instance. Rows that hang on it are read by a second statement: one
    # that waited here would still see them as they were before the wait.
    .with_for_update(of=process_instance, key_share=True)
)


def _root_behind(column: sa.Column[Any], owner: sa.Column[Any]) -> sa.Select[Any]:
    """The root row of the thing whose id is `id`; the thing itself is not read here."""
    found = sa.select(column).where(
        owner.table.c.agency_id == sa.bindparam("agency"), owner == sa.bindparam("id")
    )
    return _ROOT.where(_instance.id == found.scalar_subquery())


def _with_live_tasks(root: sa.Select[Any]) -> sa.Select[Any]:
    """The same with the instance's live tasks, as one JSON array, and the version that the
    statement saw: another than was locked says that it waited, and that the tasks are stale.
    """
    tasks: sa.ColumnClause[Any] = sa.literal_column("task")
    live = sa.select(
        sa.cast(sa.func.json_agg(aggregate_order_by(tasks, task.c.id)), sa.Text)
    ).where(task.c.agency_id == _instance.agency_id, task.c.root_id == _instance.id, IS_LIVE)
    seen = process_instance.alias("seen")
    version = sa.select(seen.c.lock_version).where(seen.c.id == _instance.id)
    return root.add_columns(
        live.scalar_subquery().label("live"), version.scalar_subquery().label("seen_version")
    )


_ROOT_OF_TASK = _root_behind(task.c.root_id, task.c.id)
_ROOT_OF_TASK_WITH_LIVE = _with_live_tasks(_ROOT_OF_TASK)
_other = process_instance.alias("member")
_ROOT_OF_INSTANCE = _root_behind(_other.c.root_id, _other.c.id)
_ROOT_BY_ID = _ROOT.where(_instance.id == sa.bindparam("id"))
_CALLED = (
    sa.select(*_PROCESS)
    .select_from(_WITH_DEFINITION)
    .where(
        _instance.agency_id == sa.bindparam("agency"),
        _instance.root_id == sa.bindparam("root"),
        _instance.scope != "",
        IS_ALIVE,
    )
)
_THIS = sa.and_(_instance.agency_id == sa.bindparam("agency"), _instance.id == sa.bindparam("root"))
_SAVE_HEAD = (
    process_instance.update()
    .where(_THIS, _instance.lock_version == sa.bindparam("was"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("lock_version", "history_seq", "history_hash", "updated_at", "status")
        }
    )
)
_SAVE_ALL = _SAVE_HEAD.values(
    {
        name: sa.bindparam(f"new_{name}")
        for name in ("state", "variables", "title", "calls", "ended_at")
    }
)
_SAVE_CALLED = (
    process_instance.update()
    .where(_instance.agency_id == sa.bindparam("agency"), _instance.id == sa.bindparam("called"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("variables", "status", "updated_at", "ended_at")
        }
    )
)


@dataclass(frozen=True, slots=True)
class Definition:
    """The version that a process runs on."""

    id: UUID
    key: str
    bundle_sha: str
    deployment_id: UUID


@dataclass(slots=True)
class Process:
    """One process of the instance: the root, or one that it called."""

    instance_id: UUID
    parent_id: UUID | None
    definition: Definition
    variables: Mapping[str, Any]
    status: str = ACTIVE
    ended: bool = False
    changed: bool = False


@dataclass(slots=True)
class Held:
    """A root instance under lock, with every live process that it called."""

    agency_id: UUID
    root_id: UUID
    business_key: str | None
    title: str
    starter: str | None
    state: bytes
    lock_version: int
    seq: int
    head: bytes
    processes: dict[Scope, Process]
    #: of the whole case; what it calls has it too
    secrecy: int = 1
    #: whether state, variables or title changed, not only the history
    moved: bool = False
    #: the live tasks by id, where they have been loaded; kept up as tasks open and end
    live: dict[UUID, dict[str, Any]] | None = None
    #: history rows to write
    history: list[dict[str, Any]] = field(default_factory=list)
    #: of the history before this turn, what `again` reads; None until it is asked for
    told: list[dict[str, Any]] | None = None
    #: events for listeners, told after the rows are written
    news: list[Any] = field(default_factory=list)
    #: what the advances of this turn may still cost together
    allowance: Allowance = field(default_factory=Allowance)
    #: the agency's working time, once a deadline has asked for it
    working: WorkingTime | None = None
    #: what this turn still has to carry out on this instance
    todo: deque[Any] = field(default_factory=deque)

    @property
    def root(self) -> Process:
        return self.processes[""]

    @property
    def alive(self) -> bool:
        return self.root.status in ALIVE

    @property
    def scopes(self) -> dict[Scope, Mapping[str, Any]]:
        return {
            scope: process.variables
            for scope, process in self.processes.items()
            if not process.ended
        }

    def process_of(self, instance_id: UUID) -> Process:
        return next(p for p in self.processes.values() if p.instance_id == instance_id)

    def with_callers(self, process: Process) -> Iterator[Process]:
        """The process, and those that wait for it: what it sets may become theirs."""
        yield process
        if process.parent_id is not None:
            yield from self.with_callers(self.process_of(process.parent_id))

    def scope_of(self, instance_id: UUID) -> Scope:
        return next(s for s, p in self.processes.items() if p.instance_id == instance_id)


def hold_root(ctx: Context, root_id: UUID) -> Held:
    return _hold(ctx, _ROOT_BY_ID, root_id, "process instance")


def hold_instance(ctx: Context, instance_id: UUID) -> Held:
    """The root of this instance, which may be a called one."""
    return _hold(ctx, _ROOT_OF_INSTANCE, instance_id, "process instance")


def hold_by_task(ctx: Context, task_id: UUID) -> Held:
    return _hold(ctx, _ROOT_OF_TASK, task_id, "task")


def hold_by_task_with_live(ctx: Context, task_id: UUID) -> Held:
    """The same; where one statement can bring the live tasks along, they are loaded already."""
    if ctx.db.dialect.name != "postgresql":
        return hold_by_task(ctx, task_id)
    return _hold(ctx, _ROOT_OF_TASK_WITH_LIVE, task_id, "task")


def _hold(ctx: Context, statement: sa.Select[Any], thing: UUID, noun: str) -> Held:
    ctx.holds += 1
    row = ctx.db.execute(statement, {"agency": ctx.actor.agency_id, "id": thing}).first()
    if row is None:
        raise NotFound(f"Expected the id of a {noun}, but found none with {thing}.")
    held = Held(
        agency_id=ctx.actor.agency_id,
        root_id=row.id,
        business_key=row.business_key,
        title=row.title,
        starter=row.starter,
        state=bytes(row.state),
        lock_version=row.lock_version,
        seq=row.history_seq,
        head=bytes(row.history_hash),
        processes={"": _process(row)},
        secrecy=row.secrecy,
    )
    if "live" in row._fields and row.seen_version == row.lock_version:
        found = from_json(task, ctx.db.dialect, row.live)
        held.live = {each["id"]: each for each in found}
    if row.calls:
        called = ctx.db.execute(_CALLED, {"agency": held.agency_id, "root": held.root_id})
        held.processes.update({member.scope: _process(member) for member in called})
    return held


def _process(row: AnyRow) -> Process:
    definition = Definition(row.definition_id, row.key, row.bundle_sha, row.deployment_id)
    return Process(row.id, row.parent_id, definition, row.variables, row.status)


def save(ctx: Context, held: Held) -> None:
    """Write the turn's end, then tell the listeners. The caller reads nothing from `held` that
    a listener's command may have changed.
    """
    _save_called(ctx, held)
    _save_root(ctx, held)
    news, held.news = held.news, []
    for happened in news:
        ctx.emit(happened)


def _save_root(ctx: Context, held: Held) -> None:
    values: dict[str, Any] = {
        "agency": held.agency_id,
        "root": held.root_id,
        "was": held.lock_version,
        "new_lock_version": held.lock_version + 1,
        "new_history_seq": held.seq,
        "new_history_hash": held.head,
        "new_updated_at": ctx.now,
        "new_status": held.root.status,
    }
    if held.moved:
        values |= {
            "new_state": held.state,
            "new_variables": held.root.variables,
            "new_title": storable(held.title)[:500],
            "new_calls": sum(not p.ended for s, p in held.processes.items() if s),
            "new_ended_at": ctx.now if held.root.ended else None,
        }
    told, held.history = held.history, []
    add_later(ctx.db, history_event, told)
    # One row: the root is locked, so nobody else can have saved it.
    later(ctx.db, _SAVE_ALL if held.moved else _SAVE_HEAD, values, touches=1)
    held.lock_version += 1
    held.moved = False


def _save_called(ctx: Context, held: Held) -> None:
    changed = [p for scope, p in held.processes.items() if scope and p.changed]
    if not changed:
        return
    ctx.db.execute(
        _SAVE_CALLED,
        [
            {
                "agency": held.agency_id,
                "called": process.instance_id,
                "new_variables": process.variables,
                "new_status": process.status,
                "new_updated_at": ctx.now,
                "new_ended_at": ctx.now if process.ended else None,
            }
            for process in changed
        ],
    )
