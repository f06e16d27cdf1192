"""The agency's electronic seal: its key enrolled and revoked, granted to processes, and affixed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from cryptography import x509

from engine.bus import Answer, Context
from engine.commands.jobs import want_job
from engine.commands.vouching import vouch
from engine.errors import FieldError, Forbidden, Invalid, NotFound, Unavailable
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from office.documents import access, rules, seals
from office.documents.commands.archiving import grow, newest, want_archive
from office.documents.commands.keys import WARNINGS
from office.documents.commands.recording import STAMPED
from office.documents.keys import kept_as
from office.documents.models import document_seal, seal_key
from office.documents.ports import desk_of
from office.files.uploads import StoredFile
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand
from signing.keys import ClosedKey

SEAL, WARN_SEAL, REVOKE_SEAL = "documents.seal", "documents.warn_seal", "documents.revoke_seal"
#: processes that may use a seal; more are no choice any more
MOST = 100


@dataclass(frozen=True, slots=True)
class EnrolSeal:
    """Keep the closed key of the agency's seal, and what opens it; an earlier one is retired. The
    caller has made sure that it is them. Right: accounts. Answer: {id, serial, not_after}.
    """

    key: ClosedKey = field(compare=False)
    secret: str = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class RevokeSeal:
    """Seals nothing from now on, and the authority is told so; what it sealed before stays good.
    Right: accounts. Answer: {id}.
    """

    key_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class GrantSeal:
    """Only these processes (keys of published ones) may use the seal. Right: accounts.
    Answer: {processes}.
    """

    processes: Sequence[str]


@dataclass(frozen=True, slots=True)
class AffixSeal:
    """The signed file with the agency's seal takes the place of the one before; its archive
    timestamp is wanted anew. By the system alone. Answer: {sealed: bool}: False where it was.
    """

    document_id: UUID
    key_id: UUID
    process: str
    #: what the seal was put on: the rendition that it makes is this
    ordinal: int
    place: str
    level: str
    sealed_at: datetime
    stamped_at: datetime | None
    file: StoredFile = field(compare=False)


def enrol_seal(command: EnrolSeal, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    seals.check_organisations(command.key.certificate)
    _update(ctx, seal_key.c.retired_at.is_(None), retired_at=ctx.now)
    certificate = x509.load_der_x509_certificate(command.key.certificate)
    made = new_id()
    values = {
        "agency_id": ctx.actor.agency_id,
        "id": made,
        **kept_as(command.key),
        "secret": seals.kept_secret(desk_of(ctx).secret, command.secret, made),
        "certificate": command.key.certificate,
        "chain": [b64encode(link).decode() for link in command.key.chain],
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:x}",
        "organisation": seals.organisation_of(command.key.certificate),
        "not_before": certificate.not_valid_before_utc,
        "not_after": certificate.not_valid_after_utc,
        "enrolled_by": ctx.actor.username,
        "enrolled_at": ctx.now,
    }
    ctx.db.execute(sa.insert(seal_key), values)
    ends = certificate.not_valid_after_utc
    _want_warnings(ctx, made, ends)
    told = {"subject": values["subject"], "serial": values["serial"]}
    record(ctx, "seal.enrolled", made, **told, until=ends.date().isoformat())
    return {"id": str(made), "serial": values["serial"], "not_after": ends.isoformat()}


def _want_warnings(ctx: Context, key_id: UUID, ends: datetime) -> None:
    for days in WARNINGS:
        want_job(
            ctx,
            WARN_SEAL,
            {"key_id": str(key_id)},
            due_at=max(ends - timedelta(days=days), ctx.now),
            dedupe=f"{WARN_SEAL}:{key_id}:{days}",
        )


def revoke_seal(command: RevokeSeal, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    key = _one(ctx, command.key_id)
    reason = command.reason.strip()
    if not reason:
        raise Invalid(
            "Expected a reason why the seal is revoked, but got none.",
            [FieldError("reason", "Fill this in.", "required")],
        )
    if key.revoked_at is None:
        ended = {"revoked_at": ctx.now, "retired_at": key.retired_at or ctx.now}
        _update(ctx, seal_key.c.id == key.id, **ended, revoked_reason=reason)
        want_job(ctx, REVOKE_SEAL, {"key_id": str(key.id)}, dedupe=f"{REVOKE_SEAL}:{key.id}")
        told = {"subject": key.subject, "serial": key.serial}
        record(ctx, "seal.revoked", key.id, **told, reason=reason)
    return {"id": str(key.id)}


def grant_seal(command: GrantSeal, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    wanted = sorted(set(command.processes))
    known = _published(ctx, wanted) if len(wanted) <= MOST else set()
    for key in wanted:
        if key not in known:
            message = f"Expected keys of published processes, but {key!r:.80} is none."
            raise Invalid(message, [FieldError("processes", message, "unknown_process")])
    policy = hold_policy(ctx)
    was = policy.get(seals.GRANTED) or []
    if was != wanted:
        choose(ctx, policy, seals.GRANTED, wanted)
        told = {"processes": ", ".join(wanted), "was": {"processes": ", ".join(was)}}
        record(ctx, "seal.granted", ctx.actor.agency_id, **told)
    return {"processes": wanted}


def _published(ctx: Context, keys: Sequence[str]) -> set[str]:
    found = sa.select(process_definition.c.key).where(
        process_definition.c.agency_id == ctx.actor.agency_id, process_definition.c.key.in_(keys)
    )
    return set(ctx.db.scalars(found))


def affix_seal(command: AffixSeal, ctx: Context) -> Answer:
    if not ctx.actor.is_system:
        raise Forbidden("Expected a process that was granted the seal, but a person asked.")
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    if seal_on(ctx, row.id):
        return {"sealed": False}
    if row.state != rules.SIGNED or newest(ctx, row.id) + 1 != command.ordinal:
        # an archive timestamp was faster: the seal goes onto the file that has it
        raise Unavailable("Expected the file that was sealed, but it has grown. Seal it again.")
    key = _one(ctx, command.key_id)
    proved = command.stamped_at or command.sealed_at
    grow(ctx, row, command.ordinal, command.level, proved, command.file)
    values = {
        "agency_id": row.agency_id,
        "id": new_id(),
        "document_id": row.id,
        "key_id": key.id,
        "organisation": key.organisation,
        "process": command.process,
        "field": command.place,
        "ordinal": command.ordinal,
        "level": command.level,
        "sealed_at": command.sealed_at,
        "stamped_at": command.stamped_at,
    }
    ctx.db.execute(sa.insert(document_seal), values)
    _tell(ctx, row, key, command)
    if command.level == STAMPED:
        want_archive(ctx, row.id, command.ordinal + 1)
    return {"sealed": True}


def _tell(ctx: Context, row: AnyRow, key: AnyRow, command: AffixSeal) -> None:
    told = {
        "document_id": row.id,
        "rendition": command.ordinal,
        "organisation": key.organisation,
        "serial": key.serial,
        "sha256": command.file.sha256,
    }
    vouch(ctx, row.instance_id, rules.AFFIXED, told)


def seal_on(ctx: Context, document_id: UUID) -> bool:
    found = sa.select(document_seal.c.id).where(
        document_seal.c.agency_id == ctx.actor.agency_id,
        document_seal.c.document_id == document_id,
    )
    return ctx.db.execute(found).first() is not None


def _one(ctx: Context, key_id: UUID) -> AnyRow:
    mine = sa.and_(seal_key.c.agency_id == ctx.actor.agency_id, seal_key.c.id == key_id)
    found = ctx.db.execute(sa.select(seal_key).where(mine).with_for_update()).one_or_none()
    if found is None:
        raise NotFound("Expected a key of the agency's seal, but there is none with this id.")
    return found


def _update(ctx: Context, which: sa.ColumnElement[bool], **values: object) -> None:
    ctx.db.execute(
        sa.update(seal_key)
        .where(seal_key.c.agency_id == ctx.actor.agency_id, which)
        .values(**values)
    )
