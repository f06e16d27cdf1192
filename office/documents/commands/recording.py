"""Ending an attempt to sign: recorded, held for its timestamp, failed, or settled for the dead.

A row of `signature` is one attempt; only one that is still on its way may go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.commands.tasks import ActPerformed, CheckCompletion, CompleteTask
from engine.commands.vouching import vouch
from engine.errors import Conflict, NotFound
from office.documents import access, errors, rules
from office.documents.commands.archiving import want_archive
from office.documents.commands.reserving import (
    DEVICE_PATIENCE,
    PATIENCE,
    SETTLE,
    capacity_of,
    seen_now,
)
from office.documents.kinds import number_on_paper
from office.documents.letters import letter_of
from office.documents.models import document, signature
from office.documents.ports import desk_of
from office.documents.seals import standing
from office.documents.two_signers import signs_first
from office.documents.versions import enclosed
from office.files import blobs
from office.files.uploads import StoredFile

Given = TypeVar("Given")
STAMP = "documents.stamp"
#: five minutes apart, the ladder's last rung: about a day of an absent timestamp authority
STAMP_ATTEMPTS = 300
#: how long an attempt may stay as it is, and what it is told to have failed of
_PATIENCE: Mapping[str, tuple[timedelta | None, str]] = {
    rules.RESERVED: (PATIENCE, "คำขอลงนามหยุดกลางทาง"),
    rules.WAITING_DEVICE: (DEVICE_PATIENCE, "อุปกรณ์ไม่ได้ลงนามภายในเวลา"),
}
_UNSEALED = frozenset({rules.RESERVED, rules.WAITING_DEVICE})
_ON_ITS_WAY = _UNSEALED | {rules.STAMPING}
#: the agency's seal, where it may come, goes on before the archive timestamp; later is no harm
SEAL_FIRST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the signed bytes are, and when they were signed and stamped."""

    file: StoredFile
    digest: str
    level: str
    signed_at: datetime
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordSignature:
    """Second commit: number final, register line, signed document, task completed. Answer as of
    CompleteTask, with {status: "signed", document}.
    """

    signature_id: UUID
    #: None only in a repeated request, which gets the kept answer
    evidence: Evidence | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class HoldSignature:
    """Second commit where the timestamp authority is away: `sealed` waits in storage for a job.
    Answer: {status: "waiting_timestamp", document}.
    """

    signature_id: UUID
    #: the next three are None only in a repeated request
    sealed: StoredFile | None = field(default=None, compare=False)
    digest: str | None = field(default=None, compare=False)
    signed_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class HoldForDevice:
    """Second commit where the key is on its owner's device: `prepared` waits in storage, and what
    the device is to sign goes out. Answer: {status: "waiting_device", document, device}.
    """

    signature_id: UUID
    #: both None only in a repeated request
    prepared: StoredFile | None = field(default=None, compare=False)
    question: Mapping[str, Any] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FailSignature:
    """The attempt came to nothing; its number waits for a retry on the same day. One that is sealed
    and waits for its timestamp goes on (signature_settled), unless `sealed_too`.
    """

    signature_id: UUID
    cause: str
    sealed_too: bool = False


@dataclass(frozen=True, slots=True)
class SettleSignature:
    """Fail an attempt whose request died between the two commits. Answer: {settled: bool}."""

    signature_id: UUID


def record_signature(command: RecordSignature, ctx: Context) -> Answer:
    made, row = _attempt(ctx, command.signature_id, _ON_ITS_WAY)
    evidence = _there(command.evidence)
    _check_unchanged(ctx, made, row)
    if signs_first(row.kind, made.field):
        return _record_first(ctx, row, made, evidence)
    letter = letter_of(ctx.db, row)
    desk_of(ctx).numbers.make_final(ctx, made.number_id, letter, evidence.file.sha256)
    blob_id = _settle(ctx, made, evidence, rules.DONE)
    _set_document(
        ctx,
        row,
        state=rules.SIGNED,
        number=number_on_paper(row.content, made.number, made.dated.year),
        dated=made.dated,
        blob_id=blob_id,
    )
    _tell(ctx, row, made, evidence)
    if evidence.level == rules.STAMPED:
        sealed = standing(ctx.db, row, ctx.now).seals
        want_archive(ctx, row.id, 1, ctx.now + SEAL_FIRST if sealed else None)
    answer = _complete(ctx, made)
    return {**answer, "status": "signed", "document": _shown(row, made, rules.SIGNED)}


