"""Firing due timers, one command each."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from engine.actor import system_actor
from engine.bus import Bus
from engine.commands.timers import FireTimer, PostponeTimer
from engine.db import reading
from engine.errors import Unavailable
from engine.models.columns import AnyRow
from engine.models.waiting import timer

log = logging.getLogger(__name__)

_DUE = (
    sa.select(timer.c.id, timer.c.agency_id)
    .where(timer.c.due_at <= sa.bindparam("now"))
    .order_by(timer.c.due_at)
    .limit(sa.bindparam("limit"))
)


def fire_due(bus: Bus, limit: int = 100) -> int:
    """How many fired. Each occurrence fires once, however many clocks look."""
    with reading(bus.engine) as db:
        due = db.execute(_DUE, {"now": bus.services.clock.now(), "limit": limit}).all()
    return sum(_fire(bus, row) for row in due)


def _fire(bus: Bus, row: AnyRow) -> bool:
    actor = system_actor(row.agency_id)
    try:
        return bool(bus.execute(FireTimer(row.id), actor)["fired"])
    except Unavailable:
        raise  # the database is away: the clock tries all again later
    except Exception as bug:
        # One bad instance must not stop the clock for the others, nor be tried twice a second.
        log.exception("Expected timer %s to fire, but it could not.", row.id)
        bus.execute(PostponeTimer(row.id, f"{type(bug).__name__}: {bug}"), actor)
        return False
