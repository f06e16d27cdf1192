"""Enrolling and retiring signing keys, and counting PINs that were wrong."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from cryptography import x509

from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.errors import FieldError, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.models.columns import AnyRow
from office.accounts.commands.telling import tell_of
from office.documents.keys import (
    REST,
    TRIES,
    kept_as,
    one_key,
    refuse_held,
    refuse_resting,
    way_of,
)
from office.documents.models import signing_key
from office.people import queries as people
from office.people.commands.standing import demand_over
from office.people.history import record
from office.people.rights import demand
from signing.keys import ClosedKey

WARN, REVOKE = "documents.warn", "documents.revoke"
#: days before the end of a certificate on which its owner is told
WARNINGS = (60, 7)


@dataclass(frozen=True, slots=True)
class EnrolKey:
    """Store an official's closed key with its certificate; an earlier one is retired.

    Right: accounts, and no less than the official's own. Answer: {id, serial, not_after}.
    """

    username: str
    key: ClosedKey = field(compare=False)


@dataclass(frozen=True, slots=True)
class EnrolOwnKey:
    """Store the actor's own closed key with its certificate; an earlier one is retired. The caller
    has made sure that it is them, and that the key is theirs (`registering`). Answer: as of
    EnrolKey. `certificate_sha256` tells one key that is brought from another under the same command
    id; a key that was made for this has none, for each try makes another.
    """

    key: ClosedKey = field(compare=False)
    certificate_sha256: str = ""

    @classmethod
    def brought(cls, key: ClosedKey) -> EnrolOwnKey:
        return cls(key, hashlib.sha256(key.certificate).hexdigest())


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Signs nothing from now on, and the authority is told so; what it signed before stays good.
    For its owner, and for who keeps accounts. Answer: {id}.
    """

    key_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RetireKey:
    """No longer signs; its owner is told. Right: accounts. Answer: {id}."""

    key_id: UUID


@dataclass(frozen=True, slots=True)
class NotePin:
    """A PIN is tried, and counts as wrong until it has proved right, which clears the count; the
    last wrong one makes the key rest. TooMany (pin_locked) while it does. `right` None: it was not
    tried after all, and does not count. Answer: {left}.
    """

    key_id: UUID
    right: bool | None


def enrol_key(command: EnrolKey, ctx: Context) -> Answer:
    person = people.person(ctx.db, ctx.actor.agency_id, command.username)
    demand_over(ctx, "accounts", person.id)
    return _enrol(ctx, person, command.key, way_of(command.key, "made"))


def enrol_own_key(command: EnrolOwnKey, ctx: Context) -> Answer:
    lacking = ctx.actor.scopes is not None and "sign" not in ctx.actor.scopes
    if ctx.actor.person_id is None or lacking:
        raise Forbidden("Expected a person who may sign from here, but this is none.")
    me = people.person(ctx.db, ctx.actor.agency_id, ctx.actor.username)
    way = way_of(command.key, "imported" if command.certificate_sha256 else "made")
    return _enrol(ctx, me, command.key, way)


def _enrol(ctx: Context, owner: people.PersonRow, key: ClosedKey, way: str) -> Answer:
    refuse_held(ctx.db, ctx.actor.agency_id, owner.username, key.certificate)
    _retire(ctx, signing_key.c.username == owner.username)
    certificate = x509.load_der_x509_certificate(key.certificate)
    made, serial = new_id(), f"{certificate.serial_number:x}"
    values = {
        "agency_id": ctx.actor.agency_id,
        "id": made,
        "username": owner.username,
        **kept_as(key),
        "certificate": key.certificate,
        "chain": [b64encode(link).decode() for link in key.chain],
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": serial,
        "not_before": certificate.not_valid_before_utc,
        "not_after": certificate.not_valid_after_utc,
        "enrolled_by": ctx.actor.username,
        "enrolled_at": ctx.now,
    }
    ctx.db.execute(sa.insert(signing_key), values)
    _want_warnings(ctx, made, certificate.not_valid_after_utc)
    _tell(ctx, owner, "enrolled", serial, way=way)
    until = certificate.not_valid_after_utc.isoformat()
    return {"id": str(made), "serial": serial, "not_after": until}


