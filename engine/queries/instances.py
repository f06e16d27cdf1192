"""Instances as people see them: lists, one with its tasks, its history and its way so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.task_row import TaskRow
from engine.queries.page import Page


@dataclass(frozen=True, slots=True)
class InstanceRow:
    id: str
    definition_id: str
    definition_key: str
    definition_version: int
    definition_name: str
    business_key: str | None
    title: str
    #: active, completed, cancelled or incident
    status: str
    started_by: str | None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    parent_instance_id: str | None
    root_instance_id: str


@dataclass(frozen=True, slots=True)
class InstanceView:
    instance: InstanceRow
    variables: Mapping[str, Any]
    #: live tasks and ended ones, oldest first
    tasks: Sequence[TaskRow]
    #: called processes' instances
    called: Sequence[InstanceRow]
    incidents: Sequence[Mapping[str, Any]]
    verbs: frozenset[str]
    version: int


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    at: datetime
    type: str
    element_id: str | None
    actor: str
    on_behalf_of: str | None
    data: Mapping[str, Any]
    instance_id: str
    task_id: str | None
    instrument_id: str | None


@dataclass(frozen=True, slots=True)
class ElementProgress:
    """One element of the diagram; also a row of the equal table.

    state: active, incident, completed or cancelled (the last that holds, in this order).
    """

    element_id: str
    state: str
    #: how often it was entered
    visits: int
    #: live tokens on it now
    tokens: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    definition_id: str
    elements: Sequence[ElementProgress]
    #: sequence flow id to how often it was taken
    flows: Mapping[str, int]


def listing(
    db: Connection,
    actor: Actor,
    *,
    definition_key: str | None = None,
    status: str | None = None,
    business_key: str | None = None,
    started_by: str | None = None,
    q: str | None = None,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[InstanceRow]:
    """Instances that the actor may see, newest first."""
    raise NotImplementedError


def one(db: Connection, actor: Actor, instance_id: UUID) -> InstanceView:
    raise NotImplementedError


def check_visible(db: Connection, actor: Actor, instance_id: UUID) -> None:
    """NotFound or Forbidden unless the actor started it, was asked or acted in it, or may look."""
    raise NotImplementedError


def history(
    db: Connection, actor: Actor, instance_id: UUID, *, after_seq: int = 0, limit: int = 1000
) -> Sequence[Event]:
    """Events in order. A root's include those of what it called."""
    raise NotImplementedError


def progress(db: Connection, actor: Actor, instance_id: UUID) -> Progress:
    raise NotImplementedError
