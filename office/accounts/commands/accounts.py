"""Accounts: made, given a password, unlocked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, NotFound
from office.accounts.commands.guards import ClearFailures, clear_failures
from office.accounts.commands.sessions import end_all
from office.accounts.models import account, password_reset
from office.accounts.targets import password_target
from office.people.commands.standing import demand_over
from office.people.history import record
from office.people.models import person


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """Let a person sign in. Without a hash they first ask for a reset. Right: accounts, and no less
    than the person's own (`demand_over`).
    """

    person_id: UUID
    password_hash: str | None = None
    must_change: bool = True


@dataclass(frozen=True, slots=True)
class SetPassword:
    """A new password's hash: one's own (the caller has checked the present one), or anyone's with
    the right accounts and no less than theirs. Ends all other sessions.
    """

    person_id: UUID
    password_hash: str
    must_change: bool = False
    keep_session: UUID | None = None


@dataclass(frozen=True, slots=True)
class UnlockAccount:
    """Lift the lock that wrong passwords have put on: whoever lifts it may guess on. Right:
    accounts, and no less than the person's own.
    """

    person_id: UUID


def create_account(command: CreateAccount, ctx: Context) -> Answer:
    demand_over(ctx, "accounts", command.person_id)
    username_of(ctx, command.person_id)
    if _exists(ctx, command.person_id):
        raise Conflict("Expected a person without an account, but there is one.", code="exists")
    ctx.db.execute(
        sa.insert(account),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": command.person_id,
            "password_hash": command.password_hash,
            "must_change": command.must_change,
            "changed_at": ctx.now,
        },
    )
    record(ctx, "account.created", command.person_id)
    return {"person_id": str(command.person_id)}


def username_of(ctx: Context, person_id: UUID, *, here: bool = False) -> str:
    """`here`: nor is there one where they have left."""
    found = ctx.db.execute(
        sa.select(person.c.username, person.c.active).where(
            person.c.agency_id == ctx.actor.agency_id, person.c.id == person_id
        )
    ).one_or_none()
    if found is None or (here and not found.active):
        raise NotFound("Expected a person of this agency, but found none with this id.")
    return str(found.username)


def _exists(ctx: Context, person_id: UUID) -> bool:
    return (
        ctx.db.execute(
            sa.select(account.c.person_id).where(
                account.c.agency_id == ctx.actor.agency_id, account.c.person_id == person_id
            )
        ).first()
        is not None
    )


def set_password(command: SetPassword, ctx: Context) -> Answer:
    if command.person_id != ctx.actor.person_id:
        demand_over(ctx, "accounts", command.person_id)
    replace_password(ctx, command.person_id, command.password_hash, command.must_change)
    return {"sessions_ended": end_all(ctx, command.person_id, command.keep_session)}


def replace_password(
    ctx: Context, person_id: UUID, password_hash: str, must_change: bool = False
) -> None:
    """Store the hash; open resets die, and the lock is lifted with the password that it guarded."""
    changed = ctx.db.execute(
        sa.update(account)
        .where(account.c.agency_id == ctx.actor.agency_id, account.c.person_id == person_id)
        .values(password_hash=password_hash, must_change=must_change, changed_at=ctx.now)
    )
    if changed.rowcount == 0:
        raise NotFound("Expected an account of this agency, but this person has none.")
    ctx.db.execute(
        sa.update(password_reset)
        .where(password_reset.c.agency_id == ctx.actor.agency_id)
        .where(password_reset.c.person_id == person_id, password_reset.c.used_at.is_(None))
        .values(used_at=ctx.now)
    )
    unlock(ctx, person_id)
    record(ctx, "account.password_changed", person_id)


def unlock_account(command: UnlockAccount, ctx: Context) -> Answer:
    demand_over(ctx, "accounts", command.person_id)
    unlock(ctx, command.person_id)
    record(ctx, "account.unlocked", command.person_id)
    return {"unlocked": True}


def unlock(ctx: Context, person_id: UUID) -> None:
    target = password_target(ctx.services, ctx.actor.agency_id, username_of(ctx, person_id))
    clear_failures(ClearFailures(target), ctx)


HANDLERS: dict[type, Handler] = {
    CreateAccount: create_account,
    SetPassword: set_password,
    UnlockAccount: unlock_account,
}
