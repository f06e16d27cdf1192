"""Versions of process definitions taken out of use, and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks, listening
from engine.commands.turn.held import Definition
from engine.commands.turn.moving import bundle_of
from engine.errors import Conflict, NotFound, Stale
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.deployment import definition_event, process_definition

_definition = process_definition.c
_OF_AGENCY = _definition.agency_id == sa.bindparam("agency")
_ONE = sa.select(_definition.key).where(_OF_AGENCY, _definition.id == sa.bindparam("this"))
_VERSIONS = (
    sa.select(process_definition)
    .where(_OF_AGENCY, _definition.key == sa.bindparam("key"))
    .order_by(_definition.version)
)
_MARK = (
    process_definition.update()
    .where(_OF_AGENCY, _definition.id.in_(sa.bindparam("ids", expanding=True)))
    .values(withdrawn_at=sa.bindparam("moment"))
)
_ADD_EVENT = definition_event.insert()


@dataclass(frozen=True, slots=True)
class WithdrawDefinition:
    """Nothing is started by this version any more: by a person, a message, a signal or a moment.
    What runs goes on, and calls that are pinned to it still reach it. Right: deploy.

    The newest version in use is refused (newest_version) unless `whole_key` says that all go with
    it; an older one never takes them along (not_newest).
    Answer: {id, key, version, withdrawn_at, versions: [numbers that were withdrawn now]}.
    """

    definition_id: UUID
    reason: str
    whole_key: bool = False
    #: as `state_of` says it; None: whatever it is. Stale where it is another now.
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class RestoreDefinition:
    """A withdrawn version can be started again; the newest of those in use listens for messages,
    signals and moments. Right: deploy.

    DeploymentRefused where another process is started by one of its messages meanwhile.
    Answer: {id, key, version, withdrawn_at: None, versions: [its number]}.
    """

    definition_id: UUID
    reason: str
    seen: str | None = None


def withdraw_definition(command: WithdrawDefinition, ctx: Context) -> Answer:
    checks.demand(ctx.actor, "deploy")
    reason = checks.text(command.reason, "reason")
    this, used = held_version(ctx, command.definition_id, command.seen)
    _check_may_go(this, used, whole=command.whole_key)
    going = used if command.whole_key else [this]
    ids = [row.id for row in going]
    ctx.db.execute(_MARK, {"agency": ctx.actor.agency_id, "ids": ids, "moment": ctx.now})
    listening.fall_silent(ctx, ids)
    record_events(ctx, "definition.withdrawn", going, reason)
    return _answer(this, going) | {"withdrawn_at": ctx.now}


def _check_may_go(this: AnyRow, used: Sequence[AnyRow], *, whole: bool) -> None:
    if this.withdrawn_at is not None:
        raise Conflict(
            f"Expected a version in use, but {this.version} of {this.key!r:.80} is withdrawn since"
            f" {this.withdrawn_at:%Y-%m-%d %H:%M} UTC. Nothing is left to do.",
            code="already_withdrawn",
        )
    newest = used[-1]
    if this.id == newest.id and not whole:
        raise Conflict(
            f"Expected an older version, but {this.version} is the newest of {this.key!r:.80} in"
            " use. Deploy a newer one first, or withdraw the whole process on purpose"
            " (whole_key).",
            code="newest_version",
        )
    if this.id != newest.id and whole:
        raise Conflict(
            f"Expected the newest version of {this.key!r:.80} to withdraw all, but that is"
            f" {newest.version}, not {this.version}. Look at it first, then withdraw that one.",
            code="not_newest",
        )


def restore_definition(command: RestoreDefinition, ctx: Context) -> Answer:
    checks.demand(ctx.actor, "deploy")
    reason = checks.text(command.reason, "reason")
    this, used = held_version(ctx, command.definition_id, command.seen)
    if this.withdrawn_at is None:
        raise Conflict(
            f"Expected a withdrawn version, but {this.version} of {this.key!r:.80} is in use.",
            code="not_withdrawn",
        )
    ctx.db.execute(_MARK, {"agency": ctx.actor.agency_id, "ids": [this.id], "moment": None})
    if not used or used[-1].version < this.version:
        definition = Definition(this.id, this.key, this.bundle_sha, this.deployment_id)
        listening.listen(ctx, bundle_of(ctx, definition), [this._asdict()])
    record_events(ctx, "definition.restored", [this], reason)
    return _answer(this, [this]) | {"withdrawn_at": None}


def state_of(withdrawn_at: datetime | None) -> str:
    """All of a version that ever changes, as one word."""
    return "used" if withdrawn_at is None else f"withdrawn-{withdrawn_at:%Y%m%dT%H%M%S%f}"


def held_version(
    ctx: Context, definition_id: UUID, seen: str | None = None
) -> tuple[AnyRow, Sequence[AnyRow]]:
    """The version itself, and those of its key that are in use, the newest last. Stale where it is
    not as it was `seen`.
    """
    agency = {"agency": ctx.actor.agency_id}
    key = ctx.db.execute(_ONE, {**agency, "this": definition_id}).scalar_one_or_none()
    if key is None:
        raise NotFound(f"Expected the id of a process definition, but {definition_id} is none.")
    listening.hold(ctx, [key])
    found = ctx.db.execute(_VERSIONS, {**agency, "key": key}).all()
    this = next(row for row in found if row.id == definition_id)
    if seen is not None and seen != state_of(this.withdrawn_at):
        raise Stale("Expected the version as you read it, but it was withdrawn or restored since.")
    return this, [row for row in found if row.withdrawn_at is None]


def record_events(ctx: Context, event: str, rows: Sequence[AnyRow], reason: str) -> None:
    """One entry of the history for each of these versions."""
    ctx.db.execute(
        _ADD_EVENT,
        [
            {
                "id": new_id(),
                "agency_id": ctx.actor.agency_id,
                "at": ctx.now,
                "actor": ctx.actor.username,
                "type": event,
                "definition_id": row.id,
                "key": row.key,
                "version": row.version,
                "reason": reason,
            }
            for row in rows
        ],
    )


def _answer(this: AnyRow, rows: Sequence[AnyRow]) -> Answer:
    return {
        "id": this.id,
        "key": this.key,
        "version": this.version,
        "versions": [row.version for row in rows],
    }


HANDLERS: dict[type, Handler] = {
    WithdrawDefinition: withdraw_definition,
    RestoreDefinition: restore_definition,
}
