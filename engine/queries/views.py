"""The inbox's views: which tasks each shows, and how many of them there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

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


def _of_candidates(
    principals: str, *states: str, lateral: bool, barred: bool = True
) -> sa.Select[Any]:
    """The candidates' tasks that are in one of these states; `barred`: also those not for me.

    `lateral`: each is looked up by itself. A planner that thinks the candidates many would else
    read all tasks of the house (OFFSET 0 keeps PostgreSQL's from looking into it). SQLite knows
    no LATERAL, and joins from the few to the many anyway.
    """
    found = _offered(principals)
    if not barred:
        found = found.where(task_candidate.c.task_id.not_in(_BARRED))
    offered = found.distinct().subquery("offered")
    if not lateral:
        source = sa.join(task, offered, offered.c.task_id == task.c.id)
        return _tasks(IS_LIVE, task.c.state.in_(states)).select_from(source)
    one = _tasks(task.c.id == offered.c.task_id).add_columns(task.c.state).offset(0).lateral("one")
    return (
        sa.select(*(one.c[key.name] for key in _KEYS))
        .select_from(offered.join(one, sa.true()))
        .where(one.c.state.in_(states))
    )


def _views(*, lateral: bool) -> Mapping[str, sa.Select[Any]]:
    """Each view as the tasks in it. They are joined, never strung together with OR: a planner
    finds no index for an OR of sub-queries, and reads every open task of the house.
    """
    return {
        "mine": _tasks(_MINE),
        "claimable": _of_candidates("principals", OPEN, lateral=lateral, barred=False),
        "team": _of_candidates("posts", OPEN, CLAIMED, lateral=lateral),
        "done": _tasks(_DONE),
        "waiting": _tasks(
            IS_LIVE,
            task.c.instance_id.in_(_STARTED),
            sa.or_(task.c.assignee.is_(None), task.c.assignee != _me),
            task.c.id.not_in(_offered("principals")),
        ),
    }


#: by whether the database knows LATERAL
_VIEWS = {lateral: _views(lateral=lateral) for lateral in (True, False)}
VIEWS = tuple(_VIEWS[True])
#: Views that one index holds in their order: nothing is gained by finding all of them first.
INDEXED = frozenset({("mine",), ("done",)})


def knows_lateral(db: Connection) -> bool:
    return db.dialect.name == "postgresql"


def meant(views: tuple[str, ...], *, lateral: bool) -> sa.Subquery:
    """The tasks that are in any of these views: id, and what pages are ordered by."""
    each = [_VIEWS[lateral][one] for one in views]
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


def _counts(views: Mapping[str, sa.Select[Any]]) -> sa.Select[Any]:
    """Found once, then counted."""
    mine, offers = views["mine"].cte("mine"), views["claimable"].cte("offers")
    return sa.select(
        _count(mine).label("mine"),
        _count(offers).label("claimable"),
        (_count(mine, _late(mine)) + _count(offers, _late(offers))).label("overdue"),
        _newest(mine).label("newest_mine"),
        _newest(offers).label("newest_claimable"),
    )


_COUNTS = {lateral: _counts(views) for lateral, views in _VIEWS.items()}


def counts_statement(
    db: Connection, actor: Actor, now: datetime
) -> tuple[sa.Select[Any], dict[str, Any]]:
    return _COUNTS[knows_lateral(db)], values_for(actor, now)


def news_of(
    agency: sa.ColumnElement[Any], me: sa.ColumnElement[Any], principals: sa.FromClause
) -> tuple[sa.ScalarSelect[Any], sa.ScalarSelect[Any]]:
    """How many tasks are mine or mine to take, and the newest of them: as `counts` has them, for
    somebody whom the same statement finds. `principals` has theirs, each once, in its one column.

    For databases that know LATERAL.
    """
    (principal,) = principals.c
    live = (task_candidate.c.agency_id == agency, CANDIDATE_LIVE)
    offered = (
        sa.select(task_candidate.c.task_id)
        .where(*live, task_candidate.c.principal == principal, task_candidate.c.barred.is_(False))
        .offset(0)
        .lateral("offered")
    )
    barred = sa.select(task_candidate.c.task_id).where(
        *live,
        task_candidate.c.principal == sa.literal_column("'person:'", sa.Text) + me,
        task_candidate.c.barred.is_(True),
    )
    one = (
        sa.select(task.c.id, task.c.state)
        .where(task.c.agency_id == agency, task.c.id == offered.c.task_id)
        .offset(0)
        .lateral("one")
    )
    mine = sa.select(task.c.id).where(
        task.c.agency_id == agency, IS_LIVE, IS_CLAIMED, task.c.assignee == me
    )
    to_take = (
        sa.select(one.c.id)
        .select_from(principals.join(offered, sa.true()).join(one, sa.true()))
        .where(one.c.state == sa.literal_column(f"'{OPEN}'"), one.c.id.not_in(barred))
    )
    found = sa.union(mine, to_take).cte("found")
    return sa.select(sa.func.count()).select_from(found).scalar_subquery(), _newest(found)
