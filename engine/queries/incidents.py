"""Incidents as operators see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.queries.page import Page


@dataclass(frozen=True, slots=True)
class IncidentRow:
    id: str
    instance_id: str | None
    root_instance_id: str | None
    definition_key: str | None
    title: str | None
    element_id: str
    code: str
    message: str
    detail: Mapping[str, str]
    #: open or resolved
    state: str
    raised_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    job_id: str | None
    task_id: str | None


def listing(
    db: Connection,
    actor: Actor,
    *,
    state: str | None = "open",
    instance_id: UUID | None = None,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[IncidentRow]:
    """Newest first. Needs the right operate or audit, or sight of the instance."""
    raise NotImplementedError


def one(db: Connection, actor: Actor, incident_id: UUID) -> IncidentRow:
    raise NotImplementedError
