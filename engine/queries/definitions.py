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
from engine.models.deployment import (
    definition_event,
    deployed_file,
    deployment,
    process_definition,
)
from engine.models.forms import form_source

_definition = process_definition.c
_ALL = sa.select(process_definition).where(_definition.agency_id == sa.bindparam("agency"))
_every = (
    sa.select(_definition.key, sa.func.max(_definition.version).label("version"))
    .where(_definition.agency_id == sa.bindparam("agency"))
    .group_by(_definition.key)
    .subquery()
)
_NAMED = _ALL.join(
    _every, sa.and_(_every.c.key == _definition.key, _every.c.version == _definition.version)
).order_by(_definition.key)
_newest = (
    sa.select(_definition.key, sa.func.max(_definition.version).label("version"))
    .where(_definition.agency_id == sa.bindparam("agency"), _definition.withdrawn_at.is_(None))
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
_WITHDRAWN = _ALL.where(_definition.withdrawn_at.is_not(None)).order_by(
    _definition.key, _definition.version.desc()
)
_WITHDRAWN_OF_KEY = _WITHDRAWN.where(_definition.key == sa.bindparam("key"))
_VERSIONS = _ALL.where(_definition.key == sa.bindparam("key")).order_by(_definition.version.desc())
_RELEASES = (
    sa.select(
        _definition.version, deployment.c.deployed_at.label("at"),
        deployment.c.deployed_by.label("actor"), deployment.c.name.label("note"),
    )
    .join_from(
        process_definition, deployment,
        sa.and_(
            deployment.c.agency_id == _definition.agency_id,
            deployment.c.id == _definition.deployment_id,
        ),
    )
    .where(_definition.agency_id == sa.bindparam("agency"))
    .where(_definition.key == sa.bindparam("key"), _definition.version <= sa.bindparam("upto"))
    .order_by(_definition.version.desc())
    .limit(sa.bindparam("limit"))
)  # fmt: skip
_ORIGINS = sa.select(
    deployment.c.id, deployment.c.deployed_by.label("actor"), deployment.c.name.label("note")
).where(
    deployment.c.agency_id == sa.bindparam("agency"),
    deployment.c.id.in_(sa.bindparam("these", expanding=True)),
)
_EVENTS = (
    sa.select(definition_event)
    .where(
        definition_event.c.agency_id == sa.bindparam("agency"),
        definition_event.c.key == sa.bindparam("key"),
    )
    .order_by(definition_event.c.id.desc())
    .limit(sa.bindparam("limit"))
)
#: events of one process that are told
MOST_EVENTS = 200
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
    #: from then on nothing is started by it
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Release:
    """How a version came about. `note`: what its deployment was called."""

    version: int
    at: datetime
    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a deployment, and what it was called."""

    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class DefinitionEvent:
    """`type`: definition.withdrawn, definition.restored or definition.deleted."""

    at: datetime
    actor: str
    type: str
    definition_id: str
    key: str
    version: int
    reason: str


def latest(
    db: Connection, agency_id: UUID, key: str | None = None, version: int | None = None
) -> Sequence[DefinitionRow]:
    """The newest version of each key (or of `key`) that is not withdrawn, by key; or exactly
    `version` of `key`, withdrawn or not.
    """
    given: dict[str, Any] = {"agency": agency_id}
    if key is None:
        return [_row(row) for row in db.execute(_LATEST, given)]
    given["key"] = key
    if version is None:
        return [_row(row) for row in db.execute(_LATEST_OF_KEY, given)]
    return [_row(row) for row in db.execute(_VERSION, {**given, "version": version})]


def named(db: Connection, agency_id: UUID) -> Sequence[DefinitionRow]:
    """The newest version of each key, withdrawn or not: it has the words for what still runs."""
    return [_row(row) for row in db.execute(_NAMED, {"agency": agency_id})]


def withdrawn(db: Connection, agency_id: UUID, key: str | None = None) -> Sequence[DefinitionRow]:
    """Every withdrawn version (of `key`): by key, the newest first."""
    if key is None:
        return [_row(row) for row in db.execute(_WITHDRAWN, {"agency": agency_id})]
    found = db.execute(_WITHDRAWN_OF_KEY, {"agency": agency_id, "key": key})
    return [_row(row) for row in found]


def versions(db: Connection, agency_id: UUID, key: str) -> Sequence[DefinitionRow]:
    """All versions of a key, withdrawn ones too, the newest first."""
    return [_row(row) for row in db.execute(_VERSIONS, {"agency": agency_id, "key": key})]


def releases(db: Connection, agency_id: UUID, key: str, upto: int) -> Sequence[Release]:
    """Up to this version, the newest first; at most MOST_EVENTS."""
    given = {"agency": agency_id, "key": key, "upto": upto, "limit": MOST_EVENTS}
    return [Release(**row._mapping) for row in db.execute(_RELEASES, given)]  # noqa: SLF001 - SQLAlchemy's name for it


def origins(
    db: Connection, agency_id: UUID, deployment_ids: Sequence[UUID]
) -> Mapping[str, Origin]:
    """Of these deployments, by id."""
    found = db.execute(_ORIGINS, {"agency": agency_id, "these": list({*deployment_ids})})
    return {str(row.id): Origin(row.actor, row.note) for row in found}


def events(db: Connection, agency_id: UUID, key: str) -> Sequence[DefinitionEvent]:
    """What was done to the versions of a key, the newest first; at most MOST_EVENTS."""
    given = {"agency": agency_id, "key": key, "limit": MOST_EVENTS}
    return [_event(row) for row in db.execute(_EVENTS, given)]


def _event(row: AnyRow) -> DefinitionEvent:
    return DefinitionEvent(
        row.at, row.actor, row.type, str(row.definition_id), row.key, row.version, row.reason
    )


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
