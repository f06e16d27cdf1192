"""Enrolling and retiring signing keys, and counting PINs that were wrong."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from cryptography import x509

from engine.bus import Answer, Context
from engine.ids import new_id
from office.documents.keys import REST, TRIES, one_key, refuse_resting
from office.documents.models import signing_key
from office.people import queries as people
from office.people.rights import demand
from signing.keys import SoftwareKey


@dataclass(frozen=True, slots=True)
class EnrolKey:
    """Store an official's closed key with its certificate; an earlier one is retired.

    Needs the right accounts. Answer: {id, serial, not_after}.
    """

    username: str
    key: SoftwareKey = field(compare=False)


@dataclass(frozen=True, slots=True)
class RetireKey:
    """No longer signs. Answer: {id}."""

    key_id: UUID


@dataclass(frozen=True, slots=True)
class NotePin:
    """A PIN is tried, and counts as wrong until it has proved right, which clears the count; the
    last wrong one makes the key rest. TooMany (pin_locked) while it does. Answer: {left}.
    """

    key_id: UUID
    right: bool


def enrol_key(command: EnrolKey, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    person = people.person(ctx.db, ctx.actor.agency_id, command.username)
    _retire(ctx, signing_key.c.username == person.username)
    certificate = x509.load_der_x509_certificate(command.key.certificate)
    made = new_id()
    values = {
        "agency_id": ctx.actor.agency_id,
        "id": made,
        "username": person.username,
        "encrypted_key": command.key.encrypted,
        "certificate": command.key.certificate,
        "chain": [b64encode(link).decode() for link in command.key.chain],
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before_utc,
        "not_after": certificate.not_valid_after_utc,
        "enrolled_by": ctx.actor.username,
        "enrolled_at": ctx.now,
    }
    ctx.db.execute(sa.insert(signing_key), values)
    until = certificate.not_valid_after_utc.isoformat()
    return {"id": str(made), "serial": values["serial"], "not_after": until}


def retire_key(command: RetireKey, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    _retire(ctx, signing_key.c.id == command.key_id)
    return {"id": str(command.key_id)}


def note_pin(command: NotePin, ctx: Context) -> Answer:
    key = one_key(ctx.db, ctx.actor.agency_id, command.key_id, lock=True)
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
