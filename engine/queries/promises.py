"""Promises between rows: each a SELECT of (agency, root instance) that answers what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.command_log import command_log
from engine.models.history import history_event
from engine.models.incident import incident
from engine.models.instance import ALIVE, IS_ALIVE, process_instance
from engine.models.job import DEAD, DONE, IS_LEASED, IS_WAITING, job
from engine.models.task import CANDIDATE_LIVE, IS_LIVE, IS_OPEN, task, task_candidate
from engine.models.waiting import TOKEN, timer
from engine.queries.finding import Finding

_event, _instance = history_event.c, process_instance.c
_root = process_instance.alias("root")
_IS_ROOT = _instance.id == _instance.root_id


def _differ(
    rows: sa.Table, of_rows: sa.ColumnElement[bool], of_events: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    """Root instances that have not as many such rows as such events.

    Both are read through once: to count them for each instance apart is too slow in a full house.
    """
    counted = sa.union_all(
        sa.select(rows.c.agency_id, rows.c.root_id, sa.literal(1).label("n")).where(of_rows),
        sa.select(_event.agency_id, _event.root_id, sa.literal(-1)).where(of_events),
    ).subquery()
    by = counted.c.agency_id, counted.c.root_id
    return sa.select(*by).group_by(*by).having(sa.func.sum(counted.c.n) != 0)


def _roots(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(_instance.agency_id, _instance.id).where(_IS_ROOT, *where)


def _of(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(table.c.agency_id, table.c.root_id).where(*where).distinct()


#: The report of a job that ended by a BPMN error: nothing else of the data ends like this.
_BY_ERROR = _event.data.like('%"state":"done"}')
_called = process_instance.alias("called")
_CALLS = (
    sa.select(sa.func.count())
    .select_from(_called)
    .where(
        _called.c.agency_id == _instance.agency_id,
        _called.c.root_id == _instance.id,
        _called.c.scope != "",
        _called.c.status.in_(sorted(ALIVE)),
    )
    .scalar_subquery()
)
CHECKS: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    (
        "I3",
        "a token has two live tasks",
        sa.select(task.c.agency_id, task.c.root_id)
        .where(IS_LIVE)
        .group_by(task.c.agency_id, task.c.root_id, task.c.token)
        .having(sa.func.count() > 1),
    ),
    (
        "I3",
        "the tasks and the events of their beginning differ in number",
        _differ(task, sa.true(), _event.type == "task.created"),
    ),
    (
        "I3",
        "a live task has candidates, but is offered to none of them",
        _of(
            task,
            IS_LIVE,
            sa.type_coerce(task.c.candidates, sa.Text) != "[]",
            sa.not_(
                sa.exists().where(
                    task_candidate.c.task_id == task.c.id,
                    CANDIDATE_LIVE,
                    sa.not_(task_candidate.c.barred),
                )
            ),
        ),
    ),
    (
        "I3",
        "a live task is offered otherwise than it is: free, urgent, or due",
        sa.select(task.c.agency_id, task.c.root_id)
        .join(task_candidate, task_candidate.c.task_id == task.c.id)
        .where(
            IS_LIVE,
            CANDIDATE_LIVE,
            sa.or_(
                task_candidate.c.free != IS_OPEN,
                task_candidate.c.priority != task.c.priority,
                task_candidate.c.due_at.is_distinct_from(task.c.due_at),
            ),
        )
        .distinct(),
    ),
    (
        "I4",
        "a task has ended, but its reminders or its escalation are still due",
        sa.select(task.c.agency_id, task.c.root_id)
        .join(timer, timer.c.task_id == task.c.id)
        .where(timer.c.kind != TOKEN, sa.not_(IS_LIVE))
        .distinct(),
    ),
    (
        "I4",
        "the called processes that live are not as many as the instance counts",
        _roots(_instance.calls != _CALLS, IS_ALIVE),
    ),
    (
        "I4",
        "the instance has ended, but a process that it called lives",
        sa.select(_instance.agency_id, _instance.root_id)
        .join(_root, _root.c.id == _instance.root_id)
        .where(IS_ALIVE, _root.c.status.not_in(sorted(ALIVE))),
    ),
    (
        "I4",
        "the incidents and the events of their beginning differ in number",
        _differ(incident, incident.c.root_id.is_not(None), _event.type == "incident.raised"),
    ),
    (
        "I9",
        "a job waits, but no attempt is left to it",
        _of(job, IS_WAITING, job.c.attempt >= job.c.max_attempts),
    ),
    (
        "I9",
        "a job is leased without an end, or is free and has one",
        _of(job, sa.or_(IS_LEASED, IS_WAITING), job.c.lease_until.is_(None) == IS_LEASED),
    ),
    (
        "I9",
        "a job is dead, but no incident tells of it",
        _of(job, job.c.state == DEAD, sa.not_(sa.exists().where(incident.c.job_id == job.c.id))),
    ),
    (
        "I9",
        "the jobs done and the reports of them differ in number",
        _differ(
            job,
            sa.and_(job.c.state == DONE, job.c.root_id.is_not(None)),
            sa.or_(_event.type == "job.completed", sa.and_(_event.type == "job.failed", _BY_ERROR)),
        ),
    ),
    (
        "I10",
        "a command was carried out, but its answer is not kept",
        sa.select(command_log.c.agency_id, sa.null())
        .where(command_log.c.answer.is_(None))
        .distinct(),
    ),
    (
        "I15",
        "one occurrence of a timer fired twice",
        sa.select(_event.agency_id, sa.func.min(sa.cast(_event.root_id, sa.Text)))
        .where(_event.type == "timer.fired", _event.data.like('%"timer_id":%'))
        .group_by(_event.agency_id, _event.data)
        .having(sa.func.count() > 1),
    ),
)  # fmt: skip


def broken(db: Connection) -> Iterator[Finding]:
    """Every promise of `CHECKS` that the stored rows break, and where."""
    for invariant, message, statement in CHECKS:
        for agency_id, root_id in db.execute(statement).all():
            where = None if root_id is None else str(UUID(str(root_id)))
            yield Finding(invariant, str(agency_id), where, message)
