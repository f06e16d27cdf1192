"""Keeping a certified copy: at once, or first what it waits with for a device or a timestamp.

A row of `certification` is a copy that waits; only one that still does may go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.errors import Conflict, Forbidden, NotFound
from engine.ids import new_id
from office.documents import access, errors, rules
from office.documents.commands.copies import KeepCopy, check_next
from office.documents.commands.recording import STAMP_ATTEMPTS
from office.documents.commands.reserving import DEVICE_PATIENCE
from office.documents.keys import key_in_force
from office.documents.models import certification
from office.files import blobs
from office.files.uploads import StoredFile
from office.people import queries as people

STAMP_COPY, SETTLE_COPY = "documents.stamp_copy", "documents.settle_copy"
_WAITING = frozenset({rules.WAITING_DEVICE, rules.STAMPING})


@dataclass(frozen=True, slots=True)
class Held:
    """What a copy waits for (waiting_device, stamping), and what its certifier's device is asked.
    Its file is then what is prepared, or sealed.
    """

    state: str
    question: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KeepCertified:
    """Keep a copy that its certifier has signed in the name of `post` (`certifying_act.certify`).
    Right, post and letter are looked at once more. Right: certify. Answer as of KeepCopy; of one
    that waits {id, document_id, ordinal, status: waiting_device or waiting_timestamp, device}.
    """

    document_id: UUID
    post: str
    #: the rest differs in a repeated request, which gets the kept answer
    ordinal: int = field(compare=False)
    of_sha256: str = field(compare=False)
    told: Mapping[str, Any] = field(compare=False)
    file: StoredFile = field(compare=False)
    held: Held | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FinishCertified:
    """The copy that waited is signed and stamped: its certifier keeps it, as KeepCertified would.
    `told` is now all that it says. Answer as of KeepCopy.
    """

    certification_id: UUID
    told: Mapping[str, Any] = field(compare=False)
    file: StoredFile = field(compare=False)


@dataclass(frozen=True, slots=True)
class SealCertified:
    """Its device has signed, and no timestamp is to be had: `sealed` waits for a job. Answer as of
    KeepCertified.
    """

    certification_id: UUID
    sealed: StoredFile = field(compare=False)


@dataclass(frozen=True, slots=True)
class FailCertified:
    """Nothing comes of it. One that is sealed goes on (signature_settled), unless `sealed_too`."""

    certification_id: UUID
    cause: str
    sealed_too: bool = False


@dataclass(frozen=True, slots=True)
class SettleCertified:
    """Fail it, if its device has not signed in time. Answer: {settled: bool}."""

    certification_id: UUID


def keep_certified(command: KeepCertified, ctx: Context) -> Answer:
    row = _locked(ctx, command.document_id)
    _check(ctx, row, command.post, command.told)
    kind, ordinal, of = rules.CERTIFIED_COPY, command.ordinal, command.of_sha256
    check_next(ctx, row, kind, ordinal, of)
    _supersede(ctx, row)
    if command.held is not None:
        return _hold(ctx, row, command, command.held)
    return ctx.run(KeepCopy(row.id, kind, ordinal, of, command.told, command.file))


def _hold(ctx: Context, row: access.Row, command: KeepCertified, held: Held) -> Answer:
    made = new_id()
    ctx.db.execute(
        sa.insert(certification),
        {
            "agency_id": row.agency_id,
            "id": made,
            "document_id": row.id,
            "state": held.state,
            "username": ctx.actor.username,
            "post": command.post,
            "key_id": key_in_force(ctx.db, ctx.actor, ctx.now).id,
            "ordinal": command.ordinal,
            "of_sha256": command.of_sha256,
            "told": dict(command.told),
            "blob_id": blobs.insert(ctx, command.file, held_by=f"certification:{made}"),
            "begun_at": ctx.now,
        },
    )
    if held.state == rules.STAMPING:
        _want_stamp(ctx, made, row.id)
    else:
        payload, due = {"certification_id": str(made)}, ctx.now + DEVICE_PATIENCE
        want_job(ctx, SETTLE_COPY, payload, business_key=str(row.id), due_at=due)
    device = {"certification_id": str(made), **held.question} if held.question else None
    return {**_waiting(made, row.id, command.ordinal, held.state), "device": device}


def _want_stamp(ctx: Context, certification_id: UUID, document_id: UUID) -> None:
    want_job(
        ctx,
        STAMP_COPY,
        {"certification_id": str(certification_id)},
        business_key=str(document_id),
        max_attempts=STAMP_ATTEMPTS,
        dedupe=f"{STAMP_COPY}:{certification_id}",
    )


def _waiting(certification_id: UUID, document_id: UUID, ordinal: int, state: str) -> Answer:
    return {
        "id": str(certification_id),
        "document_id": str(document_id),
        "ordinal": ordinal,
        "status": rules.WAITING_STATUS[state],
        "device": None,
    }


def finish_certified(command: FinishCertified, ctx: Context) -> Answer:
    made, row = _attempt(ctx, command.certification_id, _WAITING)
    _check(ctx, row, made.post, command.told)
    copy = KeepCopy(
        row.id,
        rules.CERTIFIED_COPY,
        made.ordinal,
        made.of_sha256,
        command.told,
        command.file,
        reserved=True,
    )
    answer = ctx.run(copy)
    _settle(ctx, made, state=rules.CERTIFIED, copy_id=UUID(answer["id"]), blob_id=None)
    return answer


def seal_certified(command: SealCertified, ctx: Context) -> Answer:
    made, row = _attempt(ctx, command.certification_id, {rules.WAITING_DEVICE})
    _check(ctx, row, made.post, made.told)
    blob_id = blobs.insert(ctx, command.sealed, held_by=f"certification:{made.id}")
    blobs.let_go(ctx, made.blob_id)
    _update(ctx, made, state=rules.STAMPING, blob_id=blob_id)
    _want_stamp(ctx, made.id, row.id)
    return _waiting(made.id, row.id, made.ordinal, rules.STAMPING)


def fail_certified(command: FailCertified, ctx: Context) -> Answer:
    states = _WAITING if command.sealed_too else {rules.WAITING_DEVICE}
    made, _ = _attempt(ctx, command.certification_id, states)
    _fail(ctx, made, command.cause)
    return {"id": str(made.id), "state": rules.FAILED}


def settle_certified(command: SettleCertified, ctx: Context) -> Answer:
    made = one_certification(ctx, command.certification_id)
    overdue = made.state == rules.WAITING_DEVICE and made.begun_at + DEVICE_PATIENCE <= ctx.now
    if overdue:
        ctx.run(FailCertified(made.id, "อุปกรณ์ไม่ได้ลงนามภายในเวลา"))
    return {"settled": overdue}


def _supersede(ctx: Context, row: access.Row) -> None:
    """Who begins again has done with what waits for their device."""
    mine = sa.select(certification).where(
        certification.c.agency_id == row.agency_id,
        certification.c.document_id == row.id,
        certification.c.username == ctx.actor.username,
        certification.c.state == rules.WAITING_DEVICE,
    )
    for made in ctx.db.execute(mine).all():
        _fail(ctx, made, "เริ่มรับรองใหม่")


def _fail(ctx: Context, made: access.Row, cause: str) -> None:
    """What was sealed is kept: it tells what was not to be finished."""
    kept = {} if made.state == rules.STAMPING else {"blob_id": None}
    _settle(ctx, made, state=rules.FAILED, cause=cause, **kept)


def _settle(ctx: Context, made: access.Row, **values: object) -> None:
    _update(ctx, made, settled_at=ctx.now, **values)
    if "blob_id" in values and made.blob_id is not None:
        blobs.let_go(ctx, made.blob_id)


def _update(ctx: Context, made: access.Row, **values: object) -> None:
    ctx.db.execute(
        sa.update(certification)
        .where(certification.c.agency_id == made.agency_id, certification.c.id == made.id)
        .values(**values)
    )


def one_certification(ctx: Context, certification_id: UUID) -> access.Row:
    found = ctx.db.execute(
        sa.select(certification).where(
            certification.c.agency_id == ctx.actor.agency_id,
            certification.c.id == certification_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFound("Expected a copy that waits, but there is none with this id.")
    return found


def _attempt(ctx: Context, this: UUID, states: Set[str]) -> tuple[access.Row, access.Row]:
    """It and its letter, locked, while it may still go on."""
    row = _locked(ctx, one_certification(ctx, this).document_id)
    made = one_certification(ctx, this)
    if made.state not in states:
        raise Conflict(
            f"Expected a copy that is {' or '.join(sorted(states))}, but it is {made.state}:"
            " another was begun, or it is settled.",
            code="signature_settled",
        )
    return made, row


def _locked(ctx: Context, document_id: UUID) -> access.Row:
    row = access.find(ctx.db, ctx.actor.agency_id, document_id)
    access.lock_instance(ctx.db, row)
    return access.lock(ctx.db, ctx.actor.agency_id, row.id)


def _check(ctx: Context, row: access.Row, post: str, told: Mapping[str, Any]) -> None:
    check_certifier(ctx.actor, row)
    capacity = people.signing_capacity(
        ctx.db,
        row.agency_id,
        ctx.actor.username,
        post,
        ctx.now,
        kind=row.kind,
        subject=row.subject,
    )
    if list(capacity.position_lines) != list(told["position_lines"]):
        raise errors.other_than_shown()


def check_certifier(actor: Actor, row: access.Row) -> None:
    """Whoever may certify copies, of a letter that counts; of a secret one the registrar alone,
    who records them (ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544).
    """
    if actor.scopes is not None and "sign" not in actor.scopes:
        raise Forbidden("Expected a token with the scope sign, but it lacks it.", code="scope")
    if not actor.may(rules.RIGHT_TO_CERTIFY):
        raise errors.cannot_certify(actor.username)
    if row.secrecy > rules.OPEN_TO_RIGHTS and not actor.may("registry"):
        raise errors.cannot_certify_secret(actor.username)
    if row.revoked_at is not None:
        raise Conflict(
            "Expected a signed letter that counts, but it is revoked already.", code="not_in_force"
        )
