"""What this room does in a transaction: bury a case with its file, and ask for the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.archiving import RETENTION, ArchiveInstance, Evidence
from engine.commands.jobs import want_job
from engine.errors import Conflict
from engine.queries import archive
from office.files import blobs
from office.files.uploads import StoredFile

#: The action that works through what is due.
ARCHIVE_CASES = "archive.cases"


@dataclass(frozen=True, slots=True)
class BuryCase:
    """The case gives way to its evidence, whose bytes lie in storage already. Right: retention.
    Answer: as ArchiveInstance.
    """

    root_id: UUID
    file: StoredFile
    evidence: Evidence
    ended_before: datetime


@dataclass(frozen=True, slots=True)
class RunArchiving:
    """Have a worker put away what is due; the actor follows it. Right: retention.

    `day`: asked for by the clock, once a day. Conflict (no_policy) where no policy names a time.
    Answer: {job_id}.
    """

    day: str | None = None


def bury_case(command: BuryCase, ctx: Context) -> Answer:
    wanted = ArchiveInstance(command.root_id, command.evidence, command.ended_before)
    answer = ctx.run(wanted)
    blobs.insert(ctx, command.file, held_by=f"archive:{command.root_id}")
    return answer


def run_archiving(command: RunArchiving, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    force = archive.in_force(archive.policies(ctx.db, ctx.actor.agency_id))
    if not any(p.keep_days is not None or p.old_versions for p in force.values()):
        raise Conflict(
            "Expected a policy that says how long ended cases are kept, but there is none that"
            " names a time. Set one first.",
            code="no_policy",
        )
    asked: dict[str, Any] = {"done": 0, "total": None}
    dedupe = command.day and f"{ARCHIVE_CASES}:{command.day}"
    followed = not ctx.actor.is_system
    asked["asked_by"] = ctx.actor.username if followed else None
    return {"job_id": want_job(ctx, ARCHIVE_CASES, asked, dedupe=dedupe, followed=followed)}


HANDLERS: dict[type, Handler] = {BuryCase: bury_case, RunArchiving: run_archiving}
