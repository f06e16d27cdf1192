"""An ended case gives way to its evidence: its rows go, its instances stay as a tombstone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.turn.held import Held, hold_root
from engine.errors import Conflict
from engine.ids import new_id
from engine.models.archive import archive_policy, archived_instance
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.job import IS_PENDING, job
from engine.models.migration import instance_migration
from engine.models.task import task, task_candidate, task_comment
from engine.models.waiting import subscription, timer

#: The right to say how long ended cases are kept, and to put them away.
RETENTION = "retention"
#: Longest time that a policy may name, in days.
MOST_DAYS = 36_525
#: Years that a policy may name for the destruction of archived files. Electronic papers have no
#: term of their own; at ten years and more the head of an agency may order that they go.
LEAST_YEARS, MOST_YEARS = 10, 100

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_ROOT = sa.bindparam("root", type_=sa.Uuid)


def _of_root(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.agency_id == _AGENCY, table.c.root_id == _ROOT)


_TASKS = sa.select(task.c.id).where(_of_root(task))
#: Rows that go, those that refer to others first.
_GOING: Mapping[str, sa.Delete] = {
    "incident": incident.delete().where(_of_root(incident)),
    "timer": timer.delete().where(_of_root(timer)),
    "subscription": subscription.delete().where(_of_root(subscription)),
    "instance_migration": instance_migration.delete().where(_of_root(instance_migration)),
    "task_comment": task_comment.delete().where(_of_root(task_comment)),
    "task_candidate": task_candidate.delete().where(
        task_candidate.c.agency_id == _AGENCY, task_candidate.c.task_id.in_(_TASKS)
    ),
    "job": job.delete().where(_of_root(job)),
    "task": task.delete().where(_of_root(task)),
    "history_event": history_event.delete().where(_of_root(history_event)),
}
_STRIP = (
    process_instance.update()
    .where(_of_root(process_instance))
    .values(definition_id=None, variables={}, state=None)
)
_MEMBERS = sa.select(process_instance.c.id).where(_of_root(process_instance))
#: Machine work for the case that rooms asked for: no token waits for it, but its handler looks.
_PENDING = (
    sa.select(job.c.id)
    .where(job.c.agency_id == _AGENCY, IS_PENDING, job.c.instance_id.in_(_MEMBERS))
    .limit(1)
)
_ENDED = sa.select(process_instance.c.ended_at).where(
    process_instance.c.agency_id == _AGENCY, process_instance.c.id == _ROOT
)
_VERSION = sa.select(process_definition.c.version, process_definition.c.name).where(
    process_definition.c.agency_id == _AGENCY, process_definition.c.id == sa.bindparam("this")
)


@dataclass(frozen=True, slots=True)
class SetArchivePolicy:
    """How long ended cases of a process stay as they are (`definition_key` None: of all that have
    no policy of their own). `keep_days` None: for ever. `old_versions`: those that no instance is
    of are withdrawn, and later deleted. `destroy_years`: so long after their end a committee may be
    asked whether archived ones go; None: never. Right: retention. Answer: {id}.
    """

    definition_key: str | None
    keep_days: int | None
    old_versions: bool = False
    reason: str = ""
    destroy_years: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The file that the rows give way to: up to which event, and what it hashes to."""

    events: int
    head: str
    sha256: str
    size: int
    seal: str
    stored_sha256: str


@dataclass(frozen=True, slots=True)
class ArchiveInstance:
    """Right: retention. Conflict unless the case ended before `ended_before`, nothing is still to
    be done for it, and its history is what the evidence has. Answer: {id, removed: {table: rows}}.
    """

    root_id: UUID
    evidence: Evidence
    ended_before: datetime


def set_policy(command: SetArchivePolicy, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    days = command.keep_days
    if days is not None and not 0 <= days <= MOST_DAYS:
        message = f"Expected from 0 to {MOST_DAYS} days, but got {days}."
        raise checks.refused("keep_days", "out_of_range", message)
    years = command.destroy_years
    if years is not None and not LEAST_YEARS <= years <= MOST_YEARS:
        message = f"Expected from {LEAST_YEARS} to {MOST_YEARS} years, but got {years}."
        raise checks.refused("destroy_years", "out_of_range", message)
    key = command.definition_key
    row = {
        "id": new_id(),
        "agency_id": ctx.actor.agency_id,
        "definition_key": key and checks.text(key, "definition_key", limit=checks.MAX_NAME),
        "keep_days": days,
        "destroy_years": years,
        "old_versions": command.old_versions,
        "reason": checks.text(command.reason, "reason", limit=1_000),
        "set_by": ctx.actor.username,
        "set_at": ctx.now,
    }
    ctx.db.execute(archive_policy.insert(), row)
    return {"id": row["id"]}


def archive_instance(command: ArchiveInstance, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    held = hold_root(ctx, command.root_id)
    key = {"agency": held.agency_id, "root": held.root_id}
    _check_ready(ctx, held, command, key)
    _bury(ctx, held, command.evidence)
    removed = {name: ctx.db.execute(delete, key).rowcount for name, delete in _GOING.items()}
    ctx.db.execute(_STRIP, key)
    return {"id": held.root_id, "removed": removed}


def _check_ready(
    ctx: Context, held: Held, command: ArchiveInstance, key: Mapping[str, Any]
) -> None:
    proof = command.evidence
    ended = ctx.db.execute(_ENDED, key).scalar_one()
    if held.alive or ended is None or ended >= command.ended_before:
        raise Conflict(
            f"Expected a case that ended before {command.ended_before:%Y-%m-%d %H:%M}, but"
            f" {held.root_id} {'is still running' if held.alive else 'ended later'}.",
            code="not_archivable",
        )
    if ctx.db.execute(_PENDING, key).first() is not None:
        raise Conflict(
            f"Expected nothing left to do for case {held.root_id}, but a job of it waits.",
            code="not_archivable",
        )
    if (held.seq, held.head.hex()) != (proof.events, proof.head):
        raise Conflict(
            f"Expected the evidence to have all {held.seq} events of case {held.root_id}, but it"
            " is of before the last one. Make it anew.",
            code="evidence_stale",
        )


def _bury(ctx: Context, held: Held, proof: Evidence) -> None:
    of_version = {"agency": held.agency_id, "this": held.root.definition.id}
    version = ctx.db.execute(_VERSION, of_version).one()
    ctx.db.execute(
        archived_instance.insert(),
        {
            "id": held.root_id,
            "agency_id": held.agency_id,
            "definition_key": held.root.definition.key,
            "definition_version": version.version,
            "definition_name": version.name,
            "history_seq": held.seq,
            "history_hash": held.head,
            "evidence_sha256": proof.sha256,
            "evidence_size": proof.size,
            "seal": proof.seal,
            "stored_sha256": proof.stored_sha256,
            "archived_by": ctx.actor.username,
            "archived_at": ctx.now,
        },
    )


HANDLERS: dict[type, Handler] = {
    SetArchivePolicy: set_policy,
    ArchiveInstance: archive_instance,
}
