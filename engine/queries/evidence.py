"""A whole case as evidence: its processes, the versions they ran on, and every event of the root.

History is numbered in each root instance, so a case's evidence is always its root's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, NotFound
from engine.models.deployment import deployed_file, deployment, process_definition
from engine.models.history import history_event, whole
from engine.models.instance import process_instance

_instance, _definition, _event = process_instance.c, process_definition.c, history_event.c
_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_ROOT = sa.select(_instance.root_id).where(
    _instance.agency_id == _AGENCY,
    _instance.id == sa.bindparam("id", type_=sa.Uuid),
    # an archived case has its evidence already
    _instance.definition_id.is_not(None),
)
_ROOTS_BY_KEY = (
    sa.select(_instance.id)
    .where(
        _instance.agency_id == _AGENCY,
        _instance.business_key == sa.bindparam("key"),
        _instance.id == _instance.root_id,
        _instance.definition_id.is_not(None),
    )
    .order_by(_instance.id)
    .limit(20)
)
_PROCESSES = (
    sa.select(
        _instance.id, _instance.parent_id, _instance.definition_id, _instance.business_key,
        _instance.title, _instance.status, _instance.starter, _instance.variables,
        _instance.started_at, _instance.updated_at, _instance.ended_at,
        _instance.history_seq, _instance.history_hash,
    )
    .where(_instance.agency_id == _AGENCY, _instance.root_id == sa.bindparam("root", type_=sa.Uuid))
    .order_by(_instance.id)
)  # fmt: skip
_EVENTS = (
    sa.select(history_event)
    .where(_event.agency_id == _AGENCY, _event.root_id == sa.bindparam("root", type_=sa.Uuid))
    .order_by(_event.seq)
)
_DEFINITIONS = (
    sa.select(
        _definition.id, _definition.key, _definition.version, _definition.name,
        _definition.file_name, _definition.bundle_sha, _definition.deployment_id,
        deployment.c.pins, deployment.c.deployed_by, deployment.c.deployed_at,
    )
    .join(
        deployment,
        sa.and_(
            deployment.c.agency_id == _definition.agency_id,
            deployment.c.id == _definition.deployment_id,
        ),
    )
    .where(
        _definition.agency_id == _AGENCY,
        _definition.id.in_(sa.bindparam("ids", expanding=True)),
    )
    .order_by(_definition.key, _definition.version)
)  # fmt: skip
_FILES = (
    sa.select(deployed_file.c.name, deployed_file.c.sha256, deployed_file.c.content)
    .where(
        deployed_file.c.agency_id == _AGENCY,
        deployed_file.c.deployment_id == sa.bindparam("deployment", type_=sa.Uuid),
    )
    .order_by(deployed_file.c.name)
)


@dataclass(frozen=True, slots=True)
class DeployedFile:
    name: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """A definition that the case ran on; `pins` are the bundles that its calls lead to."""

    id: UUID
    key: str
    version: int
    name: str
    file_name: str
    bundle_sha: str
    pins: Mapping[str, str]
    deployed_by: str
    deployed_at: datetime
    files: Sequence[DeployedFile]


def root_of(db: Connection, agency_id: UUID, case: UUID) -> UUID:
    """The root of this instance, which may be a called one."""
    root: UUID | None = db.execute(_ROOT, {"agency": agency_id, "id": case}).scalar_one_or_none()
    if root is None:
        raise NotFound(f"Expected the id of a process instance, but found none with {case}.")
    return root


def root_named(db: Connection, agency_id: UUID, name: str) -> UUID:
    """The root by any id of the case, or by its business key where that names one."""
    found: Sequence[UUID] = (
        db.execute(_ROOTS_BY_KEY, {"agency": agency_id, "key": name}).scalars().all()
    )
    if len(found) > 1:
        raise Conflict(
            f"Expected one case with the business key {name!r:.80}, but there are several:"
            f" {', '.join(map(str, found))}. Name one by its id."
        )
    if found:
        return found[0]
    try:
        case = UUID(name)
    except ValueError:
        raise NotFound(
            f"Expected the id or the business key of a case, but found none with {name!r:.80}."
        ) from None
    return root_of(db, agency_id, case)


def processes(db: Connection, agency_id: UUID, root: UUID) -> Sequence[Mapping[str, Any]]:
    """The root and all that it called, oldest first; history's head is on the root's row."""
    rows = db.execute(_PROCESSES, {"agency": agency_id, "root": root}).mappings()
    return [dict(row) for row in rows]


def events(db: Connection, agency_id: UUID, root: UUID) -> Sequence[Mapping[str, Any]]:
    """Every event of the root, with its hash, as it was hashed."""
    rows = db.execute(_EVENTS, {"agency": agency_id, "root": root}).mappings()
    return [whole(dict(row)) for row in rows]


def versions(db: Connection, agency_id: UUID, ids: Iterable[UUID]) -> Sequence[Version]:
    """These definitions with every file of their deployments."""
    rows = db.execute(_DEFINITIONS, {"agency": agency_id, "ids": sorted(ids)}).all()
    return [
        Version(
            *(row[:6]), row.pins, row.deployed_by, row.deployed_at,
            _files(db, agency_id, row.deployment_id),
        )
        for row in rows
    ]  # fmt: skip


def _files(db: Connection, agency_id: UUID, deployment_id: UUID) -> Sequence[DeployedFile]:
    rows = db.execute(_FILES, {"agency": agency_id, "deployment": deployment_id})
    return [DeployedFile(row.name, row.sha256, bytes(row.content)) for row in rows]
