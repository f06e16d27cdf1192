"""Passkeys: asked for, enrolled, used once for each question, renamed, removed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, FieldError, Invalid, NotFound, Rejected
from engine.ids import new_id
from engine.models.columns import AnyRow
from office.accounts.commands.accounts import username_of
from office.accounts.commands.factors import (
    demand_anothers,
    has_factor,
    replace_recovery_codes,
    stays_compelled,
    unbar_sessions,
)
from office.accounts.commands.sessions import end_all, end_lost
from office.accounts.commands.telling import tell_of, tell_of_tokens
from office.accounts.models import passkey, passkey_challenge
from office.people.history import record

LONGEST_NAME = 60
#: nobody has more devices than this
MOST = 20


@dataclass(frozen=True, slots=True)
class OpenPasskeyChallenge:
    """The actor's device is asked something. Answer: {challenge_id}."""

    challenge: str
    nonce: bytes = field(repr=False)
    rp_id: str
    origin: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StorePasskey:
    """The device has answered with a new key, which counts from now on. The first second factor of
    a person brings recovery codes and ends other sessions. Answer: {passkey_id}.
    """

    challenge_id: UUID
    name: str
    credential: bytes = field(repr=False)
    credential_id: bytes
    rp_id: str
    transports: Sequence[str]
    sign_count: int
    recovery_sha256: Sequence[str]
    keep_session: UUID | None = None


@dataclass(frozen=True, slots=True)
class UsePasskey:
    """The answer of the actor's passkey was right: question and answer are spent, and written down
    with what it was `said` for. Answer: {copied}: true where the device counts backwards, so that
    the key may be a copy, and the answer does not count.
    """

    challenge_id: UUID
    passkey_id: UUID
    sign_count: int
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenamePasskey:
    """The actor calls a passkey of theirs otherwise."""

    passkey_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    """Remove a passkey of the actor, unless it is the last of a factor that is compulsory
    (factor_compulsory): the caller has made sure that it is them. With `person_id` and the right
    accounts, anyone else's lost one: their sessions and API tokens end. Its owner is told.
    """

    passkey_id: UUID
    person_id: UUID | None = None


def open_challenge(command: OpenPasskeyChallenge, ctx: Context) -> Answer:
    made = new_id()
    ctx.db.execute(
        sa.insert(passkey_challenge),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": ctx.actor.person_id,
            "id": made,
            "challenge": command.challenge,
            "nonce": command.nonce,
            "rp_id": command.rp_id,
            "origin": command.origin,
            "expires_at": command.expires_at,
        },
    )
    return {"challenge_id": str(made)}


def _spend(ctx: Context, challenge_id: UUID) -> None:
    """The second of two who bring the same answer finds it spent."""
    spent = ctx.db.execute(
        sa.update(passkey_challenge)
        .where(passkey_challenge.c.agency_id == ctx.actor.agency_id)
        .where(passkey_challenge.c.person_id == ctx.actor.person_id)
        .where(passkey_challenge.c.id == challenge_id, passkey_challenge.c.used_at.is_(None))
        .where(passkey_challenge.c.expires_at > ctx.now)
        .values(used_at=ctx.now)
    )
    if spent.rowcount == 0:
        raise Rejected(
            "Expected an answer of a passkey that was not used before and is not late, but this"
            " one was or is; try again.",
            code="spent_passkey",
        )


def store_passkey(command: StorePasskey, ctx: Context) -> Answer:
    person_id = ctx.actor.person_id
    if person_id is None:
        raise Conflict("Expected a person, but the system has no passkey.")
    name = named(command.name)
    _spend(ctx, command.challenge_id)
    first = not has_factor(ctx, person_id)
    made = _insert(ctx, person_id, name, command)
    if first:
        replace_recovery_codes(ctx, person_id, command.recovery_sha256)
    unbar_sessions(ctx, person_id)
    record(ctx, "passkey.enrolled", person_id, name=name, rp_id=command.rp_id)
    tell_of(ctx, ctx.actor.username, "passkey_enrolled", name)
    if first:
        end_all(ctx, person_id, command.keep_session)
    return {"passkey_id": str(made), "first": first}


