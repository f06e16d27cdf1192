"""Tasks as people see them: the inbox and its counts, one task, and who may see it."""

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

VIEWS = ("mine", "claimable", "team", "done", "waiting")
SORTS = ("urgency", "due", "new")


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task with all its page needs. `verbs` are those that the actor may use now."""

    task: TaskRow
    documentation: str
    definition_id: str
    instance_status: str
    starter: str | None
    #: variables of its process with this iteration's own on top
    variables: Mapping[str, Any]
    comments: Sequence[Comment]
    verbs: frozenset[str]
    first_opened_at: datetime | None
    first_opened_by: str | None
    #: grows with every change of the instance: what an ETag is made of
    version: int


@dataclass(frozen=True, slots=True)
class Counts:
    mine: int
    claimable: int
    overdue: int
    #: the newest of my and my claimable tasks; with the counts, what a poll compares
    newest: str | None


def inbox(
    db: Connection,
    actor: Actor,
    *,
    now: datetime,
    view: str = "mine",
    definition_key: str | None = None,
    overdue: bool = False,
    q: str | None = None,
    sort: str = "urgency",
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[TaskRow]:
    """A page of the actor's tasks.

    mine: claimed by me · claimable: open and mine to take · team: live tasks of my posts and units,
    whoever has them · done: completed by me · waiting: live tasks of others in what I started.
    """
    raise NotImplementedError


def counts(db: Connection, actor: Actor, now: datetime) -> Counts:
    raise NotImplementedError


def one(db: Connection, actor: Actor, task_id: UUID) -> TaskView:
    """NotFound for another agency's; Forbidden for whoever has nothing to do with its instance."""
    raise NotImplementedError


def of_instance(db: Connection, agency_id: UUID, instance_id: UUID) -> Sequence[TaskRow]:
    """Every task that an instance has had, oldest first. The caller checks the right."""
    raise NotImplementedError
