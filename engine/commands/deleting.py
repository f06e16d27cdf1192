"""Withdrawn versions deleted for good, once nothing refers to them any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks, listening
from engine.commands.definitions import held_version, record_events
from engine.errors import Conflict, DefinitionInUse
from engine.events import DefinitionDoomed
from engine.models.columns import AnyRow
from engine.models.deployment import deployed_file, deployment, process_definition
from engine.models.instance import process_instance
from engine.models.migration import instance_migration, migration_batch, migration_fate
from engine.models.task import task
from engine.stored import stored_bundle

_definition, _instance = process_definition.c, process_instance.c
_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency")
_LOCK = (
    sa.select(_definition.id)
    .where(_definition.agency_id == _AGENCY, _definition.id == sa.bindparam("this"))
    .with_for_update()
)
_IN_IT = sa.and_(_instance.agency_id == _AGENCY, _instance.definition_id == sa.bindparam("this"))
_OF_BATCH = sa.and_(
    migration_batch.c.agency_id == _AGENCY,
    sa.or_(
        migration_batch.c.target_definition_id == sa.bindparam("this"),
        migration_batch.c.source_definition_id == sa.bindparam("this"),
    ),
)
_COUNTS = {
    "instances": sa.select(sa.func.count()).select_from(process_instance).where(_IN_IT),
    "tasks": sa.select(sa.func.count())
    .select_from(sa.join(task, process_instance, _instance.id == task.c.instance_id))
    .where(_IN_IT, task.c.agency_id == _AGENCY),
    "migrations": sa.select(sa.func.count())
    .select_from(instance_migration)
    .where(
        instance_migration.c.agency_id == _AGENCY,
        sa.or_(
            instance_migration.c.from_definition_id == sa.bindparam("this"),
            instance_migration.c.to_definition_id == sa.bindparam("this"),
        ),
    ),
    # the record of one that was carried out stays, though its cases may be archived since
    "batches": sa.select(sa.func.count())
    .select_from(migration_batch)
    .where(_OF_BATCH, migration_batch.c.carried_at.is_not(None)),
}
_TWINS = sa.select(sa.func.count()).where(
    _definition.agency_id == _AGENCY,
    _definition.key == sa.bindparam("key"),
    _definition.bundle_sha == sa.bindparam("sha"),
    _definition.id != sa.bindparam("this"),
)
_PINS = sa.select(deployment.c.pins).where(deployment.c.agency_id == _AGENCY)
_LEFT = sa.select(_definition.key).where(
    _definition.agency_id == _AGENCY, _definition.deployment_id == sa.bindparam("deployment")
)
_BATCHES = sa.select(migration_batch.c.id).where(_OF_BATCH)
_DELETE_FATES = migration_fate.delete().where(
    migration_fate.c.agency_id == _AGENCY, migration_fate.c.batch_id.in_(_BATCHES)
)
_DELETE_BATCHES = migration_batch.delete().where(
    migration_batch.c.agency_id == _AGENCY, migration_batch.c.id.in_(_BATCHES)
)
_DELETE = process_definition.delete().where(
    _definition.agency_id == _AGENCY, _definition.id == sa.bindparam("this")
)
_DELETE_FILES = deployed_file.delete().where(
    deployed_file.c.agency_id == _AGENCY,
    deployed_file.c.deployment_id == sa.bindparam("deployment"),
)
_DELETE_DEPLOYMENT = deployment.delete().where(
    deployment.c.agency_id == _AGENCY, deployment.c.id == sa.bindparam("deployment")
)


@dataclass(frozen=True, slots=True)
class DeleteDefinition:
    """A withdrawn version is gone, and with the last of its deployment the deployed files. Its
    number is not given again. Right: deploy.

    Conflict (not_withdrawn) while it is in use; DefinitionInUse says what refers to it.
    Answer: {id, key, version, deployment_deleted}.
    """

    definition_id: UUID
    reason: str = ""
    seen: str | None = None


def delete_definition(command: DeleteDefinition, ctx: Context) -> Answer:
    checks.demand(ctx.actor, "deploy")
    reason = checks.text(command.reason, "reason", required=False)
    this, _ = held_version(ctx, command.definition_id, command.seen)
    if this.withdrawn_at is None:
        raise Conflict(
            f"Expected a withdrawn version, but {this.version} of {this.key!r:.80} is in use."
            " Withdraw it, then delete it.",
            code="delete_in_use",
        )
    claims = {name: number for name, number in _claims(ctx, this).items() if number}
    if claims:
        raise DefinitionInUse(this.key, this.version, claims)
    listening.fall_silent(ctx, [this.id])
    # batches that were carried out refuse above: only questions are left
    for statement in (_DELETE_FATES, _DELETE_BATCHES, _DELETE):
        ctx.db.execute(statement, {"agency": ctx.actor.agency_id, "this": this.id})
    gone = _delete_empty(ctx, this.deployment_id)
    record_events(ctx, "definition.deleted", [this], reason)
    named = {"id": this.id, "key": this.key, "version": this.version}
    return named | {"deployment_deleted": gone}


def _claims(ctx: Context, this: AnyRow) -> Mapping[str, int]:
    """What refers to it, counted. Who begins an instance in it meanwhile is waited for."""
    key = {"agency": ctx.actor.agency_id, "this": this.id}
    ctx.db.execute(_LOCK, key)
    claims = {name: ctx.db.scalar(query, key) or 0 for name, query in _COUNTS.items()}
    claims["callers"] = _callers(ctx, this)
    ctx.emit(DefinitionDoomed(ctx.actor.agency_id, this.id, this.key, this.version, claims))
    return claims


def _callers(ctx: Context, this: AnyRow) -> int:
    """Deployments that call it. One with the same files elsewhere would answer in its place."""
    agency = {"agency": ctx.actor.agency_id}
    twins = {**agency, "key": this.key, "sha": this.bundle_sha, "this": this.id}
    if ctx.db.execute(_TWINS, twins).scalar_one():
        return 0
    every: Sequence[Mapping[str, str]] = ctx.db.scalars(_PINS, agency).all()
    pinned = sum(1 for pins in every if pins.get(this.key) == this.bundle_sha)
    left: Sequence[str] = ctx.db.scalars(_LEFT, {**agency, "deployment": this.deployment_id}).all()
    bundle = stored_bundle(ctx.db, ctx.actor.agency_id, this.bundle_sha, this.deployment_id)
    return pinned + len({*left} & {*bundle.callers(this.key)} - {this.key})


def _delete_empty(ctx: Context, deployment_id: UUID) -> bool:
    """Whether nothing was left of the deployment: its files went with it."""
    key = {"agency": ctx.actor.agency_id, "deployment": deployment_id}
    if ctx.db.execute(_LEFT, key).first() is not None:
        return False
    ctx.db.execute(_DELETE_FILES, key)
    ctx.db.execute(_DELETE_DEPLOYMENT, key)
    return True


HANDLERS: dict[type, Handler] = {DeleteDefinition: delete_definition}
