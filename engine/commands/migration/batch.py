"""Many instances to another version: asked first, carried out, and taken back, as one batch.

The commands here begin each of the three; `engine.jobs.migration_batches` settles the instances,
each in a transaction of its own, on the word of whoever began it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands import checks
from engine.commands.definitions import held_version
from engine.commands.jobs import want_job
from engine.commands.migration.migrate import check_in_use
from engine.errors import Conflict, NotFound
from engine.ids import new_id
from engine.models import migration as states
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.migration import migration_batch, migration_fate
from engine.stored import stored_bundle

#: The action that settles the instances of a batch at work.
SETTLE = "engine.settle_migration"
#: Over all processes; who administers one needs no right for its own.
RIGHT = "deploy"

_batch, _fate = migration_batch.c, migration_fate.c
_instance, _definition = process_instance.c, process_definition.c
_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency", type_=sa.Uuid)
_THIS: sa.BindParameter[UUID] = sa.bindparam("this", type_=sa.Uuid)
_ADD = migration_batch.insert()
_HOLD = (
    sa.select(migration_batch).where(_batch.agency_id == _AGENCY, _batch.id == _THIS)
).with_for_update()
_AT_WORK = sa.select(_batch.id).where(
    _batch.agency_id == _AGENCY,
    _batch.key == sa.bindparam("key"),
    _batch.state.in_(states.TODO),
)
_ENLIST = (
    sa.select(
        _AGENCY, _THIS, _instance.id, _definition.id, sa.literal(states.WAITING),
        sa.bindparam("none", type_=migration_fate.c.tokens.type),
    )
    .join(process_definition, _definition.id == _instance.definition_id)
    .where(
        _instance.agency_id == _AGENCY,
        _instance.id == _instance.root_id,
        _definition.key == sa.bindparam("key"),
        _definition.id != sa.bindparam("target", type_=sa.Uuid),
        IS_ALIVE,
    )
)  # fmt: skip
_COLUMNS = ("agency_id", "batch_id", "root_id", "from_definition_id", "outcome", "tokens")


def _enlisting(only: sa.ColumnElement[bool]) -> sa.Insert:
    return migration_fate.insert().from_select(
        _COLUMNS, _ENLIST.where(only), include_defaults=False
    )


_ADD_ALL = _enlisting(sa.true())
_ADD_VERSION = _enlisting(_definition.id == sa.bindparam("source", type_=sa.Uuid))
_COUNT = sa.select(sa.func.count()).where(
    _fate.agency_id == _AGENCY, _fate.batch_id == _THIS, _fate.outcome == sa.bindparam("outcome")
)
_OF_THIS = migration_fate.update().where(_fate.agency_id == _AGENCY, _fate.batch_id == _THIS)
_CAN = sa.select(_fate.root_id).where(
    _fate.agency_id == _AGENCY,
    _fate.batch_id == _THIS,
    _fate.outcome.in_([states.POSSIBLE, states.UNCHOSEN]),
    _fate.root_id.in_(sa.bindparam("named", expanding=True)),
)
_SET = migration_batch.update().where(_batch.agency_id == _AGENCY, _batch.id == _THIS)


@dataclass(frozen=True, slots=True)
class CheckMigration:
    """Ask of every running instance that is in another version than the target (or only in
    `source_definition_id`) what would become of it. Right: deploy, or a grant to administer it.

    `mapping` leads from element ids of old versions to other ids in the target. Conflict where the
    target is withdrawn, or another batch of the process is at work (migration_at_work).
    Answer: {id, key, state, wanted}.
    """

    target_definition_id: UUID
    source_definition_id: UUID | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which instances of a checked batch are to migrate: those `chosen` (None: all) `among` so many
    (None: all of the batch); how it stands with others stays as it is.

    Invalid where one is named that is not of the batch, or that cannot migrate: at `chosen.<n>` or
    `among.<n>`.
    """

    chosen: Sequence[UUID] | None = None
    among: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class ChooseInstances:
    """Say which instances of a checked batch are to migrate: at first, all that can. Right as for
    CheckMigration. Answer: {id, possible, unchosen}.
    """

    batch_id: UUID
    choice: Choice