def _record_first(ctx: Context, row: access.Row, made: access.Row, evidence: Evidence) -> Answer:
    """The document waits on for its last signature; its file is the first's until then."""
    _settle(ctx, made, evidence, rules.FIRST)
    _set_document(ctx, row, state=rules.WAITING_SIGNATURE)
    answer = _complete(ctx, made)
    return {**answer, "status": "signed", "document": _shown(row, made, rules.WAITING_SIGNATURE)}


def _settle(ctx: Context, made: access.Row, evidence: Evidence, state: str) -> UUID:
    """The attempt is over and has its file, whose id is answered."""
    blob_id = blobs.insert(ctx, evidence.file, held_by=f"signature:{made.id}")
    _update(
        ctx,
        made,
        state=state,
        digest=evidence.digest,
        level=evidence.level,
        signed_at=evidence.signed_at,
        stamped_at=evidence.stamped_at,
        blob_id=blob_id,
        settled_at=ctx.now,
    )
    _let_go_of_prepared(ctx, made)
    return blob_id


def _complete(ctx: Context, made: access.Row) -> Answer:
    return ctx.run(
        CompleteTask(
            made.task_id,
            outcome=made.outcome,
            variables=made.variables,
            comment=made.comment,
            authorization=ActPerformed("sign", str(made.id)),
        )
    )


def _tell(ctx: Context, row: access.Row, made: access.Row, evidence: Evidence) -> None:
    """The chain of the case's history covers the signed file: it names its hash."""
    told = {
        "document_id": row.id,
        "number": made.number,
        "version_sha256": made.version_sha256,
        "sha256": evidence.file.sha256,
    }
    vouch(ctx, row.instance_id, rules.ISSUED, told, task_id=made.task_id)


def hold_signature(command: HoldSignature, ctx: Context) -> Answer:
    made, row = _attempt(ctx, command.signature_id, _UNSEALED)
    sealed = _there(command.sealed)
    _check_unchanged(ctx, made, row)
    blob_id = blobs.insert(ctx, sealed, held_by=f"signature:{made.id}")
    _update(
        ctx,
        made,
        state=rules.STAMPING,
        digest=command.digest,
        level="B-B",
        signed_at=command.signed_at,
        blob_id=blob_id,
    )
    _let_go_of_prepared(ctx, made)
    _set_document(ctx, row, state=rules.WAITING_TIMESTAMP)
    want_job(
        ctx,
        STAMP,
        {"signature_id": str(made.id)},
        business_key=str(row.id),
        max_attempts=STAMP_ATTEMPTS,
        dedupe=f"{STAMP}:{made.id}",
    )
    shown = _shown(row, made, rules.WAITING_TIMESTAMP)
    return {"status": rules.WAITING_TIMESTAMP, "document": shown}


def hold_for_device(command: HoldForDevice, ctx: Context) -> Answer:
    made, row = _attempt(ctx, command.signature_id, {rules.RESERVED})
    question = _there(command.question)
    blob_id = blobs.insert(ctx, _there(command.prepared), held_by=f"signature:{made.id}")
    _update(ctx, made, state=rules.WAITING_DEVICE, blob_id=blob_id)
    due = made.reserved_at + DEVICE_PATIENCE
    payload = {"signature_id": str(made.id)}
    want_job(ctx, SETTLE, payload, business_key=str(row.id), due_at=due)
    shown = _shown(row, made, row.state)
    return {"status": rules.WAITING_DEVICE, "document": shown, "device": dict(question)}


