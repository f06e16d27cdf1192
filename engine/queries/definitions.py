"""Process definitions: the newest of each key, one, and the deployed bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection


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
    created_at: datetime


def latest(
    db: Connection, agency_id: UUID, key: str | None = None, version: int | None = None
) -> Sequence[DefinitionRow]:
    """The newest version of each key (or of `key`), by key; or exactly `version` of `key`."""
    raise NotImplementedError


def one(db: Connection, agency_id: UUID, definition_id: UUID) -> DefinitionRow:
    raise NotImplementedError


def xml(db: Connection, agency_id: UUID, definition_id: UUID) -> bytes:
    """The diagram's file as it was deployed."""
    raise NotImplementedError


def files(db: Connection, agency_id: UUID, definition_id: UUID) -> Mapping[str, bytes]:
    """All files of the definition's deployment by name (forms and decisions included)."""
    raise NotImplementedError


def form(db: Connection, agency_id: UUID, definition_id: UUID, key: str) -> bytes:
    """The form definition with this key from the definition's deployment."""
    raise NotImplementedError