@dataclass(frozen=True, slots=True)
class CarryOutMigration:
    """Migrate all that a checked batch found possible, but for those that were not chosen. Right
    and answer as for CheckMigration.
    """

    batch_id: UUID
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class UndoBatch:
    """Take all back that a batch migrated and that has not moved since. Right and answer as for
    CheckMigration.
    """

    batch_id: UUID


def check_migration(command: CheckMigration, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, RIGHT)
    target, _ = held_version(ctx, command.target_definition_id)
    mine.check(target.key)
    check_in_use(target)
    _check_mapping(ctx, target, command.mapping)
    _check_source(ctx, target, command.source_definition_id)
    _check_idle(ctx, target.key)
    row = _new_row(ctx, command, target)
    ctx.db.execute(_ADD, row)
    key = {"agency": ctx.actor.agency_id, "this": row["id"], "key": target.key}
    chosen = {"target": target.id, "source": command.source_definition_id, "none": []}
    add = _ADD_ALL if command.source_definition_id is None else _ADD_VERSION
    ctx.db.execute(add, key | chosen)
    wanted = _count(ctx, row["id"], states.WAITING)
    return _begin(ctx, row, states.CHECKING, wanted, {})


def _check_mapping(ctx: Context, target: AnyRow, mapping: Mapping[str, str]) -> None:
    bundle = stored_bundle(ctx.db, ctx.actor.agency_id, target.bundle_sha, target.deployment_id)
    known = set().union(*(woven.process.nodes for woven in bundle.woven.values()))
    for source, element in mapping.items():
        if element not in known:
            raise checks.refused(
                f"mapping.{source}",
                "bad_mapping",
                f"Expected an element of version {target.version}, but it has no {element!r:.80}.",
            )


def _check_source(ctx: Context, target: AnyRow, source: UUID | None) -> None:
    if source is None:
        return
    found, _ = held_version(ctx, source)
    if found.key != target.key or found.id == target.id:
        raise checks.refused(
            "source_definition_id",
            "other_process",
            f"Expected another version of {target.key!r:.80}, but this is version {found.version}"
            f" of {found.key!r:.80}.",
        )


def _check_idle(ctx: Context, key: str) -> None:
    """The versions of the process are held: nobody else begins one meanwhile."""
    if ctx.db.execute(_AT_WORK, {"agency": ctx.actor.agency_id, "key": key}).first():
        raise Conflict(
            f"Expected no migration of {key!r:.80} at work, but one is. Wait until it is done.",
            code="migration_at_work",
        )


def _new_row(ctx: Context, command: CheckMigration, target: AnyRow) -> dict[str, Any]:
    return {
        "id": new_id(),
        "agency_id": ctx.actor.agency_id,
        "key": target.key,
        "target_definition_id": target.id,
        "source_definition_id": command.source_definition_id,
        "mapping": dict(command.mapping),
        "state": states.CHECKING,
        "wanted": 0,
        "by_person": ctx.actor.person_id,
        "by_name": ctx.actor.name,
        "asked_by": ctx.actor.username,
        "asked_at": ctx.now,
    }


def choose_instances(command: ChooseInstances, ctx: Context) -> Answer:
    row = _held(ctx, command.batch_id, states.CHECKED)
    _choose(ctx, row.id, command.choice)
    left = (states.POSSIBLE, states.UNCHOSEN)
    return {"id": row.id, **{outcome: _count(ctx, row.id, outcome) for outcome in left}}


def _choose(ctx: Context, batch_id: UUID, choice: Choice) -> None:
    _check_choice(ctx, batch_id, choice)
    key = {"agency": ctx.actor.agency_id, "this": batch_id}
    if choice.among is None:
        among: sa.ColumnElement[bool] = sa.true()
    else:
        among = _fate.root_id.in_(choice.among)
    chosen = sa.true() if choice.chosen is None else _fate.root_id.in_(choice.chosen)
    leave, take = sa.and_(among, sa.not_(chosen)), sa.and_(among, chosen)
    for which, was, now in ((leave, states.POSSIBLE, states.UNCHOSEN),
                            (take, states.UNCHOSEN, states.POSSIBLE)):  # fmt: skip
        ctx.db.execute(_OF_THIS.where(_fate.outcome == was, which).values(outcome=now), key)