def _check_unchanged(ctx: Context, made: access.Row, row: access.Row) -> None:
    """While a device was at work, the words may have changed, the order ended by which its owner
    acts, or they are not to sign any more: it signs what it would sign if it were asked now.
    """
    if made.state != rules.WAITING_DEVICE:
        return
    ctx.run(CheckCompletion(made.task_id, made.outcome, made.variables, made.comment))
    words = rules.version_hash(row.content, enclosed(ctx.db, row.agency_id, row.id))
    if row.state != rules.WAITING_SIGNATURE or words != made.version_sha256:
        raise errors.other_than_shown()
    capacity = capacity_of(ctx, row, made.task_id)
    acts = (capacity.mode, capacity.instrument_id, list(capacity.position_lines))
    acted = (made.mode, made.instrument_id, list(made.position_lines))
    if acts != acted or made.digest != seen_now(ctx, row, capacity, made.dated):
        raise errors.other_than_shown()


def _let_go_of_prepared(ctx: Context, made: access.Row) -> None:
    if made.state == rules.WAITING_DEVICE and made.blob_id is not None:
        blobs.let_go(ctx, made.blob_id)


def fail_signature(command: FailSignature, ctx: Context) -> Answer:
    states = _ON_ITS_WAY if command.sealed_too else _UNSEALED
    made, row = _attempt(ctx, command.signature_id, states)
    kept = {} if made.state == rules.STAMPING else {"blob_id": None}
    _update(ctx, made, state=rules.FAILED, cause=command.cause, settled_at=ctx.now, **kept)
    _let_go_of_prepared(ctx, made)
    if row.state == rules.WAITING_TIMESTAMP:
        _set_document(ctx, row, state=rules.WAITING_SIGNATURE)
    if made.number_id is not None:
        desk_of(ctx).numbers.let_go(ctx, made.number_id)
    return {"id": str(made.id), "state": rules.FAILED}


def settle_signature(command: SettleSignature, ctx: Context) -> Answer:
    made = one_signature(ctx, command.signature_id)
    patience, cause = _PATIENCE.get(made.state, (None, ""))
    overdue = patience is not None and made.reserved_at + patience <= ctx.now
    if overdue:
        ctx.run(FailSignature(made.id, cause))
    return {"settled": overdue}


def one_signature(ctx: Context, signature_id: UUID) -> access.Row:
    found = ctx.db.execute(
        sa.select(signature).where(
            signature.c.agency_id == ctx.actor.agency_id, signature.c.id == signature_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound("Expected an attempt to sign, but there is none with this id.")
    return found


def _attempt(ctx: Context, signature_id: UUID, states: Set[str]) -> tuple[access.Row, access.Row]:
    """The attempt and its document, both locked, while the attempt may still go on."""
    row = access.find(ctx.db, ctx.actor.agency_id, one_signature(ctx, signature_id).document_id)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    made = one_signature(ctx, signature_id)
    if made.state not in states:
        raise Conflict(
            f"Expected an attempt to sign that is {' or '.join(sorted(states))}, but it is"
            f" {made.state}: a later attempt has taken over, or it is settled.",
            code="signature_settled",
        )
    return made, row


def _there(given: Given | None) -> Given:
    if given is None:
        raise Conflict(
            "Expected the answer of this signature to be kept, but it is not; look at the letter.",
            code="signature_settled",
        )
    return given


def _update(ctx: Context, made: access.Row, **values: object) -> None:
    ctx.db.execute(
        sa.update(signature)
        .where(signature.c.agency_id == made.agency_id, signature.c.id == made.id)
        .values(**values)
    )


def _set_document(ctx: Context, row: access.Row, **values: object) -> None:
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
        .values(updated_at=ctx.now, **values)
    )


def _shown(row: access.Row, made: access.Row, state: str) -> dict[str, Any]:
    signed = state == rules.SIGNED
    number = number_on_paper(row.content, made.number, made.dated.year) if signed else None
    dated = made.dated.isoformat() if signed else None
    return {"id": str(row.id), "state": state, "number": number, "date_iso": dated}
