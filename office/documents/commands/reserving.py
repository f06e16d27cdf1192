"""Beginning to sign: the right is checked, number and date are reserved, the text is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.commands.tasks import ActPerformed, CheckCompletion, ClaimTask, CompleteTask
from engine.errors import Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.models.task import task
from office.documents import access, errors, rules
from office.documents.capacity import capacity_for
from office.documents.codes import new_code
from office.documents.keys import key_in_force, on_device
from office.documents.kinds import KINDS, number_on_paper
from office.documents.letters import letter_of
from office.documents.models import document, signature
from office.documents.policy import methods_by
from office.documents.ports import GivenNumber, desk_of
from office.documents.seen import seen_digest
from office.documents.thai import office_day
from office.documents.two_signers import (
    as_recorder,
    check_names,
    field_at,
    first_file,
    signs_first,
)
from office.documents.versions import Version, freeze, latest
from office.documents.wrapping import check_wraps
from office.files import blobs
from office.people.queries import SigningCapacity

SIGN = "sign"
SETTLE = "documents.settle_signature"
#: a request that has not recorded by then is dead: no signing takes so long
PATIENCE = timedelta(minutes=10)
#: people fetch their card, and unlock it
DEVICE_PATIENCE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ReserveSignature:
    """First commit of signing: right checked, number and date reserved, text frozen.

    Answer: {signature_id, document_id, version_id, key_id, number, dated, name, position_lines,
    mode, instrument_ref}. The same signer may try again: the earlier attempt can no longer record.
    """

    task_id: UUID
    outcome: str
    method: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    #: digest of what the signer was shown (`office.documents.seen`); None: they were shown nothing
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class CheckSignature:
    """Whether the actor may sign so, before a try at their PIN is spent: refused as
    ReserveSignature would be, which asks again. Changes nothing. Answer: {}.
    """

    task_id: UUID
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class DeclineToSign:
    """Complete the signing task with an outcome that does not sign, such as refuse: it needs no
    proof of the signer. Answer as of CompleteTask.
    """

    task_id: UUID
    outcome: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None


def check_signature(command: CheckSignature, ctx: Context) -> Answer:
    document_id = _document_of(ctx, command.task_id)
    ctx.run(CheckCompletion(command.task_id, SIGN, command.variables, command.comment))
    row = access.find(ctx.db, ctx.actor.agency_id, document_id)
    _check_state(ctx, row)
    capacity = capacity_of(ctx, row, command.task_id)
    _check_seen(ctx, row, capacity, command.seen)
    _check_names(ctx, row, field_at(ctx.db, row.agency_id, row.kind, command.task_id))
    return {}


def reserve_signature(command: ReserveSignature, ctx: Context) -> Answer:
    """Task, right, capacity, policy and key are checked before a number is spent."""
    if ctx.actor.scopes is not None and "sign" not in ctx.actor.scopes:
        raise Forbidden("Expected a token with the scope sign, but it lacks it.", code="scope")
    document_id = _document_of(ctx, command.task_id)
    row = access.find(ctx.db, ctx.actor.agency_id, document_id)
    access.lock_instance(ctx.db, row)
    _claim(ctx, command.task_id)
    wanted = CheckCompletion(command.task_id, command.outcome, command.variables, command.comment)
    ctx.run(wanted)
    row = access.lock(ctx.db, ctx.actor.agency_id, document_id)
    _check_state(ctx, row)
    field = field_at(ctx.db, row.agency_id, row.kind, command.task_id)
    capacity = capacity_of(ctx, row, command.task_id)
    _check_seen(ctx, row, capacity, command.seen)
    _check_names(ctx, row, field)
    key = key_in_force(ctx.db, ctx.actor, ctx.now)
    check_method(ctx.db, key, command.method)
    _supersede(ctx, row)
    first = signs_first(row.kind, field)
    number = _unnumbered(ctx, row) if first else _reserve_number(ctx, row)
    _give_code(ctx, row)
    version = freeze(ctx, row)
    signature_id = _insert(ctx, row, command, capacity, key.id, number, version, field)
    payload = {"signature_id": str(signature_id)}
    want_job(ctx, SETTLE, payload, business_key=str(row.id), due_at=ctx.now + PATIENCE)
    return {
        "signature_id": str(signature_id),
        "document_id": str(row.id),
        "version_id": str(version.id),
        "key_id": str(key.id),
        "number": number.text,
        "dated": number.dated.isoformat(),
        "name": ctx.actor.name,
        "position_lines": capacity.position_lines,
        "mode": capacity.mode,
        "instrument_ref": capacity.instrument_ref,
    }


def _give_code(ctx: Context, row: access.Row) -> None:
    """It is printed and signed over; a later attempt prints the same."""
    if row.public_code is None:
        ctx.db.execute(
            sa.update(document)
            .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
            .values(public_code=new_code())
        )


def decline_to_sign(command: DeclineToSign, ctx: Context) -> Answer:
    if command.outcome == SIGN:
        raise Invalid("Expected an outcome that does not sign, but got sign.")
    document_id = _document_of(ctx, command.task_id)
    row = access.find(ctx.db, ctx.actor.agency_id, document_id)
    access.lock_instance(ctx.db, row)
    if row.state == rules.WAITING_TIMESTAMP:
        raise errors.not_editable(row.state)
    _claim(ctx, command.task_id)
    return ctx.run(
        CompleteTask(
            command.task_id,
            outcome=command.outcome,
            variables=command.variables,
            comment=command.comment,
            authorization=ActPerformed("sign", command.outcome),
        )
    )


def _check_state(ctx: Context, row: access.Row) -> None:
    if row.state == rules.SIGNED:
        raise errors.signed_already()
    if row.state != rules.WAITING_SIGNATURE:
        raise errors.not_editable(row.state)
    check_wraps(ctx.db, row)


def _check_seen(ctx: Context, row: access.Row, capacity: SigningCapacity, seen: str | None) -> None:
    """Nobody signs other words, as another or on another day than they were shown."""
    if seen is not None and seen != seen_now(ctx, row, capacity, office_day(ctx.now)):
        raise errors.other_than_shown()


def seen_now(ctx: Context, row: access.Row, capacity: SigningCapacity, dated: date) -> str:
    """The digest of what the actor would be shown now."""
    return seen_digest(
        ctx.db,
        row.agency_id,
        row.id,
        row.content,
        name=ctx.actor.name,
        capacity=capacity,
        dated=dated,
    )


def check_method(db: sa.Connection, key: access.Row, method: str) -> None:
    """The agency's policy says which proofs suffice; a second factor where it says nothing."""
    allowed = methods_by(db, key.agency_id, device=on_device(key))
    if method not in allowed:
        raise errors.method_refused(method, allowed)