def too_many() -> Conflict:
    return Conflict(
        f"Expected at most {MOST} passkeys, but there are as many; remove one first.",
        code="too_many_passkeys",
    )


def named(name: str) -> str:
    """The name as it is kept; Invalid where there is none, or it is too long."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        message = f"Expected a name of 1 to {LONGEST_NAME} characters, but got {len(plain)}."
        raise Invalid(message, [FieldError("name", message, "required")])
    return plain


def _insert(ctx: Context, person_id: UUID, name: str, command: StorePasskey) -> UUID:
    hashed = hashlib.sha256(command.credential_id).hexdigest()
    agency = passkey.c.agency_id == ctx.actor.agency_id
    known = sa.select(passkey.c.id).where(agency, passkey.c.credential_sha256 == hashed)
    own = sa.select(sa.func.count()).where(agency, passkey.c.person_id == person_id)
    if ctx.db.execute(known).first() is not None:
        raise Conflict(
            "Expected a passkey that is not known yet, but this one is; use another device.",
            code="passkey_known",
        )
    if ctx.db.execute(own).scalar_one() >= MOST:
        raise too_many()
    made = new_id()
    ctx.db.execute(
        sa.insert(passkey),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": person_id,
            "id": made,
            "name": name,
            "credential": command.credential,
            "credential_sha256": hashed,
            "rp_id": command.rp_id,
            "transports": list(command.transports),
            "sign_count": command.sign_count,
            "created_at": ctx.now,
        },
    )
    return made


def use_passkey(command: UsePasskey, ctx: Context) -> Answer:
    _spend(ctx, command.challenge_id)
    person_id = ctx.actor.person_id
    row = _one(ctx, person_id, command.passkey_id)
    counts = command.sign_count > 0 or row.sign_count > 0
    if counts and command.sign_count <= row.sign_count:
        counted = {"had": row.sign_count, "got": command.sign_count}
        record(ctx, "passkey.copied", row.person_id, name=row.name, **counted)
        tell_of(ctx, ctx.actor.username, "passkey_copied", row.name)
        return {"copied": True}
    _set(ctx, row, sign_count=command.sign_count, used_at=ctx.now)
    record(ctx, "passkey.used", row.person_id, name=row.name, **command.said)
    return {"copied": False}


def _one(ctx: Context, person_id: UUID | None, passkey_id: UUID) -> AnyRow:
    found = ctx.db.execute(
        sa.select(passkey)
        .where(passkey.c.agency_id == ctx.actor.agency_id, passkey.c.person_id == person_id)
        .where(passkey.c.id == passkey_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("Expected a passkey of this person, but found none with this id.")
    return found


def _set(ctx: Context, row: AnyRow, **values: object) -> None:
    ctx.db.execute(
        sa.update(passkey)
        .where(passkey.c.agency_id == row.agency_id, passkey.c.id == row.id)
        .values(**values)
    )


def rename_passkey(command: RenamePasskey, ctx: Context) -> Answer:
    row, name = _one(ctx, ctx.actor.person_id, command.passkey_id), named(command.name)
    _set(ctx, row, name=name)
    return {"id": str(row.id), "name": name}


def remove_passkey(command: RemovePasskey, ctx: Context) -> Answer:
    own = command.person_id is None
    if command.person_id is not None:
        demand_anothers(ctx, command.person_id)
    row = _one(ctx, command.person_id or ctx.actor.person_id, command.passkey_id)
    ctx.db.execute(
        sa.delete(passkey).where(passkey.c.agency_id == row.agency_id, passkey.c.id == row.id)
    )
    if not has_factor(ctx, row.person_id):
        if own:
            stays_compelled(ctx, row.person_id)
        replace_recovery_codes(ctx, row.person_id, ())
    record(ctx, "passkey.removed", row.person_id, name=row.name)
    username = username_of(ctx, row.person_id)
    tell_of(ctx, username, "passkey_removed", row.name)
    if not own:
        tell_of_tokens(ctx, username, end_lost(ctx, row.person_id))
    return {"id": str(row.id)}


HANDLERS: dict[type, Handler] = {
    OpenPasskeyChallenge: open_challenge,
    StorePasskey: store_passkey,
    UsePasskey: use_passkey,
    RenamePasskey: rename_passkey,
    RemovePasskey: remove_passkey,
}
