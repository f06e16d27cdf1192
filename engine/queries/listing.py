"""Pages of the inbox: what was asked for, in which order, and where the last page ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.errors import FieldError, Invalid
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.models.task import task
from engine.models.task_row import TASK_COLUMNS, TASK_SOURCE, TaskRow, task_row
from engine.queries.page import (
    Page,
    check_window,
    count_to_limit,
    decode_cursor,
    encode_cursor,
    to_limit,
    total_of,
)
from engine.queries.secrecy import is_cleared, untold
from engine.queries.views import INDEXED, VIEWS, meant, values_for

#: Stands for "no deadline" in orders: after every real one.
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
#: Longest text that is searched for.
MAX_Q = 200


#: the columns of tasks, or of a view's keys
Columns = Any
#: whether it is asked for a process, for what is late, for a text
Filters = tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class _Order:
    """Ascending by `keys`, or all descending; `types` are those of a cursor's values."""

    keys: Callable[[Columns], tuple[sa.ColumnElement[Any], ...]]
    names: tuple[str, ...]
    types: Any
    descending: bool = False

    def columns(self, of: Columns) -> list[sa.ColumnElement[Any]]:
        return [key.desc() if self.descending else key.asc() for key in self.keys(of)]

    def beyond(self, of: Columns) -> sa.ColumnElement[bool]:
        """Rows that follow those of the cursor."""
        keys = self.keys(of)
        places = sa.tuple_(
            *(
                sa.bindparam(f"after_{name}", type_=key.type)
                for name, key in zip(self.names, keys, strict=True)
            )
        )
        mine = sa.tuple_(*keys)
        return mine < places if self.descending else mine > places


def _due(of: Columns) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(of.due_at, sa.bindparam("never", _NEVER, type_=UtcDateTime))


_ORDERS: Mapping[str, _Order] = {
    "urgency": _Order(
        lambda of: (-of.priority, _due(of), of.id),
        ("rank", "due", "id"),
        tuple[int, datetime, UUID],
    ),
    "due": _Order(lambda of: (_due(of), of.id), ("due", "id"), tuple[datetime, UUID]),
    "new": _Order(lambda of: (of.id,), ("id",), tuple[UUID], descending=True),
    "done": _Order(
        lambda of: (of.ended_at, of.id), ("ended", "id"), tuple[datetime, UUID], descending=True
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
    values = values_for(actor, now) | {
        "key": wish.definition_key,
        "q": f"%{_escaped(q)}%",
        "limit": wish.page_size + 1,
        "offset": 0 if wish.after else (wish.page - 1) * wish.page_size,
    }
    if wish.after:
        values |= _after(wish)
    filters = (bool(wish.definition_key), wish.overdue, bool(q))
    views, counting = _parts(wish.view), _counts_itself(wish)
    statement = _statement(views, wish.order, filters, bool(wish.after), counting)
    rows = db.execute(statement, values).all()
    offset = None if wish.after else values["offset"]
    if counting and rows:
        total = to_limit(rows[0].total)
    else:
        count = partial(count_to_limit, db, _filtered(views, filters), values)
        total = total_of(len(rows), wish.page_size, offset, count)
    more = len(rows) > wish.page_size
    rows = rows[: wish.page_size]
    return Page(
        [_told(actor, row) for row in rows],
        total,
        _cursor(wish, rows[-1]) if more else None,
        wish.page,
        wish.page_size,
    )


def _told(actor: Actor, row: AnyRow) -> TaskRow:
    """In a list nobody is asked for more than their clearance: a list of many is one statement."""
    found = task_row(row)
    return found if is_cleared(actor, row.secrecy) else untold([found])[0]


def _counts_itself(wish: Wish) -> bool:
    """Whether all that is meant has to be found for a page: then it is counted on the way."""
    return not wish.after and _parts(wish.view) not in INDEXED


def _escaped(q: str) -> str:
    return q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@cache
def _filtered(views: tuple[str, ...], filters: Filters) -> sa.Select[Any]:
    """The keys of all tasks meant. Built once for each combination: a request only binds values.

    What is asked of the case is looked up only where it is asked.
    """
    by_key, overdue, by_text = filters
    found = meant(views)
    keys = sa.select(found)
    if by_key or by_text:
        source = TASK_SOURCE.join(found, found.c.id == task.c.id)
        keys = keys.select_from(source)
    if by_key:
        keys = keys.where(process_definition.c.key == sa.bindparam("key", type_=sa.Text))
    if overdue:
        keys = keys.where(found.c.due_at < sa.bindparam("now", type_=UtcDateTime))
    if by_text:
        texts = (process_instance.c.title, task.c.name, process_instance.c.business_key)
        wanted = sa.bindparam("q", type_=sa.Text)
        keys = keys.where(sa.or_(*(text.ilike(wanted, escape="\\") for text in texts)))
    return keys


@cache
def _statement(
    views: tuple[str, ...], order: str, filters: Filters, after: bool, counting: bool
) -> sa.Select[Any]:
    """The page's keys first, then its tasks: a view of hundreds joins the cases of twenty."""
    keys, by = _filtered(views, filters), _ORDERS[order]
    if counting:
        keys = keys.add_columns(sa.func.count().over().label("total"))
    if after:
        keys = keys.where(by.beyond(keys.selected_columns))
    limit, offset = (
        sa.bindparam("limit", type_=sa.Integer),
        sa.bindparam("offset", type_=sa.Integer),
    )
    ordered = keys.order_by(*by.columns(keys.selected_columns)).limit(limit).offset(offset)
    shown = ordered.subquery("shown")
    source = TASK_SOURCE.join(shown, shown.c.id == task.c.id)
    columns = (*TASK_COLUMNS, shown.c.total) if counting else TASK_COLUMNS
    return sa.select(*columns).select_from(source).order_by(*by.columns(shown.c))


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
