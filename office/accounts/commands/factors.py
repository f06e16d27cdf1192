"""Second factors: enrolled, confirmed by a first code, used once for each code, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, NotFound, Rejected
from engine.ids import new_id
from office.accounts.commands.accounts import username_of
from office.accounts.commands.sessions import end_all, end_lost
from office.accounts.commands.telling import tell_of, tell_of_tokens
from office.accounts.compulsion import compels
from office.accounts.models import factor, passkey, recovery_code, session
from office.people.commands.standing import demand_over
from office.people.history import record


@dataclass(frozen=True, slots=True)
class StoreFactor:
    """Keep a new, unconfirmed TOTP secret of the actor, sealed. Answer: {factor_id}."""

    sealed: bytes


@dataclass(frozen=True, slots=True)
class ConfirmFactor:
    """A first code was right: the factor counts from now on, and an earlier one ends."""

    factor_id: UUID
    step: int
    recovery_sha256: Sequence[str]
    keep_session: UUID | None = None


@dataclass(frozen=True, slots=True)
class UseFactorStep:
    """Take the code of one time step; a code that was taken before is refused (replayed_code).
    What it was `said` for, where that is more than signing in, is written down.
    """

    factor_id: UUID
    step: int
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UseRecoveryCode:
    """Take one recovery code of the actor; each opens once."""

    code_sha256: str


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodes:
    """New recovery codes of the actor, who has proved the factor; the old ones open no more."""

    recovery_sha256: Sequence[str]


@dataclass(frozen=True, slots=True)
class RemoveFactor:
    """Remove the actor's own factor, unless it is compulsory (factor_compulsory): the caller has
    made sure that it is them. With `person_id` and the right accounts, anyone else's lost one:
    their sessions and API tokens end, and they are told.
    """

    person_id: UUID | None = None


def store_factor(command: StoreFactor, ctx: Context) -> Answer:
    """An enrolment begun anew forgets the one that was never confirmed."""
    ctx.db.execute(
        sa.delete(factor).where(*_own(ctx, ctx.actor.person_id), factor.c.confirmed_at.is_(None))
    )
    factor_id = new_id()
    ctx.db.execute(
        sa.insert(factor),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": ctx.actor.person_id,
            "id": factor_id,
            "kind": "totp",
            "sealed": command.sealed,
            "created_at": ctx.now,
        },
    )
    return {"factor_id": str(factor_id)}


def _own(ctx: Context, person_id: UUID | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (factor.c.agency_id == ctx.actor.agency_id, factor.c.person_id == person_id)


def confirm_factor(command: ConfirmFactor, ctx: Context) -> Answer:
    person_id = ctx.actor.person_id
    confirmed = ctx.db.execute(
        sa.update(factor)
        .where(*_own(ctx, person_id), factor.c.id == command.factor_id)
        .where(factor.c.confirmed_at.is_(None))
        .values(confirmed_at=ctx.now, used_step=command.step)
    )
    if confirmed.rowcount == 0 or person_id is None:
        raise Conflict("Expected an enrolment under way, but there is none; begin again.")
    ctx.db.execute(sa.delete(factor).where(*_own(ctx, person_id), factor.c.id != command.factor_id))
    replace_recovery_codes(ctx, person_id, command.recovery_sha256)
    unbar_sessions(ctx, person_id)
    record(ctx, "factor.confirmed", person_id, kind="totp")
    tell_of(ctx, ctx.actor.username, "factor_confirmed")
    return {"sessions_ended": end_all(ctx, person_id, command.keep_session)}


def unbar_sessions(ctx: Context, person_id: UUID) -> None:
    """Whoever had to get a second factor has one."""
    ctx.db.execute(
        sa.update(session)
        .where(session.c.agency_id == ctx.actor.agency_id, session.c.person_id == person_id)
        .values(must_enrol=False)
    )


def has_factor(ctx: Context, person_id: UUID | None) -> bool:
    """Whether a person has a second factor that counts: a code's, or a passkey."""
    confirmed = sa.select(factor.c.id).where(
        *_own(ctx, person_id), factor.c.confirmed_at.is_not(None)
    )
    held = sa.select(passkey.c.id).where(
        passkey.c.agency_id == ctx.actor.agency_id, passkey.c.person_id == person_id
    )
    return any(ctx.db.execute(which.limit(1)).first() is not None for which in (confirmed, held))


