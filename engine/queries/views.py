"""The inbox's views: which tasks each shows, and how many of them there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.task import CANDIDATE_LIVE, IS_CLAIMED, IS_LIVE, task, task_candidate

_me = sa.bindparam("me", type_=sa.Text)
_agency = sa.bindparam("agency", type_=sa.Uuid)
_OF_AGENCY = task.c.agency_id == _agency
_of = task_candidate.c


def _offers(principals: str) -> sa.Select[Any]:
    """What pages are ordered by, of live tasks that one of these principals may take: as their
    index has it, for to look up each task is slow in a full house.
    """
    never = sa.null().cast(UtcDateTime).label("ended_at")
    return sa.select(_of.task_id.label("id"), _of.priority, _of.due_at, never).where(
        _of.agency_id == _agency,
        _of.principal.in_(sa.bindparam(principals, expanding=True, type_=sa.Text)),
        CANDIDATE_LIVE,
        _of.barred.is_(False),
    )


_not_for = task_candidate.alias("not_for")
_BARRED = sa.select(_not_for.c.task_id).where(
    _not_for.c.agency_id == _agency,
    _not_for.c.principal == sa.bindparam("myself", type_=sa.Text),
    _not_for.c.live,
    _not_for.c.barred.is_(True),
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


#: Each view as the tasks in it. They are joined, never strung together with OR: a planner finds no
#: index for an OR of sub-queries, and reads every open task of the house. A task that is offered to
#: several of one's principals is found once.
_VIEWS: Mapping[str, sa.Select[Any]] = {
    "mine": _tasks(_MINE),
    "claimable": (
        _offers("principals").where(_of.free.is_(True), _of.task_id.not_in(_BARRED)).distinct()
    ),
    "team": _offers("posts").distinct(),
    "done": _tasks(_DONE),
    "waiting": _tasks(
        IS_LIVE,
        task.c.instance_id.in_(_STARTED),
        sa.or_(task.c.assignee.is_(None), task.c.assignee != _me),
        task.c.id.not_in(_offers("principals").with_only_columns(_of.task_id)),
    ),
}
VIEWS = tuple(_VIEWS)
#: Views that one index holds in their order: nothing is gained by finding all of them first.
INDEXED = frozenset({("mine",), ("done",)})


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


def _count(found: sa.CTE, *of: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(found).where(*of).scalar_subquery()


def _late(found: sa.CTE) -> sa.ColumnElement[bool]:
    return found.c.due_at < sa.bindparam("now", type_=UtcDateTime)


def _newest(found: sa.CTE) -> sa.ScalarSelect[Any]:
    return sa.select(found.c.id).order_by(found.c.id.desc()).limit(1).scalar_subquery()


def _counts() -> sa.Select[Any]:
    """Found once, then counted."""
    mine, offers = _VIEWS["mine"].cte("mine"), _VIEWS["claimable"].cte("offers")
    return sa.select(
        _count(mine).label("mine"),
        _count(offers).label("claimable"),
        (_count(mine, _late(mine)) + _count(offers, _late(offers))).label("overdue"),
        _newest(mine).label("newest_mine"),
        _newest(offers).label("newest_claimable"),
    )


_COUNTS = _counts()


def counts_statement(actor: Actor, now: datetime) -> tuple[sa.Select[Any], dict[str, Any]]:
    return _COUNTS, values_for(actor, now)


def news_of(
    agency: sa.ColumnElement[Any], me: sa.ColumnElement[Any], principals: sa.FromClause
) -> tuple[sa.ScalarSelect[Any], sa.ScalarSelect[Any]]:
    """How many tasks are mine or mine to take, and the newest of them: as `counts` has them, for
    somebody whom the same statement finds. `principals` has theirs, each once, in its one column.

    For databases that know LATERAL.
    """
    (principal,) = principals.c
    live = (_of.agency_id == agency, CANDIDATE_LIVE)
    # OFFSET 0: each principal's are looked up by themselves. A planner that thinks the principals
    # many would else read the offers of the whole house.
    offered = (
        sa.select(_of.task_id.label("id"))
        .where(*live, _of.principal == principal, _of.barred.is_(False), _of.free.is_(True))
        .offset(0)
        .lateral("offered")
    )
    barred = sa.select(_of.task_id).where(
        *live,
        _of.principal == sa.literal_column("'person:'", sa.Text) + me,
        _of.barred.is_(True),
    )
    mine = sa.select(task.c.id).where(
        task.c.agency_id == agency, IS_LIVE, IS_CLAIMED, task.c.assignee == me
    )
    to_take = (
        sa.select(offered.c.id)
        .select_from(principals.join(offered, sa.true()))
        .where(offered.c.id.not_in(barred))
    )
    found = sa.union(mine, to_take).cte("found")
    return sa.select(sa.func.count()).select_from(found).scalar_subquery(), _newest(found)
