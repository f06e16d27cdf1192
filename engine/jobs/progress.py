"""The worker's side of progress: many calls of a handler, few of them written."""

from __future__ import annotations

import logging
from datetime import timedelta
from time import monotonic
from uuid import UUID

from engine.actor import Actor
from engine.bus import Bus
from engine.commands.progress import TellProgress
from engine.errors import Unavailable

log = logging.getLogger(__name__)

#: Seconds between two that are written; a shorter job writes none.
PACE = 2.0


class Telling:
    """Progress (see engine.ports) of one attempt at one job."""

    def __init__(self, bus: Bus, actor: Actor, job_id: UUID, attempt: int, ttl: timedelta) -> None:
        self._bus, self._actor = bus, actor
        self._job_id, self._attempt, self._ttl = job_id, attempt, ttl
        self._told = monotonic()

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        if monotonic() - self._told < PACE:
            return
        told = TellProgress(self._job_id, self._attempt, done, total, note, self._ttl)
        try:
            self._bus.execute(told, self._actor)
        except Unavailable as away:
            # The work finds out by itself whether it can go on.
            log.warning("Expected to tell how far a job has come, but: %s", away.message)
        self._told = monotonic()
