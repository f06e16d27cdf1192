"""The instances of a batch at work, one after another, and the batch's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.migration.migrate import MigrateInstance
from engine.commands.migration.undo import UndoMigration
from engine.commands.turn.held import Definition
from engine.commands.turn.moving import bundle_of
from engine.errors import Conflict, Forbidden, NotFound
from engine.models import migration as states
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.migration import migration_batch, migration_fate

_batch, _fate, _definition = migration_batch.c, migration_fate.c, process_definition.c
_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency", type_=sa.Uuid)
_BATCH: sa.BindParameter[UUID] = sa.bindparam("batch", type_=sa.Uuid)
_ROOT: sa.BindParameter[UUID] = sa.bindparam("root", type_=sa.Uuid)
_FIND_BATCH = sa.select(migration_batch).where(_batch.agency_id == _AGENCY, _batch.id == _BATCH)
_OF_BATCH = sa.and_(_fate.agency_id == _AGENCY, _fate.batch_id == _BATCH)
_FROM = sa.select(_fate.from_definition_id).where(_OF_BATCH, _fate.root_id == _ROOT)
_VERSION = (
    sa.select(process_definition)
    .join(migration_fate, _fate.from_definition_id == _definition.id)
    .where(_OF_BATCH, _fate.root_id == _ROOT, _definition.agency_id == _AGENCY)
)
#: Only while nobody else has settled it: a worker whose lease ran out may come late.
_NOTE = (
    migration_fate.update()
    .where(_OF_BATCH, _fate.root_id == _ROOT, _fate.outcome == sa.bindparam("was"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("outcome", "code", "element_id", "message", "tokens")
        }
    )
)
_NO_REASON: Mapping[str, Any] = {"code": None, "message": None, "element_id": None}
_LEFT = sa.select(_fate.root_id).where(_OF_BATCH, _fate.outcome == sa.bindparam("todo")).limit(1)
_END = (
    migration_batch.update()
    .where(_batch.agency_id == _AGENCY, _batch.id == _BATCH, _batch.state == sa.bindparam("was"))
    .values(state=sa.bindparam("new_state"), settled_at=sa.bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class SettleFate:
    """Ask about, migrate or take back one instance of a batch at work, as its state says. Only on
    the word of who began that. Answer: {outcome}.
    """

    batch_id: UUID
    root_id: UUID


@dataclass(frozen=True, slots=True)
class NoteFate:
    """What SettleFate was refused, or broke with: {element_id, code} of each reason."""

    batch_id: UUID
    root_id: UUID
    outcome: str
    code: str
    message: str
    reasons: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class EndBatch:
    """The batch has reached its next state, unless instances are left. Answer: {left}."""

    batch_id: UUID


def settle_fate(command: SettleFate, ctx: Context) -> Answer:
    batch = _at_work(ctx, command.batch_id)
    source = _looked_at(ctx, batch, command.root_id)
    if batch.state == states.UNDOING:
        ctx.run(UndoMigration(command.root_id, source, batch.target_definition_id))
        return _note(ctx, batch, command.root_id, states.UNDONE)
    asking = batch.state == states.CHECKING
    mapping = _meant(ctx, batch, command.root_id)
    wanted = MigrateInstance(command.root_id, batch.target_definition_id, asking, mapping, source)
    answer = ctx.run(wanted)
    tokens = [_told(token) for token in answer["tokens"] if _says_something(token)]
    reached = states.POSSIBLE if asking else states.MIGRATED
    reached = reached if answer["possible"] else states.REFUSED
    return _note(ctx, batch, command.root_id, reached, tokens, _first_reason(answer["tokens"]))


def note_fate(command: NoteFate, ctx: Context) -> Answer:
    batch = _at_work(ctx, command.batch_id)
    refused: dict[str, Any] = {"target_element_id": None, "outcome": "refused", "changes": []}
    tokens = [{**reason, **refused} for reason in command.reasons]
    element = command.reasons[0]["element_id"] if command.reasons else None
    why = {"code": command.code, "message": command.message, "element_id": element}
    return _note(ctx, batch, command.root_id, command.outcome, tokens, why)


def end_batch(command: EndBatch, ctx: Context) -> Answer:
    batch = _at_work(ctx, command.batch_id)
    key = {"agency": batch.agency_id, "batch": batch.id}
    if ctx.db.execute(_LEFT, {**key, "todo": states.TODO[batch.state]}).first() is not None:
        return {"left": True}
    moved = {"was": batch.state, "new_state": states.NEXT[batch.state], "now": ctx.now}
    ctx.db.execute(_END, key | moved)
    return {"left": False}


def _at_work(ctx: Context, batch_id: UUID) -> AnyRow:
    row = ctx.db.execute(_FIND_BATCH, {"agency": ctx.actor.agency_id, "batch": batch_id}).first()
    if row is None or row.state not in states.TODO:
        raise Conflict("Expected a migration at work, but it is not.", code="migration_elsewhere")
    if row.by_person != ctx.actor.person_id:
        raise Forbidden("Expected who began the migration, but it is somebody else.")
    return row


def _looked_at(ctx: Context, batch: AnyRow, root_id: UUID) -> UUID:
    """The version that the instance was in when the batch took it up."""
    key = {"agency": batch.agency_id, "batch": batch.id, "root": root_id}
    found: UUID | None = ctx.db.execute(_FROM, key).scalar_one_or_none()
    if found is None:
        raise NotFound(f"Expected an instance of the migration, but {root_id} is none.")
    return found


def _meant(ctx: Context, batch: AnyRow, root_id: UUID) -> Mapping[str, str]:
    """What of the mapping is about the version of this instance: batches know several."""
    mapping: Mapping[str, str] = batch.mapping
    if not mapping:
        return mapping
    key = {"agency": batch.agency_id, "batch": batch.id, "root": root_id}
    row = ctx.db.execute(_VERSION, key).first()
    if row is None:  # deleted, so the instance has left it: MigrateInstance says so
        return {}
    bundle = bundle_of(ctx, Definition(row.id, row.key, row.bundle_sha, row.deployment_id))
    known = set().union(*(woven.process.nodes for woven in bundle.woven.values()))
    return {source: target for source, target in mapping.items() if source in known}


def _says_something(token: Mapping[str, Any]) -> bool:
    moved = token["target_element_id"] not in (None, token["element_id"])
    return bool(token["outcome"] == "refused" or token["changes"] or moved)


def _told(token: Mapping[str, Any]) -> dict[str, Any]:
    names = ("element_id", "target_element_id", "outcome", "changes", "code")
    return {name: token[name] for name in names}


def _first_reason(tokens: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    refused = next((token for token in tokens if token["outcome"] == "refused"), _NO_REASON)
    return {name: refused[name] for name in _NO_REASON}


def _note(
    ctx: Context,
    batch: AnyRow,
    root_id: UUID,
    outcome: str,
    tokens: Sequence[Mapping[str, Any]] = (),
    why: Mapping[str, Any] = _NO_REASON,
) -> Answer:
    said = {"outcome": outcome, "tokens": list(tokens), **why}
    key = {"agency": batch.agency_id, "batch": batch.id, "root": root_id}
    values = {f"new_{name}": value for name, value in said.items()}
    if ctx.db.execute(_NOTE, key | values | {"was": states.TODO[batch.state]}).rowcount == 0:
        raise Conflict(
            "Expected an instance that is not settled yet, but another worker was here before.",
            code="settled_already",
        )
    return {"outcome": outcome}
