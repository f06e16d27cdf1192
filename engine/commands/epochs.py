"""Fencing off the world before a restore or a failover: no worker, clock or mail of it counts any
more.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict
from engine.models.epoch import epoch
from engine.models.job import CANCELLED, DONE, LEASED, WAITING, job

# Attempts are the fence of leases. A worker of the world before holds an attempt that may be later
# than the backup knows, but not beyond the most that its job had; the tries left stay as many.
_FENCE = (
    sa.update(job)
    .where(job.c.state.not_in([DONE, CANCELLED]))
    .values(
        attempt=job.c.attempt + job.c.max_attempts,
        max_attempts=job.c.max_attempts * 2,
        state=sa.case((job.c.state == LEASED, WAITING), else_=job.c.state),
        lease_until=None,
    )
)
_UNFENCED = epoch.c.fenced_at.is_(None)
_HELD = epoch.c.released_at.is_(None)


@dataclass(frozen=True, slots=True)
class BeginEpoch:
    """The database has come to be an older one without a restore (a replica took over): hold it
    until an operator has looked. Answer: {epoch, begun}; begun is false where it is held already.
    """

    cause: str


@dataclass(frozen=True, slots=True)
class FenceLeases:
    """Take every job from whoever has it, and begin the epoch: a part of what a restore does.
    Answer: {begun: bool, jobs: int}; begun is false where it has begun before.
    """


@dataclass(frozen=True, slots=True)
class EndQuarantine:
    """An operator lets jobs, timers and mail go. Answer: {epoch}; Conflict where nothing is held
    or the epoch is not fenced yet.
    """


def begin_epoch(command: BeginEpoch, ctx: Context) -> Answer:
    held = ctx.db.execute(sa.select(epoch.c.number).where(_HELD)).first()
    if held is not None:
        return {"epoch": held.number, "begun": False}
    number = (ctx.db.execute(sa.select(sa.func.max(epoch.c.number))).scalar_one() or 0) + 1
    began = {"number": number, "cause": command.cause, "began_at": ctx.now}
    ctx.db.execute(sa.insert(epoch), began)
    return {"epoch": number, "begun": True}


def fence_leases(_command: FenceLeases, ctx: Context) -> Answer:
    begun = ctx.db.execute(sa.update(epoch).where(_UNFENCED).values(fenced_at=ctx.now))
    if begun.rowcount == 0:
        return {"begun": False, "jobs": 0}
    return {"begun": True, "jobs": ctx.db.execute(_FENCE).rowcount}


def end_quarantine(_command: EndQuarantine, ctx: Context) -> Answer:
    held = ctx.db.execute(sa.select(epoch).where(_HELD).order_by(epoch.c.number)).all()
    if not held or any(row.fenced_at is None for row in held):
        raise Conflict(
            "Expected a restored database in quarantine, but this one is at work; nothing is held."
            if not held
            else "Expected a fenced epoch, but the restore was cut short; run it to its end first.",
            code="no_quarantine",
        )
    ctx.db.execute(sa.update(epoch).where(_HELD).values(released_at=ctx.now))
    return {"epoch": held[-1].number}


HANDLERS: dict[type, Handler] = {
    BeginEpoch: begin_epoch,
    FenceLeases: fence_leases,
    EndQuarantine: end_quarantine,
}
