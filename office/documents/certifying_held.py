"""Certified copies that wait: for their certifier's own device, in another request, minutes or a
restart later; and for a timestamp, by a job. Between the two everything is in a row and a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.actor import Actor
from engine.bus import Answer, Bus, Context
from engine.clock import Clock
from engine.db import reading
from engine.errors import Conflict, NotFound, Rejected
from engine.ports import JobFailed, JobInput, JobOutput
from office.documents import copying, device_act, errors, finishing, rules
from office.documents.certifying_act import WHAT, check, facts_of
from office.documents.commands.certifying import (
    FailCertified,
    FinishCertified,
    SealCertified,
    SettleCertified,
)
from office.documents.commands.reserving import DEVICE_PATIENCE
from office.documents.device_act import Pending
from office.documents.keys import closed_key, one_key
from office.documents.models import certification, document
from office.documents.ports import Desk
from office.documents.thai import office_day
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import StoredFile, keep
from office.people import queries as people
from signing.device import DeviceKey, answered
from signing.errors import SigningError, TimestampUnavailable
from signing.sign import Sealed, Signed, finish
from signing.stages import Prepared


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of `certification`; `number` is its letter's, `held_sha256` of what is kept of it."""

    id: UUID
    agency_id: UUID
    document_id: UUID
    state: str
    username: str
    key_id: UUID
    ordinal: int
    told: Any
    begun_at: datetime
    cause: str | None
    copy_id: UUID | None
    number: str
    held_sha256: str | None


_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_ONE = (
    sa.select(
        *(certification.c[name] for name in Waiting.__slots__ if name in certification.c),
        sa.func.coalesce(document.c.number, document.c.subject).label("number"),
        blob.c.sha256.label("held_sha256"),
    )
    .select_from(certification)
    .join(
        document,
        sa.and_(
            document.c.agency_id == certification.c.agency_id,
            document.c.id == certification.c.document_id,
        ),
    )
    .outerjoin(
        blob,
        sa.and_(
            blob.c.agency_id == certification.c.agency_id, blob.c.id == certification.c.blob_id
        ),
    )
    .where(certification.c.agency_id == _AGENCY)
)
_BY_ID = _ONE.where(certification.c.id == sa.bindparam("id", type_=sa.Uuid))
_MINE = _ONE.where(
    certification.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    certification.c.username == sa.bindparam("username"),
    certification.c.state == rules.WAITING_DEVICE,
)


