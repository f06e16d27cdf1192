"""How cases of a process flow: what waits at each element now, and how long a period's tasks took,
in working time and by the clock. No titles and no people: counts and times alone.

What is read is bounded, however large the house: so many cases that run (RUNNING), so many that
ended (ENDED), so many tasks of them (TASKS). Cases are found by their own indexes (of version, of
those alive, of the end), tasks by `ix_task_instance`. Working time is counted here, not in SQL: it
hangs on a calendar's holidays and half days, and both databases count alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.models.columns import AnyRow
from engine.models.granting import demand_reach
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.job import IS_PENDING, job
from engine.models.task import COMPLETED, IS_LIVE, task
from engine.models.waiting import TOKEN, subscription, timer
from engine.ports import WorkingTime
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow

#: Who keeps processes, or audits them.
RIGHTS = ("deploy", "operate", "audit")
#: Cases that run, cases that ended, and tasks done in them, that are counted at most.
RUNNING, ENDED, TASKS = 20_000, 10_000, 100_000

_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency", type_=sa.Uuid)
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=UtcDateTime)
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since", type_=UtcDateTime)
_UNTIL: sa.BindParameter[datetime] = sa.bindparam("until", type_=UtcDateTime)
_THESE: sa.BindParameter[UUID] = sa.bindparam("these", expanding=True, type_=sa.Uuid)
_RUNNING: sa.BindParameter[int] = sa.bindparam("running", type_=sa.Integer)
_ENDED: sa.BindParameter[int] = sa.bindparam("ended", type_=sa.Integer)
_instance, _task = process_instance.c, task.c
_OF_THESE = sa.and_(_instance.agency_id == _AGENCY, _instance.definition_id.in_(_THESE))


@dataclass(frozen=True, slots=True)
class Took:
    """What half and nine of ten tasks took at most."""

    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ElementHeat:
    """One element: open `tasks`, `late` of them past their deadline, the `oldest` waiting longest;
    `waits` other tokens (machine work, messages, moments); `stuck` incidents. Of the tasks that
    people did in the period: how many, how many of them had a deadline (`done_due`), how many
    missed it, and how long they took by the `clock` and in `working` time.
    """

    element_id: str
    tasks: int = 0
    late: int = 0
    oldest: datetime | None = None
    waits: int = 0
    stuck: int = 0
    done: int = 0
    done_due: int = 0
    done_late: int = 0
    clock: Took = Took()
    working: Took = Took()


@dataclass(frozen=True, slots=True)
class Heat:
    """`versions`: those that are counted, the newest first. `more_running`, `more_done`: there is
    more than RUNNING cases, or than ENDED and TASKS, so that only so many are counted.
    """

    versions: Sequence[DefinitionRow]
    elements: Sequence[ElementHeat]
    more_running: bool = False
    more_done: bool = False


def heat(
    db: Connection,
    actor: Actor,
    definition_id: UUID,
    since: datetime,
    until: datetime,
    *,
    now: datetime,
    working: WorkingTime,
    every_version: bool = False,
) -> Heat:
    """Elements at which something waits now, or was done from `since` to before `until`, by id; of
    one version, or of all of its process together. Needs a right of RIGHTS, or a grant to
    administer the process; NotFound in any other agency.
    """
    mine = demand_reach(db, actor, *RIGHTS)
    row = definitions.one(db, actor.agency_id, definition_id)
    mine.check(row.key)
    every = definitions.versions(db, actor.agency_id, row.key) if every_version else [row]
    given: dict[str, Any] = {
        "agency": actor.agency_id, "these": [UUID(one.id) for one in every], "now": now,
        "since": since, "until": until, "running": RUNNING, "ended": ENDED,
    }  # fmt: skip
    found = {one.element_id: ElementHeat(**one._mapping) for one in db.execute(_NOW_OPEN, given)}  # noqa: SLF001 - public name
    for one in db.execute(_OTHERS, given):
        seen = found.get(one.element_id) or ElementHeat(one.element_id)
        found[one.element_id] = replace(seen, waits=int(one.waits), stuck=int(one.stuck))
    done = db.execute(_DONE.limit(TASKS + 1), given).all()
    for name, past in _by_element(done[:TASKS], working).items():
        found[name] = past.told(found.get(name) or ElementHeat(name))
    beyond = db.execute(_BEYOND, given | {"running": RUNNING + 1, "ended": ENDED + 1}).one()
    return Heat(
        every,
        [found[name] for name in sorted(found)],
        more_running=beyond.alive > RUNNING,
        more_done=len(done) > TASKS or max(beyond.within, beyond.after) > ENDED,
    )


# -- what was done -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Past:
    due: int = 0
    late: int = 0
    clock: list[timedelta] = field(default_factory=list)
    working: list[timedelta] = field(default_factory=list)

    def told(self, one: ElementHeat) -> ElementHeat:
        return replace(
            one, done=len(self.clock), done_due=self.due, done_late=self.late,
            clock=_ranked(self.clock), working=_ranked(self.working),
        )  # fmt: skip


def _by_element(rows: Iterable[AnyRow], working: WorkingTime) -> dict[str, _Past]:
    found: dict[str, _Past] = {}
    for row in rows:
        past = found.setdefault(row.element_id, _Past())
        past.due += row.due_at is not None
        past.late += row.due_at is not None and row.ended_at > row.due_at
        past.clock.append(row.ended_at - row.created_at)
        past.working.append(working.between(row.created_at, row.ended_at))
    return found


def _ranked(lengths: list[timedelta]) -> Took:
    """By rank, without a mean of two: the least that half, and nine of ten, did not exceed."""
    lengths.sort()
    total = len(lengths)
    return Took(lengths[(total + 1) // 2 - 1], lengths[(9 * total + 9) // 10 - 1])


# -- statements ----------------------------------------------------------------------------------


_alive = (
    sa.select(_instance.id, _instance.started_at)
    .where(_OF_THESE, IS_ALIVE)
    .limit(_RUNNING)
    .cte("alive")
)


def _ended(*of: sa.ColumnElement[bool], order: sa.UnaryExpression[Any]) -> sa.Select[Any]:
    """Cases that ended, as `ix_process_instance_ended` and `ix_process_instance_definition` find
    them.
    """
    return (
        sa.select(_instance.id)
        .where(_OF_THESE, _instance.ended_at.is_not(None), *of)
        .order_by(order)
        .limit(_ENDED)
    )


#: Nearest to the end of the period first, from either side.
_within = _ended(
    _instance.ended_at >= _SINCE, _instance.ended_at < _UNTIL, order=_instance.ended_at.desc()
).cte("within")
_after = _ended(
    _instance.ended_at >= _UNTIL, _instance.started_at < _UNTIL, order=_instance.ended_at.asc()
).cte("after")
_past = sa.union_all(
    sa.select(_within.c.id),
    sa.select(_after.c.id),
    sa.select(_alive.c.id).where(_alive.c.started_at < _UNTIL),
).subquery("past")
#: A task that was passed because the same person had done as much before waited for nobody.
_DONE = (
    sa.select(_task.element_id, _task.created_at, _task.ended_at, _task.due_at)
    .join_from(_past, task, sa.and_(_task.agency_id == _AGENCY, _task.instance_id == _past.c.id))
    .where(_task.state == COMPLETED, _task.skipped.is_(False))
    .where(_task.ended_at >= _SINCE, _task.ended_at < _UNTIL)
)
_BEYOND = sa.select(
    *(
        sa.select(sa.func.count()).select_from(cases).scalar_subquery().label(cases.name)
        for cases in (_alive, _within, _after)
    )
)
_NOW_OPEN = (
    sa.select(
        _task.element_id,
        sa.func.count().label("tasks"),
        sa.func.sum(sa.case((_task.due_at < _NOW, 1), else_=0)).label("late"),
        sa.func.min(_task.created_at, type_=UtcDateTime).label("oldest"),
    )
    .join_from(_alive, task, sa.and_(_task.agency_id == _AGENCY, _task.instance_id == _alive.c.id))
    .where(IS_LIVE)
    .group_by(_task.element_id)
)


def _waiting(
    table: sa.Table, instance: sa.Column[Any], *of: sa.ColumnElement[bool], stuck: int = 0
) -> sa.Select[Any]:
    counts = (sa.literal(1 - stuck).label("waits"), sa.literal(stuck).label("stuck"))
    return (
        sa.select(table.c.element_id, *counts)
        .join_from(_alive, table, sa.and_(table.c.agency_id == _AGENCY, instance == _alive.c.id))
        .where(*of)
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
