"""What an operator looks after: the machine's queues, and timers that are behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.models.job import IS_LEASED, IS_WAITING, job
from engine.models.starting import start_event
from engine.models.waiting import LATE, LONGEST_PAUSE, timer
from engine.queries.page import Page, check_window, count_to_limit

#: Who looks after the machine's work, or audits it.
RIGHTS = ("operate", "audit")

_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency")
_NOW: sa.BindParameter[datetime] = sa.bindparam("now")


def _pending(state: sa.ColumnElement[bool], running: int) -> sa.Select[Any]:
    """One row for each pending job, read through the partial index of its state."""
    return sa.select(
        job.c.action, job.c.queue, job.c.due_at, sa.literal(running).label("running")
    ).where(job.c.agency_id == _AGENCY, state)


_jobs = sa.union_all(_pending(IS_WAITING, 0), _pending(IS_LEASED, 1)).subquery()
_is_due = sa.and_(_jobs.c.running == 0, _jobs.c.due_at <= _NOW)
_QUEUES = (
    sa.select(
        _jobs.c.action,
        _jobs.c.queue,
        sa.func.sum(1 - _jobs.c.running).label("waiting"),
        sa.func.sum(sa.case((_is_due, 1), else_=0)).label("due"),
        sa.func.sum(_jobs.c.running).label("running"),
        sa.func.min(sa.case((_is_due, _jobs.c.due_at))).label("oldest_due_at"),
    )
    .group_by(_jobs.c.action, _jobs.c.queue)
    .order_by(_jobs.c.action, _jobs.c.queue)
)


def _behind(table: sa.Table) -> sa.ColumnElement[bool]:
    """Late, or put off after a failure, which is never further away than the longest pause."""
    return sa.and_(
        table.c.agency_id == _AGENCY,
        table.c.due_at <= sa.bindparam("latest"),
        sa.or_(table.c.due_at < sa.bindparam("late"), table.c.failures > 0),
    )


_of_cases = (
    sa.select(
        timer.c.id,
        timer.c.root_id.label("instance_id"),
        process_definition.c.key.label("definition_key"),
        process_instance.c.title,
        timer.c.element_id,
        timer.c.due_at,
        timer.c.failures,
    )
    .join(process_instance, process_instance.c.id == timer.c.root_id)
    .join(process_definition, process_definition.c.id == process_instance.c.definition_id)
    .where(_behind(timer))
)
_of_processes = (
    sa.select(
        start_event.c.id,
        sa.cast(sa.null(), sa.Uuid),
        start_event.c.definition_key,
        process_definition.c.name,
        start_event.c.element_id,
        start_event.c.due_at,
        start_event.c.failures,
    )
    .join(process_definition, process_definition.c.id == start_event.c.definition_id)
    .where(_behind(start_event))
)
_LATE_TIMERS = sa.select(sa.union_all(_of_cases, _of_processes).subquery("late"))


@dataclass(frozen=True, slots=True)
class QueueRow:
    """The pending jobs of one action."""

    action: str
    queue: str
    waiting: int
    #: those of the waiting ones that could run now
    due: int
    running: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimerRow:
    id: str
    #: None: it starts cases of the process
    instance_id: str | None
    definition_key: str
    title: str
    element_id: str
    due_at: datetime
    failures: int


def queues(db: Connection, actor: Actor, now: datetime) -> Sequence[QueueRow]:
    """By action; only such as have pending jobs. Needs the right operate or audit."""
    check_right(actor)
    rows = db.execute(_QUEUES, {"agency": actor.agency_id, "now": now})
    return [QueueRow(**row._mapping) for row in rows]  # noqa: SLF001 - public name


def late_timers(
    db: Connection, actor: Actor, now: datetime, *, page: int = 1, page_size: int = 20
) -> Page[TimerRow]:
    """The longest overdue first. Needs the right operate or audit."""
    check_window(page, page_size)
    check_right(actor)
    given = {"agency": actor.agency_id, "late": now - LATE, "latest": now + LONGEST_PAUSE}
    total = count_to_limit(db, _LATE_TIMERS, given)
    ordered = _LATE_TIMERS.order_by(sa.column("due_at"), sa.column("id"))
    window = ordered.limit(page_size + 1).offset((page - 1) * page_size)
    rows = db.execute(window, given).all()
    items = [_timer(row) for row in rows[:page_size]]
    return Page(items, total, "more" if len(rows) > page_size else None, page, page_size)


def check_right(actor: Actor) -> None:
    if not (actor.is_system or any(actor.may(right) for right in RIGHTS)):
        raise Forbidden("Expected the right operate or audit to see the machine's work.")


def _timer(row: Any) -> TimerRow:
    kept = row._asdict()
    for name in ("id", "instance_id"):
        kept[name] = None if kept[name] is None else str(UUID(str(kept[name])))
    return TimerRow(**kept)
