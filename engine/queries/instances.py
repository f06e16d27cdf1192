"""Instances as people see them: lists, one with its tasks, its history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.actor import Actor
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import ALIVE, process_instance
from engine.models.packing import shown
from engine.models.task_row import TaskRow
from engine.queries import secrecy, tasks
from engine.queries.page import (
    Page,
    check_window,
    count_to_limit,
    decode_cursor,
    encode_cursor,
    total_of,
)
from engine.queries.progress import ElementProgress, Progress, progress
from engine.queries.visibility import VISIBLE, check_visible, keeps, sees_all, values
from engine.queries.withheld import hidden_from, without

__all__ = [
    "ElementProgress", "Event", "InstanceRow", "InstanceView", "Progress", "check_visible",
    "history", "listing", "one", "progress",
]  # fmt: skip

_instance, _definition = process_instance.c, process_definition.c
_COLUMNS = (
    _instance.id, _instance.definition_id, _definition.key.label("definition_key"),
    _definition.version.label("definition_version"), _definition.name.label("definition_name"),
    _instance.business_key, _instance.title, _instance.status,
    _instance.starter.label("started_by"), _instance.started_at, _instance.updated_at,
    _instance.ended_at, _instance.parent_id.label("parent_instance_id"),
    _instance.root_id.label("root_instance_id"),
)  # fmt: skip
_ROWS = (
    sa.select(*_COLUMNS)
    .select_from(
        sa.join(process_instance, process_definition, _definition.id == _instance.definition_id)
    )
    .where(_instance.agency_id == sa.bindparam("agency"))
)
_root = process_instance.alias("root")
_ONE = (
    _ROWS.add_columns(_instance.variables, _root.c.lock_version, _root.c.secrecy)
    .join(_root, _root.c.id == _instance.root_id)
    .where(_instance.id == sa.bindparam("instance"))
)
_CALLED = _ROWS.where(_instance.parent_id == sa.bindparam("instance")).order_by(_instance.id)
_INCIDENTS = (
    sa.select(
        incident.c.id, incident.c.element_id, incident.c.code, incident.c.message,
        incident.c.raised_at, incident.c.instance_id,
    )
    .where(
        incident.c.agency_id == sa.bindparam("agency"),
        incident.c.root_id == sa.bindparam("root"),
        IS_OPEN,
        # A root shows what is stuck anywhere below it.
        sa.or_(
            incident.c.instance_id == sa.bindparam("instance"),
            incident.c.root_id == sa.bindparam("instance"),
        ),
    )
    .order_by(incident.c.id)
)  # fmt: skip
_event = history_event.c
_EVENTS = sa.select(history_event).where(
    _event.agency_id == sa.bindparam("agency"),
    _event.root_id
    == sa.select(_instance.root_id)
    .where(_instance.agency_id == sa.bindparam("agency"), _instance.id == sa.bindparam("this"))
    .scalar_subquery(),
    sa.or_(_event.root_id == sa.bindparam("this"), _event.instance_id == sa.bindparam("this")),
)
_HISTORY = (
    _EVENTS.where(_event.seq > sa.bindparam("after"))
    .order_by(_event.seq)
    .limit(sa.bindparam("limit"))
)
_BACKWARDS = (
    _EVENTS.where(
        _event.seq < sa.bindparam("before"),
        _event.type.not_in(sa.bindparam("hidden", expanding=True)),
    )
    .order_by(_event.seq.desc())
    .limit(sa.bindparam("limit"))
)
#: above every number that an event has
_NEWEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class InstanceRow:
    id: str
    definition_id: str
    definition_key: str
    definition_version: int
    definition_name: str
    business_key: str | None
    title: str
    #: active, completed, cancelled or incident
    status: str
    started_by: str | None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    parent_instance_id: str | None
    root_instance_id: str


@dataclass(frozen=True, slots=True)
class InstanceView:
    instance: InstanceRow
    variables: Mapping[str, Any]
    #: live tasks, oldest first, then those that ended, newest first
    tasks: Sequence[TaskRow]
    #: called processes' instances
    called: Sequence[InstanceRow]
    incidents: Sequence[Mapping[str, Any]]
    verbs: frozenset[str]
    #: it runs, and the actor keeps it: an operator, or who administers its process
    kept: bool
    version: int
    #: what is said in the case is kept from the actor
    untold: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    at: datetime
    type: str
    element_id: str | None
    actor: str
    on_behalf_of: str | None
    data: Mapping[str, Any]
    instance_id: str
    task_id: str | None
    instrument_id: str | None


@cache
def _listed(filters: frozenset[str]) -> sa.Select[Any]:
    """Built once for each combination of filters."""
    conditions: dict[str, sa.ColumnElement[bool]] = {
        "visible": VISIBLE,
        "definition_key": _definition.key == sa.bindparam("definition_key"),
        "status": _instance.status == sa.bindparam("status"),
        "business_key": _instance.business_key == sa.bindparam("business_key"),
        "started_by": _instance.starter == sa.bindparam("started_by"),
        "q": _instance.title.ilike(sa.bindparam("q", type_=sa.Text), escape="\\"),
        "after": _instance.id < sa.bindparam("after", type_=sa.Uuid),
    }
    return _ROWS.where(*(conditions[name] for name in sorted(filters)))


def listing(
    db: Connection,
    actor: Actor,
    *,
    definition_key: str | None = None,
    status: str | None = None,
    business_key: str | None = None,
    started_by: str | None = None,
    q: str | None = None,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[InstanceRow]:
    """Instances that the actor may see, newest first."""
    check_window(page, page_size)
    wanted = {
        "definition_key": definition_key,
        "status": status,
        "business_key": business_key,
        "started_by": started_by,
        "q": f"%{_escaped(q)}%" if q and q.strip() else None,
    }
    filters = {name for name, value in wanted.items() if value is not None}
    filters |= set() if sees_all(actor) else {"visible"}
    given = values(db, actor) | wanted | {"limit": page_size + 1, "offset": (page - 1) * page_size}
    counted = _listed(frozenset(filters))
    if after is not None:
        given |= {"after": decode_cursor("instances", after, tuple[UUID])[0], "offset": 0}
        filters.add("after")
    newest = _listed(frozenset(filters)).order_by(_instance.id.desc())
    rows = db.execute(newest.limit(given["limit"]).offset(given["offset"]), given).all()
    offset = None if after is not None else given["offset"]
    found = total_of(len(rows), page_size, offset, lambda: count_to_limit(db, counted, given))
    more, rows = len(rows) > page_size, rows[:page_size]
    cursor = encode_cursor("instances", [str(rows[-1].id)]) if more else None
    return Page([_row(row) for row in rows], found, cursor, page, page_size)


def _escaped(q: str) -> str:
    plain = q.strip().replace("\0", "")
    return plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(row: AnyRow) -> InstanceRow:
    found = row._asdict()
    kept = {name: found[name] for name in InstanceRow.__dataclass_fields__}
    for name in ("id", "definition_id", "parent_instance_id", "root_instance_id"):
        kept[name] = None if kept[name] is None else str(kept[name])
    return InstanceRow(**kept)


def one(db: Connection, actor: Actor, instance_id: UUID) -> InstanceView:
    check_visible(db, actor, instance_id)
    key = {"agency": actor.agency_id, "instance": instance_id}
    row = db.execute(_ONE, key).one()
    kept = row.status in ALIVE and keeps(db, actor, instance_id)
    stuck = db.execute(_INCIDENTS, {**key, "root": row.root_instance_id})
    found = tasks.of_instance(db, actor.agency_id, instance_id)
    untold = secrecy.kept_from(db, actor, row.root_instance_id, row.secrecy)
    return InstanceView(
        instance=_row(row),
        variables={} if untold else _variables(db, actor, row),
        tasks=secrecy.untold(found) if untold else found,
        called=[_row(called) for called in db.execute(_CALLED, key)],
        incidents=[_texts(found) for found in stuck],
        verbs=_verbs(actor, row, kept=kept),
        kept=kept,
        version=row.lock_version,
        untold=untold,
    )


def _variables(db: Connection, actor: Actor, row: AnyRow) -> Mapping[str, Any]:
    return without(shown(row.variables), hidden_from(db, actor, row.root_instance_id))


def _texts(row: AnyRow) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, UUID) else v for k, v in row._asdict().items()}


def _verbs(actor: Actor, row: AnyRow, *, kept: bool) -> frozenset[str]:
    alive, root = row.status in ALIVE, row.parent_instance_id is None
    mine = row.started_by == actor.username or kept
    may = alive and root and mine and not actor.reads_only
    return frozenset({"cancel"} if may else set())


def history(
    db: Connection, actor: Actor, instance_id: UUID, *, after_seq: int = 0, limit: int = 1000
) -> Sequence[Event]:
    """Events in order. A root's include those of what it called."""
    check_visible(db, actor, instance_id)
    key = {"agency": actor.agency_id, "this": instance_id, "after": after_seq, "limit": limit}
    return _told(db, actor, db.execute(_HISTORY, key).all())


