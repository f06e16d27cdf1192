"""Firing due timers, those of instances and those that start some: one command each.

Agencies take turns: one's million late timers keep nobody else's waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import system_actor
from engine.bus import Bus
from engine.commands.starts import FireStart, PostponeStart
from engine.commands.timers import FireTimer, PostponeTimer
from engine.db import reading
from engine.errors import Unavailable
from engine.models.columns import AnyRow
from engine.models.starting import start_event
from engine.models.waiting import timer

log = logging.getLogger(__name__)

_NOW: sa.BindParameter[datetime] = sa.bindparam("now")


def _due_agencies(table: sa.Table) -> sa.Select[Any]:
    """Those with something due. The index is read by leaps from one to the next, never along."""

    def first(*after: sa.ColumnElement[bool]) -> sa.ScalarSelect[UUID]:
        one = sa.select(table.c.agency_id).where(*after)
        return one.order_by(table.c.agency_id).limit(1).scalar_subquery()

    head = sa.select(first().label("id")).cte("agencies", recursive=True)
    following = sa.select(first(table.c.agency_id > head.c.id))
    agencies = head.union_all(following.where(head.c.id.is_not(None)))
    # One look-up an agency, whatever the planner thinks: EXISTS it may turn into a join of all.
    oldest = sa.select(table.c.due_at).where(
        table.c.agency_id == agencies.c.id, table.c.due_at.is_not(None)
    )
    due = oldest.order_by(table.c.due_at).limit(1).scalar_subquery() <= _NOW
    return sa.select(agencies.c.id).where(due).order_by(agencies.c.id)


def _due_of(table: sa.Table) -> sa.Select[Any]:
    """The oldest of one agency."""
    return (
        sa.select(table.c.id, table.c.agency_id)
        .where(table.c.agency_id == sa.bindparam("agency"), table.c.due_at <= _NOW)
        .order_by(table.c.due_at)
        .limit(sa.bindparam("limit"))
    )


_LOOKS = tuple((_due_agencies(table), _due_of(table)) for table in (timer, start_event))


def fire_due(bus: Bus, limit: int = 100) -> int:
    """How many fired: of each agency at least one, together about `limit` of what is due.

    Each occurrence fires once, however many clocks look.
    """
    now = bus.services.clock.now()
    with reading(bus.engine) as db:
        due, starts = (_in_turns(db, *look, now, limit) for look in _LOOKS)
    fired = sum(_fire(bus, row, FireTimer, PostponeTimer) for row in due)
    return fired + sum(_fire(bus, row, FireStart, PostponeStart) for row in starts)


def _in_turns(
    db: Connection, agencies: sa.Select[Any], of_one: sa.Select[Any], now: datetime, limit: int
) -> list[AnyRow]:
    """Round by round one of each agency. What some leave of their share goes to the others."""

    def oldest(agency_id: UUID, count: int) -> Sequence[AnyRow]:
        return db.execute(of_one, {"agency": agency_id, "now": now, "limit": count}).all()

    found = db.scalars(agencies, {"now": now}).all()
    share = max(1, limit // max(1, len(found)))
    rows = {agency_id: oldest(agency_id, share) for agency_id in found}
    hungry = [agency_id for agency_id, own in rows.items() if len(own) == share]
    spare = limit - sum(map(len, rows.values()))
    if hungry and spare >= len(hungry):
        for agency_id in hungry:
            rows[agency_id] = oldest(agency_id, share + spare // len(hungry))
    return [row for turn in zip_longest(*rows.values()) for row in turn if row is not None]


def _fire(
    bus: Bus, row: AnyRow, fire: Callable[[UUID], Any], postpone: Callable[[UUID, str], Any]
) -> bool:
    actor = system_actor(row.agency_id)
    try:
        return bool(bus.execute(fire(row.id), actor)["fired"])
    except Unavailable:
        raise  # the database is away: the clock tries all again later
    except Exception as bug:
        # One bad instance must not stop the clock for the others, nor be tried twice a second.
        log.exception("Expected timer %s to fire, but it could not.", row.id)
        bus.execute(postpone(row.id, f"{type(bug).__name__}: {bug}"), actor)
        return False
