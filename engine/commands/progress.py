"""How far a long job has come: told while it works, which also keeps its lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.jobs import IS_OURS, LEASE
from engine.db import storable
from engine.errors import Conflict
from engine.models.job import job

#: Longest note of what is at hand, in characters; the rest is cut off.
MAX_NOTE = 200

_TELL = (
    job.update()
    .where(IS_OURS)
    .values(
        lease_until=sa.bindparam("until"),
        progress_done=sa.bindparam("done"),
        progress_total=sa.bindparam("total"),
        progress_note=sa.bindparam("note"),
        progress_at=sa.bindparam("now"),
    )
)


@dataclass(frozen=True, slots=True)
class TellProgress:
    """The lease starts anew. Refused (lease_lost) unless `attempt` still holds it. Answer: {}."""

    job_id: UUID
    attempt: int
    done: int
    total: int | None = None
    note: str = ""
    ttl: timedelta = LEASE


def tell_progress(command: TellProgress, ctx: Context) -> Answer:
    given = {
        "agency": ctx.actor.agency_id,
        "this": command.job_id,
        "fence": command.attempt,
        "until": ctx.now + command.ttl,
        "done": command.done,
        "total": command.total,
        "note": storable(command.note)[:MAX_NOTE] or None,
        "now": ctx.now,
    }
    if ctx.db.execute(_TELL, given).rowcount == 0:
        raise Conflict(
            f"Expected attempt {command.attempt} to hold the lease of job {command.job_id},"
            " but another has it, or it has ended. The work stops here.",
            code="lease_lost",
        )
    return {}


HANDLERS: dict[type, Handler] = {TellProgress: tell_progress}
