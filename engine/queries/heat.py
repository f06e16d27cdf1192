"""How cases of one version flow: what waits at each element now, and how long a period's tasks
took. No titles and no people: counts and times alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.job import IS_PENDING, job
from engine.models.task import COMPLETED, LIVE, task
from engine.models.waiting import TOKEN, subscription, timer

#: Who keeps processes, or audits them.
RIGHTS = ("deploy", "operate", "audit")

_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency", type_=sa.Uuid)
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=UtcDateTime)
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since", type_=UtcDateTime)
_instance = process_instance.c
_OF_VERSION = sa.and_(
    _instance.agency_id == _AGENCY, _instance.definition_id == sa.bindparam("this", type_=sa.Uuid)
)


_KEY = sa.select(process_definition.c.key).where(
    process_definition.c.agency_id == _AGENCY,
    process_definition.c.id == sa.bindparam("this", type_=sa.Uuid),
)


@dataclass(frozen=True, slots=True)
class ElementHeat:
    """One element: open `tasks`, `late` of them past their deadline, the `oldest` waiting longest;
    `waits` other tokens (machine work, messages, moments); `stuck` incidents. Of the tasks that
    were done in the period: how many, how many too late, and what half and nine of ten took at
    most.
    """

    element_id: str
    tasks: int = 0
    late: int = 0
    oldest: datetime | None = None
    waits: int = 0
    stuck: int = 0
    done: int = 0
    done_late: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None


def heat(
    db: Connection, actor: Actor, definition_id: UUID, since: datetime, now: datetime
) -> Sequence[ElementHeat]:
    """Elements at which something waits, or was done since then, by id. Needs a right of RIGHTS, or
    a grant to administer the process.
    """
    mine = demand_reach(db, actor, *RIGHTS)
    if mine.processes is not None:
        asked = {"agency": actor.agency_id, "this": definition_id}
        mine.check(db.execute(_KEY, asked).scalar_one_or_none())
    key = {"agency": actor.agency_id, "this": definition_id, "since": since, "now": now}
    found = {row.element_id: _of_tasks(row) for row in db.execute(_tasks(db.dialect.name), key)}
    for row in db.execute(_OTHERS, {"agency": actor.agency_id, "this": definition_id}):
        seen = found.get(row.element_id) or {"element_id": row.element_id}
        found[row.element_id] = seen | {"waits": int(row.waits), "stuck": int(row.stuck)}
    return [ElementHeat(**found[name]) for name in sorted(found)]


def _of_tasks(row: AnyRow) -> dict[str, Any]:
    said = row._asdict()
    for name in ("median", "p90"):
        said[name] = None if said[name] is None else timedelta(seconds=float(said[name]))
    return said


@cache
def _tasks(dialect: str) -> sa.Select[Any]:
    """One row an element. Percentiles by rank: both databases count alike."""
    live = task.c.state.in_(LIVE)
    took = _seconds(dialect)
    due = sa.func.coalesce(task.c.ended_at, _NOW) > task.c.due_at
    each = (
        sa.select(
            task.c.element_id, task.c.created_at, live.label("live"), due.label("late"),
            took.label("took"),
            sa.func.row_number()
            .over(partition_by=[task.c.element_id, live], order_by=took)
            .label("place"),
            sa.func.count().over(partition_by=[task.c.element_id, live]).label("total"),
        )
        .join(process_instance, _instance.id == task.c.instance_id)
        .where(_OF_VERSION, sa.or_(IS_ALIVE, _instance.ended_at >= _SINCE))
        .where(task.c.agency_id == _AGENCY)
        .where(sa.or_(live, sa.and_(task.c.state == COMPLETED, task.c.ended_at >= _SINCE)))
        .subquery("each")
    )  # fmt: skip
    of, done = each.c, sa.not_(each.c.live)

    def number(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0))

    def at(place: sa.ColumnElement[int]) -> sa.ColumnElement[Any]:
        return sa.func.max(sa.case((sa.and_(done, of.place == place), of.took)))

    return sa.select(
        of.element_id,
        number(of.live).label("tasks"),
        number(of.live, of.late).label("late"),
        sa.func.min(sa.case((of.live, of.created_at)), type_=UtcDateTime).label("oldest"),
        number(done).label("done"),
        number(done, of.late).label("done_late"),
        at((of.total + 1) // 2).label("median"),
        at((9 * of.total + 9) // 10).label("p90"),
    ).group_by(of.element_id)


def _seconds(dialect: str) -> sa.ColumnElement[Any]:
    """From when a task came to when it was done."""
    if dialect == "postgresql":
        return sa.extract("epoch", task.c.ended_at - task.c.created_at)
    days = sa.func.julianday(task.c.ended_at) - sa.func.julianday(task.c.created_at)
    return days * 86_400


def _waiting(
    table: sa.Table, instance: sa.Column[Any], *of: sa.ColumnElement[bool], stuck: int = 0
) -> sa.Select[Any]:
    counts = (sa.literal(1 - stuck).label("waits"), sa.literal(stuck).label("stuck"))
    return (
        sa.select(table.c.element_id, *counts)
        .join(process_instance, _instance.id == instance)
        .where(_OF_VERSION, IS_ALIVE, table.c.agency_id == _AGENCY, *of)
    )


_each = sa.union_all(
    _waiting(job, job.c.instance_id, IS_PENDING, job.c.token.is_not(None)),
    _waiting(subscription, subscription.c.root_id),
    _waiting(timer, timer.c.root_id, timer.c.kind == TOKEN),
    _waiting(incident, incident.c.instance_id, IS_OPEN, stuck=1),
).subquery("each")
_OTHERS = sa.select(
    _each.c.element_id,
    sa.func.sum(_each.c.waits).label("waits"),
    sa.func.sum(_each.c.stuck).label("stuck"),
).group_by(_each.c.element_id)
