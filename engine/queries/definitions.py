"""Process definitions: the newest of each key, one, and the deployed bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import deployed_file, process_definition
from engine.models.forms import form_source

_definition = process_definition.c
_ALL = sa.select(process_definition).where(_definition.agency_id == sa.bindparam("agency"))
_newest = (
    sa.select(_definition.key, sa.func.max(_definition.version).label("version"))
    .where(_definition.agency_id == sa.bindparam("agency"))
    .group_by(_definition.key)
    .subquery()
)
_LATEST = _ALL.join(
    _newest,
    sa.and_(_newest.c.key == _definition.key, _newest.c.version == _definition.version),
).order_by(_definition.key)
_LATEST_OF_KEY = _LATEST.where(_definition.key == sa.bindparam("key"))
_VERSION = _ALL.where(
    _definition.key == sa.bindparam("key"), _definition.version == sa.bindparam("version")
)
_ONE = _ALL.where(_definition.id == sa.bindparam("this"))
_FILES = (
    sa.select(deployed_file.c.name, deployed_file.c.content)
    .join(
        process_definition,
        sa.and_(
            _definition.agency_id == deployed_file.c.agency_id,
            _definition.deployment_id == deployed_file.c.deployment_id,
        ),
    )
    .where(_definition.agency_id == sa.bindparam("agency"), _definition.id == sa.bindparam("this"))
    .order_by(deployed_file.c.name)
)
_XML = _FILES.where(deployed_file.c.name == _definition.file_name)


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    id: str
    key: str
    version: int
    name: str
    deployment_id: str
    bundle_sha: str
    file_name: str
    start_form: str | None
    start_role: str | None
    #: whether a person can start it, not only messages, signals and moments, or the office itself
    startable: bool
    created_at: datetime


def latest(
    db: Connection, agency_id: UUID, key: str | None = None, version: int | None = None
) -> Sequence[DefinitionRow]:
    """The newest version of each key (or of `key`), by key; or exactly `version` of `key`."""
    given: dict[str, Any] = {"agency": agency_id}
    if key is None:
        return [_row(row) for row in db.execute(_LATEST, given)]
    given["key"] = key
    if version is None:
        return [_row(row) for row in db.execute(_LATEST_OF_KEY, given)]
    return [_row(row) for row in db.execute(_VERSION, {**given, "version": version})]


def one(db: Connection, agency_id: UUID, definition_id: UUID) -> DefinitionRow:
    row = db.execute(_ONE, {"agency": agency_id, "this": definition_id}).first()
    if row is None:
        raise _unknown(definition_id)
    return _row(row)


def _row(row: AnyRow) -> DefinitionRow:
    found = row._asdict()
    kept = {name: found[name] for name in DefinitionRow.__dataclass_fields__}
    kept["id"], kept["deployment_id"] = str(kept["id"]), str(kept["deployment_id"])
    return DefinitionRow(**kept)


def _unknown(definition_id: UUID) -> NotFound:
    return NotFound(f"Expected the id of a process definition, but {definition_id} is none.")


def xml(db: Connection, agency_id: UUID, definition_id: UUID) -> bytes:
    """The diagram's file as it was deployed."""
    row = db.execute(_XML, {"agency": agency_id, "this": definition_id}).first()
    if row is None:
        raise _unknown(definition_id)
    return bytes(row.content)


def files(db: Connection, agency_id: UUID, definition_id: UUID) -> Mapping[str, bytes]:
    """All files of the definition's deployment by name (forms and decisions included)."""
    found = db.execute(_FILES, {"agency": agency_id, "this": definition_id}).all()
    if not found:
        raise _unknown(definition_id)
    return {row.name: bytes(row.content) for row in found}


def form(db: Connection, agency_id: UUID, definition_id: UUID, key: str) -> bytes:
    """The form definition with this key from the definition's deployment."""
    found = form_source(files(db, agency_id, definition_id), key)
    if found is None:
        raise NotFound(f"Expected a form {key!r:.80} in this deployment, but there is none.")
    return found