def latest_events(
    db: Connection,
    actor: Actor,
    instance_id: UUID,
    *,
    before_seq: int | None = None,
    hidden: Collection[str] = (),
    limit: int = 50,
) -> Sequence[Event]:
    """Events before this one, newest first, without those of the `hidden` types."""
    check_visible(db, actor, instance_id)
    key = {"agency": actor.agency_id, "this": instance_id, "hidden": list(hidden), "limit": limit}
    before = _NEWEST if before_seq is None else before_seq
    found = db.execute(_BACKWARDS, {**key, "before": before}).all()
    return _told(db, actor, found)


def _told(db: Connection, actor: Actor, rows: Sequence[AnyRow]) -> list[Event]:
    if not rows:
        return []
    root_id = rows[0].root_id
    hidden = hidden_from(db, actor, root_id)
    untold = secrecy.kept_from(db, actor, root_id, secrecy.degree_of(db, actor, root_id))
    return [_of_event(row, hidden, untold=untold) for row in rows]


def _of_event(row: AnyRow, hidden: frozenset[str], *, untold: bool) -> Event:
    """That something happened is told to all who see the case; what was said, not of a secret."""
    data = {} if untold else jsonio.loads(row.data)
    if hidden and isinstance(data.get("variables"), dict):
        data["variables"] = without(data["variables"], hidden)
    return Event(
        seq=row.seq,
        at=row.at,
        type=row.type,
        element_id=row.element_id,
        actor=row.actor,
        on_behalf_of=row.on_behalf_of,
        data=data,
        instance_id=str(row.instance_id or row.root_id),
        task_id=None if row.task_id is None else str(row.task_id),
        instrument_id=None if row.instrument_id is None else str(row.instrument_id),
    )
