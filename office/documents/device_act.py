"""Signing on the official's own device: the letter is prepared, the digest goes out, the signature
comes back in another request, minutes or a restart later.

Between the two everything is in a row and a file; nothing is signed before the answer has proved to
be the registered key's over these bytes, and then all counts at once.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.db import reading
from engine.errors import NotFound, Rejected
from office.accounts.guesses import WrongSecret, guarded
from office.documents import errors, finishing, rules
from office.documents.commands.recording import HoldForDevice
from office.documents.commands.reserving import DEVICE_PATIENCE
from office.documents.keys import closed_key, key_in_force, one_key
from office.documents.models import signature
from office.documents.ports import Desk
from office.documents.sealing import Attempt, attempt
from office.documents.trust import trusted
from office.files.storage import read
from office.files.uploads import keep
from signing.device import DeviceKey, answered, check_signature, to_be_signed
from signing.errors import ForeignSignature, SigningError
from signing.stages import Prepared


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for the actor's device. `to_be_signed` (DER) is signed by SHA-256, whose value is
    `digest`; `number` and `dated` are those on the letter, or the day that is on its copy.
    """

    signature_id: UUID
    number: str
    dated: date
    mechanism: str
    to_be_signed: bytes
    digest: str
    expires_at: datetime


def hold(
    bus: Bus,
    actor: Actor,
    desk: Desk,
    key: DeviceKey,
    begun: Attempt,
    prepared: Prepared,
    record_id: UUID,
) -> Answer:
    """Keep what is prepared, and say what the device is to sign."""
    file = keep(
        desk.storage, actor.agency_id, prepared.to_bytes(), "prepared", "application/octet-stream"
    )
    about = {"signature_id": str(begun.id), **question(prepared, key, begun.reserved_at)}
    return bus.execute(HoldForDevice(begun.id, file, about), actor, record_id)


def asked(
    this: UUID, number: str, dated: date, prepared: Prepared, key: DeviceKey, since: datetime
) -> Pending:
    signed = to_be_signed(prepared, key.certificate)
    return Pending(
        signature_id=this,
        number=number,
        dated=dated,
        mechanism=key.mechanism,
        to_be_signed=signed,
        digest=hashlib.sha256(signed).hexdigest(),
        expires_at=since + DEVICE_PATIENCE,
    )


def question(prepared: Prepared, key: DeviceKey, since: datetime) -> Mapping[str, Any]:
    """What the device is to sign, as it is told to whoever asked."""
    signed = to_be_signed(prepared, key.certificate)
    return {
        "to_be_signed": b64encode(signed).decode(),
        "digest": hashlib.sha256(signed).hexdigest(),
        "hash": "sha256",
        "mechanism": key.mechanism,
        "expires_at": (since + DEVICE_PATIENCE).isoformat(),
    }


_WAITING = sa.select(signature.c.id).where(
    signature.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    signature.c.task_id == sa.bindparam("task", type_=sa.Uuid),
    signature.c.username == sa.bindparam("username"),
    signature.c.state == rules.WAITING_DEVICE,
)


def pending(bus: Bus, actor: Actor, task_id: UUID) -> Pending | None:
    """What of this task waits for the actor's device, if anything does."""
    desk = cast(Desk, bus.services.extra["desk"])
    with reading(bus.engine, actor.fence) as db:
        binds = {"agency": actor.agency_id, "task": task_id, "username": actor.username}
        found = db.execute(_WAITING, binds).scalar()
        if found is None:
            return None
        begun = attempt(db, actor.agency_id, found)
        key = _device_key(db, actor, begun)
    if begun.reserved_at + DEVICE_PATIENCE <= bus.services.clock.now():
        return None
    kept = _kept(desk, begun)
    return asked(begun.id, begun.number, begun.dated, kept, key, begun.reserved_at)