def _tell(ctx: Context, owner: people.PersonRow, happened: str, serial: str, **more: str) -> None:
    """In the history, and to the owner: a key in one's name that one knows nothing of is to be
    revoked at once. What the system itself does, in setting up, is no news.
    """
    told = {"serial": serial, **more}
    if not ctx.actor.is_system:
        told["through"] = "session" if ctx.actor.scopes is None else "token"
        tell_of(ctx, owner.username, f"key_{happened}", serial, where="/account/key")
    record(ctx, f"key.{happened}", owner.id, **told)


def _want_warnings(ctx: Context, key_id: UUID, ends: datetime) -> None:
    """Its owner is told in time, and again shortly before the end."""
    for days in WARNINGS:
        want_job(
            ctx,
            WARN,
            {"key_id": str(key_id)},
            due_at=max(ends - timedelta(days=days), ctx.now),
            dedupe=f"{WARN}:{key_id}:{days}",
        )


def revoke_key(command: RevokeKey, ctx: Context) -> Answer:
    key = _one(ctx, command.key_id)
    if key.username != ctx.actor.username:
        demand(ctx.actor, "accounts")
    if not command.reason.strip():
        raise Invalid(
            "Expected a reason why the key is revoked, but got none.",
            [FieldError("reason", "Fill this in.", "required")],
        )
    if key.revoked_at is None:
        revoke(ctx, key, command.reason.strip())
    return {"id": str(key.id)}


def revoke(ctx: Context, key: AnyRow, reason: str) -> None:
    """As a part of whatever takes the key from its owner."""
    _set(
        ctx,
        signing_key.c.id == key.id,
        revoked_at=ctx.now,
        revoked_reason=reason,
        retired_at=key.retired_at or ctx.now,
    )
    want_job(ctx, REVOKE, {"key_id": str(key.id)}, dedupe=f"{REVOKE}:{key.id}")
    owner = people.person(ctx.db, ctx.actor.agency_id, key.username)
    _tell(ctx, owner, "revoked", key.serial, reason=reason)


def _one(ctx: Context, key_id: UUID) -> AnyRow:
    statement = sa.select(signing_key).where(
        signing_key.c.agency_id == ctx.actor.agency_id, signing_key.c.id == key_id
    )
    found = ctx.db.execute(statement.with_for_update()).one_or_none()
    if found is None:
        raise NotFound("Expected a signing key, but this agency has none with this id.")
    return found


def retire_key(command: RetireKey, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    key = _one(ctx, command.key_id)
    if key.retired_at is None:
        _retire(ctx, signing_key.c.id == key.id)
        owner = people.person(ctx.db, ctx.actor.agency_id, key.username)
        _tell(ctx, owner, "retired", key.serial)
    return {"id": str(key.id)}


def note_pin(command: NotePin, ctx: Context) -> Answer:
    key = one_key(ctx.db, ctx.actor.agency_id, command.key_id, lock=True)
    if command.right is None:
        fewer = max(key.failed_count - 1, 0)
        _set(ctx, signing_key.c.id == key.id, failed_count=fewer)
        return {"left": TRIES - fewer}
    if not command.right:
        refuse_resting(key, ctx.now)
    failed = 0 if command.right else key.failed_count + 1
    rests = failed >= TRIES
    _set(
        ctx,
        signing_key.c.id == key.id,
        failed_count=0 if rests else failed,
        locked_until=ctx.now + REST if rests else None,
    )
    return {"left": TRIES - failed}


def _retire(ctx: Context, which: sa.ColumnElement[bool]) -> None:
    _set(ctx, sa.and_(which, signing_key.c.retired_at.is_(None)), retired_at=ctx.now)


def _set(ctx: Context, which: sa.ColumnElement[bool], **values: object) -> None:
    ctx.db.execute(
        sa.update(signing_key)
        .where(signing_key.c.agency_id == ctx.actor.agency_id, which)
        .values(**values)
    )
