"""Firing due timers, those of instances and those that start some: one command each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

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

_DUE = (
    sa.select(timer.c.id, timer.c.agency_id)
    .where(timer.c.due_at <= sa.bindparam("now"))
    .order_by(timer.c.due_at)
    .limit(sa.bindparam("limit"))
)
_STARTS_DUE = (
    sa.select(start_event.c.id, start_event.c.agency_id)
    .where(start_event.c.due_at <= sa.bindparam("now"))
    .order_by(start_event.c.due_at)
    .limit(sa.bindparam("limit"))
)


def fire_due(bus: Bus, limit: int = 100) -> int:
    """How many fired. Each occurrence fires once, however many clocks look."""
    given = {"now": bus.services.clock.now(), "limit": limit}
    with reading(bus.engine) as db:
        due = db.execute(_DUE, given).all()
        starts = db.execute(_STARTS_DUE, given).all()
    fired = sum(_fire(bus, row, FireTimer, PostponeTimer) for row in due)
    return fired + sum(_fire(bus, row, FireStart, PostponeStart) for row in starts)


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