def capacity_of(ctx: Context, row: access.Row, task_id: UUID) -> SigningCapacity:
    """As what the actor may sign this letter now; asked anew at each attempt."""
    if signs_first(row.kind, field_at(ctx.db, row.agency_id, row.kind, task_id)):
        return as_recorder()
    return capacity_for(ctx.db, row.agency_id, ctx.actor.username, ctx.now, row._asdict())


def _document_of(ctx: Context, task_id: UUID) -> UUID:
    found: UUID | None = ctx.db.execute(
        sa.select(document.c.id)
        .join(
            task,
            sa.and_(
                task.c.agency_id == document.c.agency_id,
                task.c.root_id == document.c.instance_id,
            ),
        )
        .where(
            document.c.agency_id == ctx.actor.agency_id, task.c.id == task_id, task.c.act == "sign"
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("Expected a task that signs a document, but there is none with this id.")
    return found


def _claim(ctx: Context, task_id: UUID) -> None:
    """Whoever signs holds the task from the first commit on, by right: nobody else can begin."""
    ctx.run(ClaimTask(task_id))


def _supersede(ctx: Context, row: access.Row) -> None:
    on_its_way = sa.and_(
        signature.c.agency_id == row.agency_id,
        signature.c.document_id == row.id,
        signature.c.state.in_((rules.RESERVED, rules.WAITING_DEVICE)),
    )
    held = ctx.db.scalars(sa.select(signature.c.blob_id).where(on_its_way)).all()
    ctx.db.execute(
        sa.update(signature)
        .where(on_its_way)
        .values(state=rules.FAILED, cause="ลงนามใหม่อีกครั้ง", blob_id=None, settled_at=ctx.now)
    )
    for blob_id in held:
        if blob_id is not None:
            blobs.let_go(ctx, blob_id)


def _check_names(ctx: Context, row: access.Row, field: str) -> None:
    if not KINDS[row.kind].before:
        return
    last = latest(ctx.db, row.agency_id, row.id)
    known = last and first_file(ctx.db, row.agency_id, row.id, last.sha256)
    first = signs_first(row.kind, field)
    check_names(row, first=first, signed_before=bool(known), name=ctx.actor.name)


def _unnumbered(ctx: Context, row: access.Row) -> GivenNumber:
    """The first of two signatures takes no number of a book."""
    called = number_on_paper(row.content, "", None) or ""
    return GivenNumber(None, called, office_day(ctx.now))


def _reserve_number(ctx: Context, row: access.Row) -> GivenNumber:
    return desk_of(ctx).numbers.reserve(ctx, letter_of(ctx.db, row), office_day(ctx.now))


def _insert(
    ctx: Context,
    row: access.Row,
    command: ReserveSignature,
    capacity: SigningCapacity,
    key_id: UUID,
    number: GivenNumber,
    version: Version,
    field: str,
) -> UUID:
    signature_id = new_id()
    ctx.db.execute(
        sa.insert(signature),
        {
            "agency_id": row.agency_id,
            "id": signature_id,
            "document_id": row.id,
            "task_id": command.task_id,
            "state": rules.RESERVED,
            "field": field,
            "username": ctx.actor.username,
            "name": ctx.actor.name,
            "position_lines": capacity.position_lines,
            "mode": capacity.mode,
            "instrument_id": capacity.instrument_id,
            "instrument_ref": capacity.instrument_ref,
            "method": command.method,
            "outcome": command.outcome,
            "variables": dict(command.variables),
            "comment": command.comment,
            "key_id": key_id,
            "number_id": number.id,
            "number": number.text,
            "dated": number.dated,
            "version_id": version.id,
            "version_sha256": version.sha256,
            "digest": command.seen or seen_now(ctx, row, capacity, number.dated),
            "reserved_at": ctx.now,
        },
    )
    return signature_id
