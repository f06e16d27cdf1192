"""The inbox's views: which tasks each shows, and how many of them there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.task import (
    CANDIDATE_LIVE,
    CLAIMED,
    IS_CLAIMED,
    IS_LIVE,
    OPEN,
    task,
    task_candidate,
)  # fmt: skip

_me = sa.bindparam("me", type_=sa.Text)
_agency = sa.bindparam("agency", type_=sa.Uuid)
_OF_AGENCY = task.c.agency_id == _agency


def _offered(principals: str) -> sa.Select[Any]:
    """Ids of live tasks that one of these principals may take."""
    return sa.select(task_candidate.c.task_id).where(
        task_candidate.c.agency_id == _agency,
        task_candidate.c.principal.in_(sa.bindparam(principals, expanding=True, type_=sa.Text)),
        CANDIDATE_LIVE,
        task_candidate.c.barred.is_(False),
    )


_BARRED = sa.select(task_candidate.c.task_id).where(
    task_candidate.c.agency_id == _agency,
    task_candidate.c.principal == sa.bindparam("myself", type_=sa.Text),
    CANDIDATE_LIVE,
    task_candidate.c.barred.is_(True),
)
_STARTED = sa.select(process_instance.c.id).where(
    process_instance.c.agency_id == _agency, process_instance.c.starter == _me, IS_ALIVE
)
_MINE = sa.and_(IS_LIVE, IS_CLAIMED, task.c.assignee == _me)
_DONE = sa.and_(task.c.completed_by == _me, task.c.completed_by.is_not(None))


#: What pages are ordered by: a view finds these, so that only the page's tasks are read whole.
_KEYS = (task.c.id, task.c.priority, task.c.due_at, task.c.ended_at)


def _tasks(*of: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(*_KEYS).where(_OF_AGENCY, *of)


_looked_up = task.alias("looked_up")


def _of_candidates(principals: str, *states: str) -> sa.Select[Any]:
    """The candidates' tasks that are in one of these states.

    The state is asked for in a sub-query of its own: joined, a planner that thinks the candidates
    many reads all tasks of the house instead of looking up these few.
    """
    state = (
        sa.select(_looked_up.c.state)
        .where(_looked_up.c.id == task_candidate.c.task_id)
        .correlate(task_candidate)
        .scalar_subquery()
    )
    offered = _offered(principals).where(state.in_(states)).distinct().subquery()
    return _tasks(IS_LIVE).join_from(task, offered, offered.c.task_id == task.c.id)


_CLAIMABLE = _of_candidates("principals", OPEN).where(task.c.id.not_in(_BARRED))
#: Each view as the tasks in it. They are joined, never strung together with OR: a planner finds
#: no index for an OR of sub-queries, and reads every open task of the house.
_VIEWS: Mapping[str, sa.Select[Any]] = {
    "mine": _tasks(_MINE),
    "claimable": _CLAIMABLE,
    "team": _of_candidates("posts", OPEN, CLAIMED),
    "done": _tasks(_DONE),
    "waiting": _tasks(
        IS_LIVE,
        task.c.instance_id.in_(_STARTED),
        sa.or_(task.c.assignee.is_(None), task.c.assignee != _me),
        task.c.id.not_in(_offered("principals")),
    ),
}
VIEWS = tuple(_VIEWS)


def meant(views: tuple[str, ...]) -> sa.Subquery:
    """The tasks that are in any of these views: id, and what pages are ordered by."""
    each = [_VIEWS[one] for one in views]
    # a UNION, so that a task of two views comes once
    return (each[0] if len(each) == 1 else sa.union(*each)).subquery("meant")


def values_for(actor: Actor, now: datetime) -> dict[str, Any]:
    """What the views' statements ask for."""
    principals = list(actor.principals)
    return {
        "agency": actor.agency_id,
        "me": actor.username,
        "myself": f"person:{actor.username}",
        "principals": principals,
        "posts": [p for p in principals if not p.startswith("person:")],
        "now": now,
    }


#: Found once, then counted.
_mine, _offers = _tasks(_MINE).cte("mine"), _CLAIMABLE.cte("offers")


def _count(found: sa.CTE, *of: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(found).where(*of).scalar_subquery()


def _late(found: sa.CTE) -> sa.ColumnElement[bool]:
    return found.c.due_at < sa.bindparam("now", type_=UtcDateTime)


def _newest(found: sa.CTE) -> sa.ScalarSelect[Any]:
    return sa.select(found.c.id).order_by(found.c.id.desc()).limit(1).scalar_subquery()


_COUNTS = sa.select(
    _count(_mine).label("mine"),
    _count(_offers).label("claimable"),
    (_count(_mine, _late(_mine)) + _count(_offers, _late(_offers))).label("overdue"),
    _newest(_mine).label("newest_mine"),
    _newest(_offers).label("newest_claimable"),
)


def counts_statement(actor: Actor, now: datetime) -> tuple[sa.Select[Any], dict[str, Any]]:
    return _COUNTS, values_for(actor, now)