def _check_choice(ctx: Context, batch_id: UUID, choice: Choice) -> None:
    key = {"agency": ctx.actor.agency_id, "this": batch_id}
    for name in ("chosen", "among"):
        named: Sequence[UUID] = getattr(choice, name) or ()
        can = set(ctx.db.scalars(_CAN, {**key, "named": list(named)})) if named else set()
        for at, root_id in enumerate(named):
            if root_id not in can:
                raise checks.refused(
                    f"{name}.{at}",
                    "not_possible",
                    f"Expected an instance of this migration that can migrate, but {root_id} is"
                    " none.",
                )


def carry_out_migration(command: CarryOutMigration, ctx: Context) -> Answer:
    row = _held(ctx, command.batch_id, states.CHECKED)
    if command.choice is not None:
        _choose(ctx, row.id, command.choice)
    wanted = _wanted(ctx, row.id, states.POSSIBLE)
    said = {"carried_by": ctx.actor.username, "carried_at": ctx.now}
    return _begin(ctx, row._asdict(), states.MIGRATING, wanted, said)


def undo_batch(command: UndoBatch, ctx: Context) -> Answer:
    row = _held(ctx, command.batch_id, states.MIGRATED)
    wanted = _wanted(ctx, row.id, states.MIGRATED)
    said = {"undone_by": ctx.actor.username, "undone_at": ctx.now}
    return _begin(ctx, row._asdict(), states.UNDOING, wanted, said)


def _held(ctx: Context, batch_id: UUID, state: str) -> AnyRow:
    """A batch that is in this state, while no other of its process is at work."""
    mine = demand_reach(ctx.db, ctx.actor, RIGHT)
    key = {"agency": ctx.actor.agency_id, "this": batch_id}
    row = ctx.db.execute(_HOLD, key).first()
    if row is None:
        raise NotFound(f"Expected the id of a migration, but found none with {batch_id}.")
    mine.check(row.key)
    if row.state != state:
        raise Conflict(
            f"Expected a migration that is {state}, but it is {row.state}."
            " Look at it again before going on.",
            code="migration_elsewhere",
        )
    target, _ = held_version(ctx, row.target_definition_id)
    if state == states.CHECKED:
        check_in_use(target)
    _check_idle(ctx, row.key)
    return row


def _wanted(ctx: Context, batch_id: UUID, outcome: str) -> int:
    """How many of its instances have this outcome; Conflict where none has."""
    wanted = _count(ctx, batch_id, outcome)
    if not wanted:
        raise Conflict(
            "Expected instances to go on with, but none is left.", code="nothing_to_migrate"
        )
    return wanted


def _count(ctx: Context, batch_id: UUID, outcome: str) -> int:
    key = {"agency": ctx.actor.agency_id, "this": batch_id, "outcome": outcome}
    return int(ctx.db.execute(_COUNT, key).scalar_one())


def _begin(
    ctx: Context, row: Mapping[str, Any], state: str, wanted: int, said: Mapping[str, Any]
) -> Answer:
    """A batch without instances is done before it has begun."""
    reached = state if wanted else states.NEXT[state]
    values = {
        "state": reached,
        "wanted": wanted,
        "by_person": ctx.actor.person_id,
        "by_name": ctx.actor.name,
        "settled_at": None if wanted else ctx.now,
        **said,
    }
    ctx.db.execute(_SET.values(values), {"agency": row["agency_id"], "this": row["id"]})
    if wanted:
        want_job(ctx, SETTLE, {"batch_id": str(row["id"])})
    return {"id": row["id"], "key": row["key"], "state": reached, "wanted": wanted}
