"""Tasks as people see them: the inbox and its counts, one task, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.models.packing import shown
from engine.models.taking import verbs
from engine.models.task import IS_LIVE, LIVE, task, task_comment
from engine.models.task_row import TASK_COLUMNS, TASK_SOURCE, TaskRow, task_row
from engine.queries import secrecy
from engine.queries.listing import SORTS, Wish, page_of
from engine.queries.page import Page
from engine.queries.views import VIEWS, counts_statement
from engine.queries.visibility import check_visible, keeps
from engine.queries.withheld import hidden_from, without

__all__ = [
    "SORTS", "VIEWS", "Comment", "Counts", "Iteration", "TaskView", "counts", "inbox",
    "iterations", "of_instance", "one",
]  # fmt: skip

_root = process_instance.alias("root")
_ONE = (
    sa.select(
        *TASK_COLUMNS,
        task.c.root_id,
        task.c.documentation,
        task.c.excluded,
        task.c.local,
        task.c.first_opened_at,
        task.c.first_opened_by,
        process_definition.c.id.label("definition_id"),
        process_instance.c.status.label("instance_status"),
        process_instance.c.starter,
        process_instance.c.variables,
        _root.c.lock_version,
        _root.c.secrecy.label("degree"),
    )
    .select_from(TASK_SOURCE.join(_root, _root.c.id == task.c.root_id))
    .where(task.c.agency_id == sa.bindparam("agency"), task.c.id == sa.bindparam("this"))
)
_COMMENTS = (
    sa.select(task_comment)
    .where(
        task_comment.c.agency_id == sa.bindparam("agency"),
        task_comment.c.task_id == sa.bindparam("this"),
    )
    .order_by(task_comment.c.id)
)
_OF_INSTANCE = (
    sa.select(*TASK_COLUMNS)
    .select_from(TASK_SOURCE)
    .where(
        task.c.agency_id == sa.bindparam("agency"), task.c.instance_id == sa.bindparam("instance")
    )
    # Live ones first, oldest first; then what is over, newest first.
    .order_by(
        sa.case((IS_LIVE, 0), else_=1), sa.case((IS_LIVE, task.c.id), else_=None), task.c.id.desc()
    )
    .limit(sa.bindparam("limit"))
)
_ITERATIONS = (
    sa.select(task.c.id, task.c.element_id, task.c.assignee, task.c.candidates, task.c.local)
    .where(
        task.c.agency_id == sa.bindparam("agency"),
        task.c.instance_id == sa.bindparam("instance"),
        IS_LIVE,
    )
    .order_by(task.c.id)
)


@dataclass(frozen=True, slots=True)
class Iteration:
    """A live task with the variables of its own iteration, as they are shown."""

    task_id: str
    element_id: str
    assignee: str | None
    candidates: Sequence[Mapping[str, str]]
    local: Mapping[str, Any]


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
    #: variables of its process with this iteration's own on top, but those hidden from the actor
    variables: Mapping[str, Any]
    comments: Sequence[Comment]
    verbs: frozenset[str]
    first_opened_at: datetime | None
    first_opened_by: str | None
    #: grows with every change of the instance: what an ETag is made of
    version: int
    #: what is said in the case is kept from the actor
    untold: bool = False


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
    whoever has them · done: completed by me (newest first) · waiting: live tasks of others in what
    I started. Several views, with commas between them, are one list. `q` is part of the title, the
    name or the business key.
    """
    wish = Wish(view, definition_key, overdue, q, sort, page, page_size, after)
    return page_of(db, actor, now, wish)


def counts(db: Connection, actor: Actor, now: datetime) -> Counts:
    statement, values = counts_statement(actor, now)
    row = db.execute(statement, values).one()
    newest = max(filter(None, (row.newest_mine, row.newest_claimable)), default=None)
    return Counts(row.mine, row.claimable, row.overdue, str(newest) if newest else None)


def one(db: Connection, actor: Actor, task_id: UUID) -> TaskView:
    """NotFound for another agency's; Forbidden for whoever has nothing to do with its instance."""
    key = {"agency": actor.agency_id, "this": task_id}
    row = db.execute(_ONE, key).first()
    if row is None:
        raise NotFound(f"Expected the id of a task, but found none with {task_id}.")
    check_visible(db, actor, row.root_id)
    untold = secrecy.kept_from(db, actor, row.root_id, row.degree)
    return TaskView(
        task=secrecy.untold([task_row(row)])[0] if untold else task_row(row),
        documentation=row.documentation,
        definition_id=str(row.definition_id),
        instance_status=row.instance_status,
        starter=row.starter,
        variables={} if untold else _variables(db, actor, row),
        comments=[] if untold else [_comment(found) for found in db.execute(_COMMENTS, key)],
        verbs=_verbs(db, actor, row),
        first_opened_at=row.first_opened_at,
        first_opened_by=row.first_opened_by,
        version=row.lock_version,
        untold=untold,
    )


def _variables(db: Connection, actor: Actor, row: AnyRow) -> Mapping[str, Any]:
    hidden = hidden_from(db, actor, row.root_id, row.element_id)
    return without(shown({**row.variables, **row.local}), hidden)


def _verbs(db: Connection, actor: Actor, row: AnyRow) -> frozenset[str]:
    found = verbs(actor, row._asdict())
    if "reassign" in found or row.state not in LIVE or not keeps(db, actor, row.root_id):
        return found
    return found | {"reassign"}


def _comment(row: AnyRow) -> Comment:
    return Comment(str(row.id), row.author, row.text, row.at)


def of_instance(
    db: Connection, agency_id: UUID, instance_id: UUID, limit: int = 500
) -> Sequence[TaskRow]:
    """Tasks of an instance: live ones, then the newest that ended. The caller checks the right."""
    key = {"agency": agency_id, "instance": instance_id, "limit": limit}
    return [task_row(row) for row in db.execute(_OF_INSTANCE, key)]


def iterations(db: Connection, agency_id: UUID, instance_id: UUID) -> Sequence[Iteration]:
    """Live tasks of an instance, oldest first, each with what only its own iteration has.
    The caller checks the right, and what is hidden.
    """
    key = {"agency": agency_id, "instance": instance_id}
    return [
        Iteration(str(row.id), row.element_id, row.assignee, row.candidates, shown(row.local))
        for row in db.execute(_ITERATIONS, key)
    ]