def pending(bus: Bus, actor: Actor, document_id: UUID) -> Pending | None:
    """What of this letter's copies waits for the actor's device, if anything does."""
    desk = cast(Desk, bus.services.extra["desk"])
    binds = {"agency": actor.agency_id, "document": document_id, "username": actor.username}
    with reading(bus.engine, actor.fence) as db:
        row = db.execute(_MINE, binds).first()
        if row is None:
            return None
        found = Waiting(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        key = closed_key(one_key(db, actor.agency_id, found.key_id), None)
    assert isinstance(key, DeviceKey)
    if found.begun_at + DEVICE_PATIENCE <= bus.services.clock.now():
        return None
    prepared = Prepared.from_bytes(_held(desk, found))
    day = office_day(found.begun_at)
    return device_act.asked(found.id, found.number, day, prepared, key, found.begun_at)


def _held(desk: Desk, found: Waiting) -> bytes:
    assert found.held_sha256 is not None
    return read(desk.storage, found.agency_id, found.held_sha256)


def answer(
    bus: Bus, actor: Actor, document_id: UUID, this: UUID, given: bytes, command_id: UUID
) -> Answer:
    """Take the device's signature: answer as of `certifying_act.certify`. A wrong one is refused by
    field (foreign_signature), and the right one is still waited for.
    """
    desk = cast(Desk, bus.services.extra["desk"])
    now = bus.services.clock.now()
    with reading(bus.engine, actor.fence) as db:
        found = _theirs(db, actor, document_id, this)
    if found.state != rules.WAITING_DEVICE:
        return _as_it_went(found)
    if found.begun_at + DEVICE_PATIENCE <= now:
        bus.execute(SettleCertified(found.id), actor)
        raise errors.device_late()
    key = device_act.key_asked(bus, actor, desk, found.key_id, now)
    prepared = Prepared.from_bytes(_held(desk, found))
    device_act.check_given(bus, actor, key, prepared, given)
    try:
        sealed = answered(prepared, key, given)
        command = _outcome(bus, desk, found, sealed)
        return bus.execute(command, actor, command_id)
    except (SigningError, Rejected) as error:
        if error.code == "signature_settled":
            with reading(bus.engine, actor.fence) as db:
                return _as_it_went(_theirs(db, actor, document_id, this))
        _fail(bus, actor, found, str(error))
        raise finishing.as_rejection(error) from error


def _theirs(db: Connection, actor: Actor, document_id: UUID, this: UUID) -> Waiting:
    row = db.execute(_BY_ID, {"agency": actor.agency_id, "id": this}).first()
    if row is None or (row.document_id, row.username) != (document_id, actor.username):
        raise NotFound("Expected a copy that waits for your device, but there is none with it.")
    return Waiting(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _as_it_went(found: Waiting) -> Answer:
    """Another answer was first: what came of it."""
    if found.state == rules.FAILED:
        raise Conflict(
            f"Expected a copy that waits for your device, but it failed: {found.cause} Certify it"
            " again.",
            code="signature_settled",
        )
    told = {"document_id": str(found.document_id), "ordinal": found.ordinal}
    if found.copy_id is None:
        status = rules.WAITING_STATUS[found.state]
        return {"id": str(found.id), **told, "status": status, "device": None}
    return {"id": str(found.copy_id), **told}


def _outcome(
    bus: Bus, desk: Desk, found: Waiting, sealed: Sealed
) -> FinishCertified | SealCertified:
    """Stamped and looked at, or kept until it can be: no transaction is open in all of this."""
    try:
        signed = finish(sealed, desk.timestamps)
    except TimestampUnavailable:
        kind = "application/octet-stream"
        file = keep(desk.storage, found.agency_id, sealed.to_bytes(), "sealed", kind)
        return SealCertified(found.id, file)
    return _finished(bus.engine, desk, found, signed, bus.services.clock.now())


def _finished(
    engine: Engine, desk: Desk, found: Waiting, signed: Signed, now: datetime
) -> FinishCertified:
    check(engine, desk, found.agency_id, signed, now)
    file = _copy(desk, found, signed)
    return FinishCertified(found.id, {**found.told, **facts_of(signed)}, file)


def _copy(desk: Desk, found: Waiting, signed: Signed) -> StoredFile:
    name = f"{found.number} {WHAT} {found.ordinal}"
    return copying.filed(desk.storage, found.agency_id, signed.pdf, name)


def _fail(bus: Bus, actor: Actor, found: Waiting, cause: str) -> None:
    """It is over, unless another answer has ended it already."""
    try:
        bus.execute(FailCertified(found.id, cause), actor)
    except Conflict:
        return


# -- jobs --------------------------------------------------------------------------------------


class StampCopy:
    """The timestamp that was not to be had when a copy was certified, and then its keeping. The key
    is not needed again. Where the letter or the right is gone meanwhile, it fails and says why.
    """

    def __init__(self, engine: Engine, desk: Desk, clock: Clock) -> None:
        self._engine, self._desk, self._clock = engine, desk, clock

    def __call__(self, job: JobInput) -> JobOutput:
        this = UUID(job.payload["certification_id"])
        with reading(self._engine, job.agency_id) as db:
            row = db.execute(_BY_ID, {"agency": job.agency_id, "id": this}).one()
        found = Waiting(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        if found.state != rules.STAMPING:
            return JobOutput()
        sealed = Sealed.from_bytes(_held(self._desk, found))
        try:
            signed = finish(sealed, self._desk.timestamps)
            command = _finished(self._engine, self._desk, found, signed, self._clock.now())
        except SigningError as error:
            raise JobFailed(str(error)) from error
        except Conflict as invalid:
            raise JobFailed(invalid.message, retry=False, code=invalid.code) from invalid
        return JobOutput(effect=lambda ctx: _keep(ctx, found, command))


def _keep(ctx: Context, found: Waiting, command: FinishCertified) -> None:
    """In the name of who certified it, not of the worker that waited for the time."""
    try:
        person = people.person(ctx.db, ctx.actor.agency_id, found.username)
        certifier = people.actor_for(ctx.db, ctx.actor.agency_id, person.id, ctx.now)
        replace(ctx, actor=certifier).run(command)
    except Rejected as refused:
        ctx.run(FailCertified(found.id, refused.message, sealed_too=True))


def settle_copy(job: JobInput) -> JobOutput:
    command = SettleCertified(UUID(job.payload["certification_id"]))

    def effect(ctx: Context) -> None:
        ctx.run(command)

    return JobOutput(effect=effect)
