"""Whose turn it is: each agency with due work gets one job a round, whoever has rung how often.

A ring says that there is work, not which: ten thousand rings of one agency before the one of
another would else be ten thousand jobs before its job.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Bus
from engine.db import reading
from engine.jobs.dispatch import run_job
from engine.models.columns import AnyRow, literally
from engine.models.job import IS_WAITING, LEASED, WAITING, job
from engine.ports import QUEUES

#: Whoever waited longer goes first, from whatever queue: urgent work may not hold up the rest.
PATIENCE = timedelta(minutes=1)
#: So many jobs of a queue are tried: other workers may be taking them at this moment.
DEPTH = 8

_NOW: sa.BindParameter[datetime] = sa.bindparam("now")
_RANK = {queue: rank for rank, queue in enumerate(QUEUES)}


def _first_job(*, behind: sa.FromClause | None = None, same_agency: bool = False) -> Any:
    """The id of the waiting job that comes first in the index, or first `behind` another one's
    queue: in the next queue of the same agency, or in the next agency.
    """
    one = job.alias()
    first = sa.select(one.c.id).where(literally(one.c.state, WAITING))
    if behind is not None and same_agency:
        first = first.where(one.c.agency_id == behind.c.agency_id, one.c.queue > behind.c.queue)
    elif behind is not None:
        first = first.where(one.c.agency_id > behind.c.agency_id)
    order = (one.c.agency_id, one.c.queue, one.c.due_at, one.c.id)
    return first.order_by(*order).limit(1).scalar_subquery()


def _heads() -> sa.CTE:
    """The first job of each queue of each agency: the index is read by leaps, never along.

    One comparison of both columns would say the same, but SQLite reads along for it.
    """
    heads = sa.select(_first_job().label("id")).cte("heads", recursive=True)
    before = job.alias("before")
    following = sa.func.coalesce(
        _first_job(behind=before, same_agency=True), _first_job(behind=before)
    )
    return heads.union_all(
        sa.select(following).select_from(heads.join(before, before.c.id == heads.c.id))
    )


_heads_cte = _heads()
_DUE_QUEUES = (
    sa.select(job.c.agency_id, job.c.queue, job.c.due_at)
    .where(job.c.id.in_(sa.select(_heads_cte.c.id)), job.c.due_at <= _NOW)
    .order_by(job.c.agency_id)
)
_DUE_JOBS = (
    sa.select(job.c.id)
    .where(
        IS_WAITING,
        job.c.agency_id == sa.bindparam("agency"),
        job.c.queue == sa.bindparam("which"),
        job.c.due_at <= _NOW,
    )
    .order_by(job.c.due_at, job.c.id)
    .limit(DEPTH)
)
_IS_LEASED = sa.select(job.c.id).where(job.c.id == sa.bindparam("this"), job.c.state == LEASED)


@dataclass(frozen=True, slots=True)
class _Turn:
    """An agency with due work: its queues, in the order in which they are looked at."""

    agency_id: UUID
    queues: Sequence[str]


class Turns:
    """One worker's order of service. Each worker has its own: fair ones are fair together."""

    def __init__(self) -> None:
        self._round: deque[_Turn] = deque()

    def run_next(self, bus: Bus, rung: UUID) -> bool:
        """Run one job for one ring. False: there was nothing to do, or others did it.

        The rung one itself where its worker fell silent: it had its turn already.
        """
        if _leased(bus, rung):
            return run_job(bus, rung)
        if self._serve(bus):
            return True
        self._round.extend(_due_turns(bus))
        return self._serve(bus)

    def _serve(self, bus: Bus) -> bool:
        while self._round:
            turn = self._round.popleft()
            jobs = (found for queue in turn.queues for found in _due_jobs(bus, turn, queue))
            if any(run_job(bus, found) for found in jobs):
                return True
        return False


def _leased(bus: Bus, job_id: UUID) -> bool:
    with reading(bus.engine) as db:
        return db.execute(_IS_LEASED, {"this": job_id}).first() is not None


def _due_turns(bus: Bus) -> list[_Turn]:
    now = bus.services.clock.now()
    with reading(bus.engine) as db:
        rows = db.execute(_DUE_QUEUES, {"now": now}).all()
    by_agency = groupby(rows, key=lambda row: row.agency_id)
    return [_Turn(agency_id, _in_order(list(queues), now)) for agency_id, queues in by_agency]


def _in_order(queues: list[AnyRow], now: datetime) -> list[str]:
    def place(row: AnyRow) -> tuple[int, Any]:
        if now - row.due_at > PATIENCE:
            return -1, row.due_at
        return _RANK.get(row.queue, len(QUEUES)), row.due_at

    return [row.queue for row in sorted(queues, key=place)]


def _due_jobs(bus: Bus, turn: _Turn, queue: str) -> list[UUID]:
    given = {"agency": turn.agency_id, "which": queue, "now": bus.services.clock.now()}
    with reading(bus.engine) as db:
        return list(db.execute(_DUE_JOBS, given).scalars())
