"""/timers: those that are late, or that the clock failed to fire; fired by an operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g

from api.rest.fields import Nothing, Numbered
from api.rest.frame import Resource, execute, read
from engine.commands.late import FireLate
from engine.queries import operations
from engine.queries.operations import TimerRow

resource = Resource(
    "timers", __name__, url_prefix="/api/v1/timers", description="Timers that are behind."
)


@dataclass(frozen=True, slots=True)
class TimerPage:
    items: Sequence[TimerRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class FiredTimer:
    id: UUID


@resource.get("/late", query=Numbered, gives=TimerPage)
def late(query: dict[str, Any]) -> Any:
    """List timers that are late, the longest overdue first (right: operate or audit)."""
    return read(operations.late_timers, g.actor, g.now, **query)


@resource.post("/<uuid:timer_id>/fire", takes=Nothing, gives=FiredTimer, scope="operate")
def fire(_body: dict[str, Any], timer_id: UUID) -> Any:
    """Fire a timer that is late (right: operate)."""
    return execute(FireLate(timer_id))
