"""Grants of one process: who may start it, see or administer its cases, beside roles and rights."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, Forbidden, NotFound
from engine.models.granting import ADMINISTER, SEE, process_grant
from engine.queries import definitions
from engine.queries.visibility import sees_all
from office.people.commands.rows import add, change, find, find_id, invalid
from office.people.history import record
from office.people.models import person, position, role, unit
from office.people.rights import demand
from office.people.rules import PROCESS_MATTERS

_KINDS = {"person": person, "position": position, "role": role, "unit": unit}


@dataclass(frozen=True, slots=True)
class GrantProcess:
    """Let a principal ("role:registrar") start the process with the key `process`, see all its
    cases, or administer them: mend, cancel, reassign, migrate (`matter`: start, see, administer).
    Right: people; nobody grants what reaches themselves, nor sight or care that they do not have.
    Answer: {id}.
    """

    process: str
    matter: str
    principal: str


@dataclass(frozen=True, slots=True)
class EndProcessGrant:
    """The grant ends now. Right: people. Answer: {id}."""

    grant_id: UUID


def grant_process(command: GrantProcess, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    if command.matter not in PROCESS_MATTERS:
        raise invalid(
            "matter", f"Expected start, see or administer, but got {command.matter!r:.40}."
        )
    if not definitions.versions(ctx.db, ctx.actor.agency_id, command.process):
        raise NotFound(f"Expected a process {command.process!r:.80}, but none is deployed.")
    kind, _, code = command.principal.partition(":")
    if kind not in _KINDS or not code:
        raise invalid(
            "principal",
            "Expected person:, position:, role: or unit: and a code, but got"
            f" {command.principal!r:.80}.",
        )
    found = find(ctx, _KINDS[kind], code, lock=True)
    if kind != "role" and not found.active:
        raise Conflict(f"Expected an open {kind}, but {code} is closed.", code="inactive")
    _check_giver(command, ctx)
    _refuse_twice(command, ctx)
    grant_id = add(
        ctx,
        process_grant,
        process=command.process,
        matter=command.matter,
        principal=command.principal,
        given_by=ctx.actor.username,
        given_at=ctx.now,
    )
    said = {"key": command.process, "matter": command.matter, "principal": command.principal}
    record(ctx, "permission.granted", grant_id, **said)
    return {"id": str(grant_id)}


def _check_giver(command: GrantProcess, ctx: Context) -> None:
    if command.principal in (*ctx.actor.principals, f"person:{ctx.actor.username}"):
        raise Forbidden(
            "Expected a grant to others, but this one reaches yourself; ask another who keeps"
            " people.",
            code="own_grant",
        )
    if command.matter == SEE and not sees_all(ctx.actor):
        raise Forbidden("Expected sight of your own to give, but you do not see every case.")
    if command.matter == ADMINISTER and not _operates(ctx):
        raise Forbidden("Expected the right operate to give care of cases, but it is not yours.")


def _operates(ctx: Context) -> bool:
    return ctx.actor.is_system or ctx.actor.may("operate")


def _refuse_twice(command: GrantProcess, ctx: Context) -> None:
    same = sa.select(process_grant.c.id).where(
        process_grant.c.agency_id == ctx.actor.agency_id,
        process_grant.c.principal == command.principal,
        process_grant.c.process == command.process,
        process_grant.c.matter == command.matter,
        process_grant.c.ended_at.is_(None),
    )
    if ctx.db.execute(same).first() is not None:
        raise Conflict("Expected a new grant, but this one is in force.", code="process_granted")


def end_process_grant(command: EndProcessGrant, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find_id(ctx, process_grant, command.grant_id)
    if row.ended_at is not None:
        raise Conflict("Expected a grant in force, but it has ended.", code="ended")
    change(ctx, process_grant, row.id, {"ended_at": ctx.now, "ended_by": ctx.actor.username})
    said = {"key": row.process, "matter": row.matter, "principal": row.principal}
    record(ctx, "permission.ended", row.id, **said)
    return {"id": str(row.id)}


HANDLERS: dict[type, Handler] = {
    GrantProcess: grant_process,
    EndProcessGrant: end_process_grant,
}
