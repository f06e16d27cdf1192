"""Pages of the inbox: what was asked for, in which order, and where the last page ended."""

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
from engine.models.instance import process_instance
from engine.models.task import task
from engine.models.task_row import TaskRow, task_row
from engine.queries.page import Page, check_window, count_to_limit, decode_cursor, encode_cursor
from engine.queries.views import VIEWS, listed, values_for

#: Stands for "no deadline" in orders: after every real one.
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
#: Longest text that is searched for.
MAX_Q = 200


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
    values = values_for(actor, now) | {
        "key": wish.definition_key,
        "q": f"%{_escaped(q)}%",
        "limit": wish.page_size + 1,
        "offset": 0 if wish.after else (wish.page - 1) * wish.page_size,
    }
    if wish.after:
        values |= _after(wish)
    filters = (bool(wish.definition_key), wish.overdue, bool(q))
    statement = _statement(_parts(wish.view), wish.order, filters, bool(wish.after))
    rows = db.execute(statement, values).all()
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


def _escaped(q: str) -> str:
    return q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@cache
def _filtered(views: tuple[str, ...], filters: tuple[bool, bool, bool]) -> sa.Select[Any]:
    """Built once for each combination, so that a request only binds values."""
    by_key, overdue, by_text = filters
    found = listed(views)
    if by_key:
        found = found.where(process_definition.c.key == sa.bindparam("key", type_=sa.Text))
    if overdue:
        found = found.where(task.c.due_at < sa.bindparam("now", type_=UtcDateTime))
    if by_text:
        texts = (process_instance.c.title, task.c.name, process_instance.c.business_key)
        wanted = sa.bindparam("q", type_=sa.Text)
        found = found.where(sa.or_(*(text.ilike(wanted, escape="\\") for text in texts)))
    return found


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
