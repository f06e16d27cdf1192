"""Many instances to another version: each in a transaction of its own, with a report of each."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.commands import checks
from engine.commands.migration import MigrateInstance, MigrateInstances
from engine.db import reading
from engine.errors import MigrationRefused, NotFound, Rejected, Unavailable
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.instance import IS_ALIVE, process_instance

log = logging.getLogger(__name__)

_instance, _definition = process_instance.c, process_definition.c
_TARGET = sa.select(_definition.key).where(
    _definition.agency_id == sa.bindparam("agency"), _definition.id == sa.bindparam("target")
)
_RUNNING = (
    sa.select(_instance.id, _instance.business_key, _instance.title, _definition.version)
    .join(process_definition, _definition.id == _instance.definition_id)
    .where(
        _instance.agency_id == sa.bindparam("agency"),
        _instance.id == _instance.root_id,
        _definition.key == sa.bindparam("key"),
        _definition.id != sa.bindparam("target"),
        IS_ALIVE,
    )
    .order_by(_instance.id)
)
_OF_VERSION = _RUNNING.where(_definition.id == sa.bindparam("source"))


@dataclass(frozen=True, slots=True)
class InstanceFate:
    """What became, or would become, of one instance.

    `outcome`: migrated (in a dry run: would be), refused, or failed unexpectedly. `tokens` as in
    the answer of MigrateInstance; of a refused one {element_id, code, message} of those without a
    place.
    """

    instance_id: str
    business_key: str | None
    title: str
    from_version: int
    outcome: str
    code: str | None = None
    message: str | None = None
    tokens: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class MigrationReport:
    target_definition_id: str
    dry_run: bool
    migrated: int
    refused: int
    instances: Sequence[InstanceFate]


def migrate_instances(bus: Bus, actor: Actor, wanted: MigrateInstances) -> MigrationReport:
    """One that is refused, or breaks, leaves the others alone; run again, it takes up the rest."""
    checks.demand(actor, "operate")
    fates = [_migrate(bus, actor, wanted, row) for row in _running(bus, actor, wanted)]
    migrated = sum(fate.outcome == "migrated" for fate in fates)
    target = str(wanted.target_definition_id)
    return MigrationReport(target, wanted.dry_run, migrated, len(fates) - migrated, fates)


def _running(bus: Bus, actor: Actor, wanted: MigrateInstances) -> Sequence[AnyRow]:
    key: dict[str, Any] = {"agency": actor.agency_id, "target": wanted.target_definition_id}
    statement = _RUNNING
    if wanted.source_definition_id is not None:
        statement, key["source"] = _OF_VERSION, wanted.source_definition_id
    with reading(bus.engine) as db:
        key["key"] = db.execute(_TARGET, key).scalar()
        if key["key"] is None:
            raise NotFound(
                "Expected the id of a process definition, but"
                f" {wanted.target_definition_id} is none."
            )
        return db.execute(statement.limit(wanted.limit), key).all()


def _migrate(bus: Bus, actor: Actor, wanted: MigrateInstances, row: AnyRow) -> InstanceFate:
    command = MigrateInstance(row.id, wanted.target_definition_id, wanted.dry_run, wanted.mapping)
    try:
        answer = bus.execute(command, actor)
    except Unavailable:
        raise  # the database is away: the others would fare no better
    except MigrationRefused as refused:
        reasons = [_reason(asdict(cause)) for cause in refused.reasons]
        return _fate(row, "refused", refused.code, refused.message, reasons)
    except Rejected as rejected:
        return _fate(row, "refused", rejected.code, rejected.message)
    except Exception as bug:
        log.exception("Expected instance %s to migrate, but it could not.", row.id)
        return _fate(row, "failed", "internal", f"{type(bug).__name__}: {bug}")
    return _of_answer(row, answer)


def _of_answer(row: AnyRow, answer: Answer) -> InstanceFate:
    if answer["possible"]:
        return _fate(row, "migrated", tokens=answer["tokens"])
    reasons = [_reason(token) for token in answer["tokens"] if token["outcome"] == "refused"]
    return _fate(row, "refused", MigrationRefused.code, reasons[0]["message"], reasons)


def _reason(token: Mapping[str, Any]) -> dict[str, Any]:
    return {name: token[name] for name in ("element_id", "code", "message")}


def _fate(
    row: AnyRow,
    outcome: str,
    code: str | None = None,
    message: str | None = None,
    tokens: Sequence[Any] = (),
) -> InstanceFate:
    found: UUID = row.id
    return InstanceFate(
        str(found), row.business_key, row.title, row.version, outcome, code, message, tokens
    )
