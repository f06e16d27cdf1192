"""What this room does in a transaction: bury a case with its file, and let the file go again; and
ask for the work, or for people's decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.archiving import deciding
from api.archiving.deciding import DestroyCase
from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.archiving import RETENTION, ArchiveInstance, Evidence
from engine.commands.instances import StartInstance
from engine.commands.jobs import want_job
from engine.errors import Conflict
from engine.models.archive import archived_instance
from engine.queries import archive, destruction
from office.files import blobs
from office.files.uploads import StoredFile
from office.people import queries as people

#: The action that works through what is due.
ARCHIVE_CASES = "archive.cases"
#: A committee has a chair and at least two more.
LEAST_MEMBERS, MOST_MEMBERS = 3, 15
#: Years that files which are not destroyed may be kept on.
MOST_SPARED = 100

_STORED = sa.select(archived_instance.c.stored_sha256).where(
    archived_instance.c.agency_id == sa.bindparam("agency"),
    archived_instance.c.id == sa.bindparam("root"),
)


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


@dataclass(frozen=True, slots=True)
class DestroyFile:
    """An archived case's file goes: as DestroyCase, and its row lets the bytes go. For the system
    alone. Answer: {destroyed, shared}: the same bytes are something else's too.
    """

    root_id: UUID
    destruction_id: UUID


@dataclass(frozen=True, slots=True)
class StartDestruction:
    """Ask a committee, and then who approves, whether the archived files whose time has come are
    destroyed. The first member has the chair; who approves is no member, and not who asks.
    `spare_years`: so long are those kept on that are spared. Right: retention. Conflict
    (nothing_due, destruction_running). Answer: {instance_id}.
    """

    approver: str
    committee: Sequence[str]
    reason: str
    spare_years: int = 5


def destroy_file(command: DestroyFile, ctx: Context) -> Answer:
    key = {"agency": ctx.actor.agency_id, "root": command.root_id}
    answer = ctx.run(DestroyCase(command.root_id, command.destruction_id))
    shared = False
    if answer["destroyed"]:
        blobs.let_go_of(ctx, f"archive:{command.root_id}")
        sha256 = ctx.db.execute(_STORED, key).scalar_one()
        shared = blobs.is_held(ctx.db, ctx.actor.agency_id, sha256)
    return {**answer, "shared": shared}


def start_destruction(command: StartDestruction, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    agency_id = ctx.actor.agency_id
    names = _checked_people(ctx, command)
    if not 1 <= command.spare_years <= MOST_SPARED:
        message = f"Expected from 1 to {MOST_SPARED} years, but got {command.spare_years}."
        raise checks.refused("spare_years", "out_of_range", message)
    reason = checks.text(command.reason, "reason", limit=1_000)
    if destruction.running(ctx.db, agency_id) is not None:
        raise Conflict(
            "Expected no destruction under way, but one is being decided already.",
            code="destruction_running",
        )
    if not destruction.due(ctx.db, agency_id, ctx.now, limit=1):
        raise Conflict(
            "Expected archived files whose time has come, but there are none that nothing holds.",
            code="nothing_due",
        )
    members = [f"person:{name}" for name in command.committee]
    variables = {
        "approver": f"person:{command.approver}",
        "committee": members,
        "chair": members[0],
        "members": "\n".join(names),
        "asked_because": reason,
        "spare_years": command.spare_years,
        "day": f"{ctx.now:%Y-%m-%d}",
        "opinions": [],
        "claimed": "",
    }
    started = ctx.run(StartInstance(destruction.PROCESS, variables=variables))
    return {"instance_id": started["id"]}


def _checked_people(ctx: Context, command: StartDestruction) -> list[str]:
    """Names of the members, as printed."""
    members, found = list(command.committee), [*command.committee, command.approver]
    if not LEAST_MEMBERS <= len(set(members)) == len(members) <= MOST_MEMBERS:
        message = f"Expected {LEAST_MEMBERS} to {MOST_MEMBERS} different members."
        raise checks.refused("committee", "out_of_range", message)
    known = people.persons_named(ctx.db, ctx.actor.agency_id, found)
    for field, names in (("committee", members), ("approver", [command.approver])):
        unknown = [name for name in names if name not in known or not known[name].active]
        if unknown:
            message = f"Expected people who work here, but {', '.join(unknown)} does not."
            raise checks.refused(field, "unknown_person", message)
    if command.approver in (*members, ctx.actor.username):
        message = "Expected somebody who is no member, and not who asks, to approve."
        raise checks.refused("approver", "same_person", message)
    return [known[name].name for name in members]


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


HANDLERS: dict[type, Handler] = {
    **deciding.HANDLERS,
    BuryCase: bury_case,
    RunArchiving: run_archiving,
    DestroyFile: destroy_file,
    StartDestruction: start_destruction,
}