def stays_compelled(ctx: Context, person_id: UUID) -> None:
    """Refuse to leave oneself without a factor that the agency asks for."""
    if compels(ctx.db, ctx.actor.agency_id, person_id, ctx.now):
        raise Conflict(
            "Expected a factor that is one's own choice, but the agency asks for it; replace it.",
            code="factor_compulsory",
        )


def replace_recovery_codes(ctx: Context, person_id: UUID, hashes: Sequence[str]) -> None:
    ctx.db.execute(
        sa.delete(recovery_code).where(
            recovery_code.c.agency_id == ctx.actor.agency_id,
            recovery_code.c.person_id == person_id,
        )
    )
    rows = [
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": person_id,
            "id": new_id(),
            "code_sha256": code,
        }
        for code in hashes
    ]
    if rows:
        ctx.db.execute(sa.insert(recovery_code), rows)


def use_factor_step(command: UseFactorStep, ctx: Context) -> Answer:
    taken = ctx.db.execute(
        sa.update(factor)
        .where(*_own(ctx, ctx.actor.person_id), factor.c.id == command.factor_id)
        .where(factor.c.confirmed_at.is_not(None), factor.c.used_step < command.step)
        .values(used_step=command.step)
    )
    if taken.rowcount == 0:
        raise Rejected(
            "Expected a code that was not used before, but this one was; wait for the next.",
            code="replayed_code",
        )
    if command.said and ctx.actor.person_id is not None:
        record(ctx, "factor.used", ctx.actor.person_id, **command.said)
    return {"taken": command.step}


def use_recovery_code(command: UseRecoveryCode, ctx: Context) -> Answer:
    person_id = ctx.actor.person_id
    taken = ctx.db.execute(
        sa.update(recovery_code)
        .where(recovery_code.c.agency_id == ctx.actor.agency_id)
        .where(recovery_code.c.person_id == person_id)
        .where(recovery_code.c.code_sha256 == command.code_sha256)
        .where(recovery_code.c.used_at.is_(None))
        .values(used_at=ctx.now)
    )
    if taken.rowcount == 0 or person_id is None:
        raise Rejected("Expected a recovery code, but it is not one or was used.", code="bad_code")
    record(ctx, "factor.recovery_used", person_id)
    return {"taken": True}


def renew_recovery_codes(command: RenewRecoveryCodes, ctx: Context) -> Answer:
    person_id = ctx.actor.person_id
    if person_id is None or not has_factor(ctx, person_id):
        raise Conflict("Expected a second factor, but there is none; enrol one first.")
    replace_recovery_codes(ctx, person_id, command.recovery_sha256)
    record(ctx, "factor.codes_renewed", person_id)
    tell_of(ctx, ctx.actor.username, "codes_renewed")
    return {"renewed": len(command.recovery_sha256)}


def demand_anothers(ctx: Context, person_id: UUID) -> None:
    """Who keeps accounts takes lost factors of others, who may do no more than they. Nobody takes
    their own so: it would ask for no proof that it is them.
    """
    demand_over(ctx, "accounts", person_id)
    if person_id == ctx.actor.person_id:
        raise Conflict(
            "Expected somebody else's second factor, but this is your own; remove it on the page of"
            " your account, which asks for it, or have another administrator take it.",
            code="own_factor",
        )


def remove_factor(command: RemoveFactor, ctx: Context) -> Answer:
    own = command.person_id is None
    person_id = command.person_id or ctx.actor.person_id
    if command.person_id is not None:
        demand_anothers(ctx, command.person_id)
    removed = ctx.db.execute(sa.delete(factor).where(*_own(ctx, person_id)))
    if removed.rowcount == 0 or person_id is None:
        raise NotFound("Expected a person with a second factor, but there is none.")
    if not has_factor(ctx, person_id):
        if own:
            stays_compelled(ctx, person_id)
        replace_recovery_codes(ctx, person_id, ())
    record(ctx, "factor.removed", person_id, kind="totp")
    username = username_of(ctx, person_id)
    tell_of(ctx, username, "factor_removed")
    if not own:
        tell_of_tokens(ctx, username, end_lost(ctx, person_id))
    return {"removed": removed.rowcount}


HANDLERS: dict[type, Handler] = {
    StoreFactor: store_factor,
    ConfirmFactor: confirm_factor,
    UseFactorStep: use_factor_step,
    UseRecoveryCode: use_recovery_code,
    RenewRecoveryCodes: renew_recovery_codes,
    RemoveFactor: remove_factor,
}