def _device_key(db: Connection, actor: Actor, begun: Attempt) -> DeviceKey:
    key = closed_key(one_key(db, actor.agency_id, begun.key_id), None)
    assert isinstance(key, DeviceKey)
    return key


def _kept(desk: Desk, begun: Attempt) -> Prepared:
    assert begun.held_sha256 is not None
    return Prepared.from_bytes(read(desk.storage, begun.agency_id, begun.held_sha256))


def answer(
    bus: Bus, actor: Actor, task_id: UUID, signature_id: UUID, given: bytes, command_id: UUID
) -> Answer:
    """Take the device's signature: answer as of `signing_act.sign`. A wrong one is refused by field
    (foreign_signature), and the right one is still waited for.
    """
    desk = cast(Desk, bus.services.extra["desk"])
    with reading(bus.engine, actor.fence) as db:
        begun = _begun(db, actor, task_id, signature_id)
    if begun.state != rules.WAITING_DEVICE:
        return finishing.repeat(bus, actor, begun, command_id)
    now = bus.services.clock.now()
    if begun.reserved_at + DEVICE_PATIENCE <= now:
        finishing.fail(bus, actor, begun, "อุปกรณ์ไม่ได้ลงนามภายในเวลา")
        raise errors.device_late()
    key = key_asked(bus, actor, desk, begun.key_id, now)
    prepared = _kept(desk, begun)
    check_given(bus, actor, key, prepared, given)
    try:
        sealed = answered(prepared, key, given)
        command = finishing.outcome(bus, desk, actor, begun, sealed)
        return bus.execute(command, actor, command_id)
    except (SigningError, Rejected) as error:
        if error.code == "signature_settled":
            return _as_it_went(bus, actor, begun, command_id)
        finishing.fail(bus, actor, begun, str(error))
        raise finishing.as_rejection(error) from error


def key_asked(bus: Bus, actor: Actor, desk: Desk, key_id: UUID | None, now: datetime) -> DeviceKey:
    """The key whose signature is waited for, where it is still the actor's and not revoked."""
    with reading(bus.engine, actor.fence) as db:
        row = key_in_force(db, actor, now)
        trust = trusted(db, actor.agency_id, desk.trust)
    if row.id != key_id:
        raise errors.no_key(actor.username)
    key = closed_key(row, None)
    assert isinstance(key, DeviceKey)
    finishing.refuse_revoked(desk, key, trust, now)
    return key


def check_given(bus: Bus, actor: Actor, key: DeviceKey, prepared: Prepared, given: bytes) -> None:
    """Wrong ones are counted, and slowed, like guesses at any secret; the attempt goes on."""
    digest = hashlib.sha256(to_be_signed(prepared, key.certificate)).digest()
    try:
        with guarded(bus, actor, "device", ""):
            _check_signature(key, digest, given)
    except WrongSecret as wrong:
        raise errors.foreign_signature() from wrong


def _check_signature(key: DeviceKey, digest: bytes, given: bytes) -> None:
    try:
        check_signature(key.certificate, digest, given)
    except ForeignSignature as error:
        raise WrongSecret(str(error)) from error


def _as_it_went(bus: Bus, actor: Actor, begun: Attempt, command_id: UUID) -> Answer:
    """Another request brought the signature meanwhile."""
    with reading(bus.engine, actor.fence) as db:
        now = attempt(db, actor.agency_id, begun.id)
    return finishing.repeat(bus, actor, now, command_id)


def _begun(db: Connection, actor: Actor, task_id: UUID, signature_id: UUID) -> Attempt:
    mine = sa.select(signature.c.id).where(
        signature.c.agency_id == actor.agency_id,
        signature.c.id == signature_id,
        signature.c.task_id == task_id,
        signature.c.username == actor.username,
    )
    if db.execute(mine).first() is None:
        raise NotFound("Expected a letter that waits for your device, but there is none with it.")
    return attempt(db, actor.agency_id, signature_id)
