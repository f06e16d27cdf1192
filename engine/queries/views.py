"""The inbox's views as conditions, its orders as keys, and the page that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.errors import FieldError, Invalid
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
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
from engine.models.task_row import TASK_COLUMNS, TASK_SOURCE, TaskRow, task_row
from engine.queries.page import Page, check_window, count_to_limit, decode_cursor, encode_cursor

#: Stands for "no deadline" in orders: after every real one.
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
#: Longest text that is searched for.
MAX_Q = 200

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
_MINE = sa.and_(_OF_AGENCY, IS_LIVE, IS_CLAIMED, task.c.assignee == _me)
_DONE = sa.and_(_OF_AGENCY, task.c.completed_by == _me, task.c.completed_by.is_not(None))


def _tasks(*of: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(task.c.id, task.c.due_at).where(_OF_AGENCY, *of)


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


_looked_up = task.alias("looked_up")
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
#: Views that one index holds in their order: nothing is gained by finding all of them first.
_INDEXED: Mapping[tuple[str, ...], sa.ColumnElement[bool]] = {("mine",): _MINE, ("done",): _DONE}
VIEWS = tuple(_VIEWS)


@dataclass(frozen=True, slots=True)
class _Order:
    """Ascending by `keys`, or all descending; `types` are those of a cursor's values."""

    keys: tuple[sa.ColumnElement[Any], ...]
    names: tuple[str, ...]
    types: Any
    descending: bool = False

    def columns(self) -> list[sa.ColumnElement[Any]]:
        return [key.desc() if self.descending else key.asc() for key in self.keys]

    def beyond(self) -> sa.ColumnElement[bool]:
        """Rows that follow those of the cursor."""
        places = sa.tuple_(
            *(
                sa.bindparam(f"after_{name}", type_=key.type)
                for name, key in zip(self.names, self.keys, strict=True)
            )
        )
        mine = sa.tuple_(*self.keys)
        return mine < places if self.descending else mine > places


_due = sa.func.coalesce(task.c.due_at, sa.bindparam("never", _NEVER, type_=UtcDateTime))
_ORDERS: Mapping[str, _Order] = {
    "urgency": _Order(
        (-task.c.priority, _due, task.c.id), ("rank", "due", "id"), tuple[int, datetime, UUID]
    ),
    "due": _Order((_due, task.c.id), ("due", "id"), tuple[datetime, UUID]),
    "new": _Order((task.c.id,), ("id",), tuple[UUID], descending=True),
    "done": _Order(
        (task.c.ended_at, task.c.id), ("ended", "id"), tuple[datetime, UUID], descending=True
    ),
}
SORTS = ("urgency", "due", "new")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asked of the inbox. `view`: one, or several with commas between them."""

    view: str
    definition_key: str | None
    overdue: bool
    q: str | None
    sort: str
    page: int
    page_size: int
    after: str | None

    @property
    def order(self) -> str:
        return "done" if self.view == "done" else self.sort

    def check(self) -> None:
        check_window(self.page, self.page_size)
        asked = [("sort", self.sort, SORTS), *(("view", one, VIEWS) for one in _parts(self.view))]
        for name, value, known in asked:
            if value not in known:
                raise Invalid(
                    f"Expected {name} to be one of {', '.join(known)}, but got {value!r:.80}.",
                    [FieldError(name, "unknown", "unknown")],
                )
        if self.q is not None and len(self.q) > MAX_Q:
            raise Invalid(
                f"Expected at most {MAX_Q} characters to search for, but got {len(self.q)}.",
                [FieldError("q", "too long", "too_long")],
            )


def _parts(view: str) -> tuple[str, ...]:
    """Each view once, in one order: what is asked for alike is one statement."""
    return tuple(sorted(set(view.split(","))))


def page_of(db: Connection, actor: Actor, now: datetime, wish: Wish) -> Page[TaskRow]:
    wish.check()
    q = (wish.q or "").strip().replace("\0", "")
    values = _values(actor, now) | {
        "key": wish.definition_key,
        "q": f"%{_escaped(q)}%",
        "limit": wish.page_size + 1,
        "offset": 0 if wish.after else (wish.page - 1) * wish.page_size,
    }
    if wish.after:
        values |= _after(wish)
    filters = (bool(wish.definition_key), wish.overdue, bool(q))
    listed = _statement(_parts(wish.view), wish.order, filters, bool(wish.after))
    rows = db.execute(listed, values).all()
    total = count_to_limit(db, _filtered(_parts(wish.view), filters), values)
    more = len(rows) > wish.page_size
    rows = rows[: wish.page_size]
    return Page(
        [task_row(row) for row in rows],
        total,
        _cursor(wish, rows[-1]) if more else None,
        wish.page,
        wish.page_size,
    )


def _values(actor: Actor, now: datetime) -> dict[str, Any]:
    principals = list(actor.principals)
    return {
        "agency": actor.agency_id,
        "me": actor.username,
        "myself": f"person:{actor.username}",
        "principals": principals,
        "posts": [p for p in principals if not p.startswith("person:")],
        "now": now,
    }


def _escaped(q: str) -> str:
    return q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@cache
def _filtered(views: tuple[str, ...], filters: tuple[bool, bool, bool]) -> sa.Select[Any]:
    """Built once for each combination, so that a request only binds values."""
    by_key, overdue, by_text = filters
    found = _listed(views)
    if by_key:
        found = found.where(process_definition.c.key == sa.bindparam("key", type_=sa.Text))
    if overdue:
        found = found.where(task.c.due_at < sa.bindparam("now", type_=UtcDateTime))
    if by_text:
        texts = (process_instance.c.title, task.c.name, process_instance.c.business_key)
        wanted = sa.bindparam("q", type_=sa.Text)
        found = found.where(sa.or_(*(text.ilike(wanted, escape="\\") for text in texts)))
    return found


def _listed(views: tuple[str, ...]) -> sa.Select[Any]:
    if views in _INDEXED:
        return sa.select(*TASK_COLUMNS).select_from(TASK_SOURCE).where(_INDEXED[views])
    each = [_VIEWS[one].with_only_columns(task.c.id) for one in views]
    # a UNION, so that a task of two views comes once
    meant = (each[0] if len(each) == 1 else sa.union(*each)).subquery("meant")
    source = TASK_SOURCE.join(meant, meant.c.id == task.c.id)
    return sa.select(*TASK_COLUMNS).select_from(source)


@cache
def _statement(
    views: tuple[str, ...], order: str, filters: tuple[bool, bool, bool], after: bool
) -> sa.Select[Any]:
    found = _filtered(views, filters)
    if after:
        found = found.where(_ORDERS[order].beyond())
    limit, offset = (
        sa.bindparam("limit", type_=sa.Integer),
        sa.bindparam("offset", type_=sa.Integer),
    )
    return found.order_by(*_ORDERS[order].columns()).limit(limit).offset(offset)


def _after(wish: Wish) -> dict[str, Any]:
    order = _ORDERS[wish.order]
    values = decode_cursor(f"{wish.view}.{wish.order}", wish.after or "", order.types)
    return {f"after_{name}": v for name, v in zip(order.names, values, strict=True)}


def _cursor(wish: Wish, row: AnyRow) -> str:
    places = {
        "rank": -row.priority,
        "due": row.due_at or _NEVER,
        "ended": row.ended_at,
        "id": str(row.id),
    }
    names = _ORDERS[wish.order].names
    return encode_cursor(f"{wish.view}.{wish.order}", [places[name] for name in names])


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
    return _COUNTS, _values(actor, now)
