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

from api.archiving import deciding, route
from api.archiving.deciding import DestroyCase
from api.archiving.deeds import LEAST_MEMBERS
from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.archiving import RETENTION, ArchiveInstance, Evidence
from engine.commands.instances import StartInstance
from engine.commands.jobs import want_job
from engine.errors import Conflict
from engine.models.archive import destruction as destruction_table
from engine.queries import archive, destruction
from office.documents.thai import office_day
from office.files import blobs, cases
from office.files.uploads import StoredFile
from office.people import queries as people
from office.people.history import record
from office.people.models import agency

#: The action that works through what is due.
ARCHIVE_CASES = "archive.cases"
MOST_MEMBERS = 15
#: Years that files which are not destroyed may be kept on.
MOST_SPARED = 100

#: Not against rows that refer to it.
_HELD = (
    sa.select(agency.c.id)
    .where(agency.c.id == sa.bindparam("agency"))
    .with_for_update(key_share=True)
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
    """An archived case's file goes: as DestroyCase, and its row lets go of the bytes, which the
    collector takes. For the system alone. Answer: {destroyed}.
    """

    root_id: UUID
    destruction_id: UUID


@dataclass(frozen=True, slots=True)
class StartDestruction:
    """Ask a committee, and then the head of the agency, whether the archived files whose time has
    come are destroyed. The first member has the chair, and is not who asks; somebody who is neither
    a member nor who asks can act for the head. `spare_years`: so long are those kept on that are
    spared. Right: retention. Conflict (nothing_due, destruction_running, no_head, route_changed).
    Answer: {instance_id}.
    """

    committee: Sequence[str]
    reason: str
    spare_years: int = 5


def destroy_file(command: DestroyFile, ctx: Context) -> Answer:
    answer = ctx.run(DestroyCase(command.root_id, command.destruction_id))
    if answer["destroyed"]:
        blobs.let_go_of(ctx, f"archive:{command.root_id}")
    return answer


def start_destruction(command: StartDestruction, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    agency_id = ctx.actor.agency_id
    names = _checked_members(ctx, command)
    if not 1 <= command.spare_years <= MOST_SPARED:
        message = f"Expected from 1 to {MOST_SPARED} years, but got {command.spare_years}."
        raise checks.refused("spare_years", "out_of_range", message)
    reason = checks.text(command.reason, "reason", limit=1_000)
    head = route.head(ctx.db, agency_id, ctx.actor.username, ctx.now)
    approver = f"position:{head.code}"
    _check_approver(ctx, command, approver)
    definition_id, version = route.version(ctx.db, agency_id)
    # two that ask at once: the second reads on when the first has committed
    ctx.db.execute(_HELD, {"agency": agency_id})
    _check_time(ctx)
    members = [f"person:{name}" for name in command.committee]
    variables = {
        "approver": approver,
        "committee": members,
        "chair": members[0],
        "members": "\n".join(names),
        "asked_because": reason,
        "spare_years": command.spare_years,
        "day": f"{office_day(ctx.now)}",
        "opinions": [],
        "claimed": "",
    }
    started = ctx.run(StartInstance(destruction.PROCESS, version, variables=variables))
    row = {
        "id": started["id"],
        "agency_id": agency_id,
        "definition_id": definition_id,
        "asker": ctx.actor.username,
        "approver": approver,
        "committee": list(command.committee),
        "spare_years": command.spare_years,
        "asked_at": ctx.now,
    }
    ctx.db.execute(destruction_table.insert(), row)
    return {"instance_id": started["id"]}


def _check_time(ctx: Context) -> None:
    agency_id = ctx.actor.agency_id
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


def _checked_members(ctx: Context, command: StartDestruction) -> list[str]:
    """Their names as printed."""
    members = list(command.committee)
    if not LEAST_MEMBERS <= len(set(members)) == len(members) <= MOST_MEMBERS:
        message = f"Expected {LEAST_MEMBERS} to {MOST_MEMBERS} different members."
        raise checks.refused("committee", "out_of_range", message)
    known = people.persons_named(ctx.db, ctx.actor.agency_id, members)
    unknown = [name for name in members if name not in known or not known[name].active]
    if unknown:
        message = f"Expected people who work here, but {', '.join(unknown)} does not."
        raise checks.refused("committee", "unknown_person", message)
    if members[0] == ctx.actor.username:
        message = "Expected somebody else to have the chair than who asks."
        raise checks.refused("committee", "asker_chairs", message)
    return [known[name].name for name in members]


def _check_approver(ctx: Context, command: StartDestruction, approver: str) -> None:
    directory, agency_id = ctx.services.directory, ctx.actor.agency_id
    able = directory.who_can_act(ctx.db, agency_id, [approver], ctx.now)
    if not able - {ctx.actor.username, *command.committee}:
        message = (
            f"Expected somebody to approve who holds {approver} or acts for it, and is neither a"
            " member nor who asks, but there is nobody."
        )
        raise checks.refused("committee", "same_person", message)


def bury_case(command: BuryCase, ctx: Context) -> Answer:
    wanted = ArchiveInstance(command.root_id, command.evidence, command.ended_before)
    answer = ctx.run(wanted)
    cases.leave(ctx, command.root_id)
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
    if followed:
        record(ctx, "archive.asked", ctx.actor.agency_id)
    return {"job_id": want_job(ctx, ARCHIVE_CASES, asked, dedupe=dedupe, followed=followed)}


HANDLERS: dict[type, Handler] = {
    **deciding.HANDLERS,
    BuryCase: bury_case,
    RunArchiving: run_archiving,
    DestroyFile: destroy_file,
    StartDestruction: start_destruction,
}
