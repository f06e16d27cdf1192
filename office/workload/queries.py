"""A unit's load: by person, what nobody has claimed yet, and the tasks themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.models.task import CANDIDATE_LIVE, IS_CLAIMED, IS_OPEN, task, task_candidate
from engine.queries.page import Page, check_window, count_to_limit, decode_cursor, encode_cursor
from office.documents.models import document, document_reader
from office.documents.rules import OPEN_TO_RIGHTS
from office.people.models import leave
from office.people.queries.moment import AGENCY, AT, now
from office.workload.scope import MEMBERS, PRINCIPALS, HeadedUnit, demand_head

#: stands for "nobody yet" where a person is chosen
NOBODY = "-"

_members = MEMBERS.cte("members")
_principals = PRINCIPALS.subquery("principals")
_away = (
    sa.exists()
    .where(leave.c.agency_id == AGENCY, leave.c.person_id == _members.c.id)
    .where(leave.c.cancelled_at.is_(None), now(leave))
)
_late = task.c.due_at < AT
_FIGURES = (
    sa.func.count(task.c.id).label("tasks"),
    sa.func.coalesce(sa.func.sum(sa.case((_late, 1), else_=0)), 0).label("late"),
    sa.func.min(task.c.created_at, type_=UtcDateTime).label("oldest"),
    sa.func.min(task.c.due_at, type_=UtcDateTime).label("next_due"),
)
_BY_PERSON = (
    sa.select(_members.c.username, _members.c.name, _away.label("away"), *_FIGURES)
    .select_from(
        _members.outerjoin(
            task,
            sa.and_(task.c.agency_id == AGENCY, task.c.assignee == _members.c.username, IS_CLAIMED),
        )
    )
    .group_by(_members.c.id, _members.c.username, _members.c.name, _members.c.sort_key)
    .order_by(_members.c.sort_key, _members.c.username)
)
#: Ids of tasks that are offered to these units or their posts.
_OFFERED = (
    sa.select(task_candidate.c.task_id)
    .join(_principals, _principals.c.principal == task_candidate.c.principal)
    .where(task_candidate.c.agency_id == AGENCY, CANDIDATE_LIVE)
    .where(task_candidate.c.barred.is_(False))
    .distinct()
    .subquery("offered")
)
_UNCLAIMED = (
    sa.select(*_FIGURES)
    .select_from(sa.join(_OFFERED, task, task.c.id == _OFFERED.c.task_id))
    .where(task.c.agency_id == AGENCY, IS_OPEN)
)
_KEYS = (task.c.id, task.c.due_at)
_HELD = (
    sa.select(*_KEYS)
    .select_from(sa.join(_members, task, task.c.assignee == _members.c.username))
    .where(task.c.agency_id == AGENCY, IS_CLAIMED)
)
_ONE_HOLDS = _HELD.where(_members.c.username == sa.bindparam("who"))
_FREE = (
    sa.select(*_KEYS)
    .select_from(sa.join(_OFFERED, task, task.c.id == _OFFERED.c.task_id))
    .where(task.c.agency_id == AGENCY, IS_OPEN)
)
_hidden = sa.and_(
    document.c.secrecy > OPEN_TO_RIGHTS,
    sa.or_(
        document.c.secrecy > sa.bindparam("clearance", type_=sa.Integer),
        sa.not_(
            sa.exists().where(
                document_reader.c.agency_id == AGENCY,
                document_reader.c.document_id == document.c.id,
                document_reader.c.principal.in_(sa.bindparam("me", expanding=True)),
            )
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Load:
    """`late` of these `tasks` are past their deadline; `oldest` has waited longest."""

    tasks: int
    late: int
    oldest: datetime | None
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class PersonLoad(Load):
    username: str
    name: str
    #: on leave at this moment
    away: bool


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """What the actor heads, who works there, and what waits there for somebody to claim it."""

    units: Sequence[HeadedUnit]
    people: Sequence[PersonLoad]
    unclaimed: Load


@dataclass(frozen=True, slots=True)
class UnitTask:
    """A task of a unit as its head sees it. `secret`: of a letter that they may not read; its
    `title` is empty then.
    """

    id: str
    name: str
    title: str
    secret: bool
    definition_key: str
    definition_name: str
    assignee: str | None
    candidates: Sequence[Mapping[str, str]]
    priority: int
    created_at: datetime
    due_at: datetime | None
    late: bool


def load(db: Connection, actor: Actor, at: datetime) -> UnitLoad:
    """Forbidden (not_head) for who heads nothing."""
    scope = demand_head(db, actor, at)
    binds = scope.binds(actor, at)
    people = [
        PersonLoad(row.tasks, int(row.late), row.oldest, row.next_due, row.username, row.name,
                   bool(row.away))
        for row in db.execute(_BY_PERSON, binds)
    ]  # fmt: skip
    free = db.execute(_UNCLAIMED, binds).one()
    unclaimed = Load(free.tasks, int(free.late), free.oldest, free.next_due)
    return UnitLoad(scope.heads, people, unclaimed)


def tasks(
    db: Connection,
    actor: Actor,
    at: datetime,
    *,
    who: str | None = None,
    late: bool = False,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[UnitTask]:
    """Those that are due first come first. `who`: a sign-in name, or "-" for what nobody has
    claimed. Forbidden (not_head) for who heads nothing.
    """
    check_window(page, page_size)
    if after is not None:
        (page,) = decode_cursor("unit load", after, tuple[int])
        check_window(page, page_size)
    scope = demand_head(db, actor, at)
    binds = scope.binds(actor, at) | {"who": who, "me": [*actor.principals],
             "clearance": actor.clearance}  # fmt: skip
    keys = _meant(who)
    wanted = sa.select(keys).where(keys.c.due_at < AT) if late else sa.select(keys)
    total = count_to_limit(db, wanted, binds)
    order = (keys.c.due_at.is_(None), keys.c.due_at, keys.c.id)
    window = wanted.order_by(*order).limit(page_size + 1).offset((page - 1) * page_size)
    rows = db.execute(_whole(window.subquery("shown")), binds).all()
    more, rows = len(rows) > page_size, rows[:page_size]
    following = encode_cursor("unit load", [page + 1]) if more else None
    return Page([_task(row, at) for row in rows], total, following, page, page_size)


def _meant(who: str | None) -> sa.Subquery:
    """Strung together, never by OR: each half has its index, and no task is in both."""
    if who == NOBODY:
        return _FREE.subquery("meant")
    if who:
        return _ONE_HOLDS.subquery("meant")
    return sa.union_all(_HELD, _FREE).subquery("meant")


def _whole(shown: sa.Subquery) -> sa.Select[Any]:
    letter = sa.and_(
        document.c.agency_id == task.c.agency_id, document.c.instance_id == task.c.root_id
    )
    return (
        sa.select(
            task.c.id, task.c.name, task.c.assignee, task.c.candidates, task.c.priority,
            task.c.created_at, task.c.due_at, process_instance.c.title,
            process_definition.c.key, process_definition.c.name.label("process"),
            sa.func.coalesce(_hidden, False).label("secret"),
        )
        .select_from(shown)
        .join(task, task.c.id == shown.c.id)
        .join(process_instance, process_instance.c.id == task.c.instance_id)
        .join(process_definition, process_definition.c.id == process_instance.c.definition_id)
        .outerjoin(document, letter)
        .where(task.c.agency_id == AGENCY)
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    )  # fmt: skip


def _task(row: AnyRow, at: datetime) -> UnitTask:
    return UnitTask(
        id=str(row.id),
        name=row.name,
        title="" if row.secret else row.title,
        secret=bool(row.secret),
        definition_key=row.key,
        definition_name=row.process,
        assignee=row.assignee,
        candidates=row.candidates,
        priority=row.priority,
        created_at=row.created_at,
        due_at=row.due_at,
        late=row.due_at is not None and row.due_at < at,
    )
