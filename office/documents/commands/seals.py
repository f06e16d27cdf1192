"""The agency's electronic seal: its key enrolled and revoked, granted to processes, and affixed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
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
from office.documents.keys import kept_as
from office.documents.models import document_seal, seal_key
from office.documents.ports import desk_of
from office.files.uploads import StoredFile
from office.notices.commands import TellPerson
from office.people import queries as people
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand
from signing.keys import ClosedKey

SEAL, WARN_SEAL, REVOKE_SEAL = "documents.seal", "documents.warn_seal", "documents.revoke_seal"
#: of a key out of use: what opens it is kept no longer, nor the key
_SHUT: Mapping[str, object] = {"secret": b"", "encrypted_key": None}
#: processes that may use a seal; more are no choice any more
MOST = 100


@dataclass(frozen=True, slots=True)
class EnrolSeal:
    """Keep the closed key of the agency's seal, and what opens it; an earlier one is retired. The
    caller has made sure that it is them. Right: accounts. Answer: {id, serial, not_after}.
    """

    key: ClosedKey = field(compare=False)
    secret: str = field(repr=False, compare=False)
    #: of a key that was brought: what tells two files under one Idempotency-Key apart. Empty where
    #: it was made here, so that whoever asks again gets the first answer.
    certificate_sha256: str = ""


@dataclass(frozen=True, slots=True)
class RevokeSeal:
    """Seals nothing from now on, and the authority is told so; what it sealed before stays good.
    Right: accounts. Answer: {id}.
    """

    key_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class GrantSeal:
    """Only these versions of processes may use the seal: as `key:version`; a key alone means its
    newest, beside those of it that may already. One that is published later may not. Right:
    accounts. Answer: {processes}, each with its version.
    """

    processes: Sequence[str]


@dataclass(frozen=True, slots=True)
class MarkSealFaulty:
    """Its token or service refuses the PIN: nobody tries it again, and who keeps accounts is told.
    By the system alone. Answer: {faulty: bool}: False where it was, or is out of use.
    """

    key_id: UUID


@dataclass(frozen=True, slots=True)
class TellKeepers:
    """A notice about the seal to everybody who keeps accounts. Part of other commands only.
    Answer: {}.
    """

    kind: str
    what: str
    due_at: datetime | None = None


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
    hold_policy(ctx)  # of two at once the second retires what the first has enrolled
    _update(ctx, seal_key.c.retired_at.is_(None), retired_at=ctx.now, **_SHUT)
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
        ended = {"revoked_at": ctx.now, "retired_at": key.retired_at or ctx.now, **_SHUT}
        _update(ctx, seal_key.c.id == key.id, **ended, revoked_reason=reason)
        want_job(ctx, REVOKE_SEAL, {"key_id": str(key.id)}, dedupe=f"{REVOKE_SEAL}:{key.id}")
        told = {"subject": key.subject, "serial": key.serial}
        record(ctx, "seal.revoked", key.id, **told, reason=reason)
    return {"id": str(key.id)}


def grant_seal(command: GrantSeal, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    policy = hold_policy(ctx)
    was = seals.granted_in(policy)
    keys = {one.partition(":")[0] for one in command.processes}
    if max(len(keys), len(command.processes)) > MOST:
        raise _unknown(f"at most {MOST} versions of processes", "there are more")
    known = {**_versions(ctx, keys), **_versions(ctx, set(was))}
    wanted: dict[str, list[str]] = {}
    for one in sorted(set(command.processes)):
        key, _, version = one.partition(":")
        here = known.get(key, {})
        found = [here[version]] if version in here else [] if version else [*here.values()][-1:]
        if not found:
            raise _unknown("versions of published processes", f"{one!r:.80} is none")
        kept = was.get(key, ()) if not version else ()
        wanted[key] = sorted({*wanted.get(key, ()), *found, *kept})
    if was != wanted:
        choose(ctx, policy, seals.GRANTED, wanted)
        told = {"processes": ", ".join(_named(known, wanted))}
        before = {"processes": ", ".join(_named(known, was))}
        record(ctx, "seal.granted", ctx.actor.agency_id, **told, was=before)
    return {"processes": _named(known, wanted)}


def _unknown(expected: str, seen: str) -> Invalid:
    message = f"Expected {expected}, but {seen}."
    return Invalid(message, [FieldError("processes", message, "unknown_process")])


def _versions(ctx: Context, keys: Collection[str]) -> dict[str, dict[str, str]]:
    """Of each process the ids of its definitions by version, in their order."""
    columns = (process_definition.c[name] for name in ("key", "version", "id"))
    found = sa.select(*columns).where(
        process_definition.c.agency_id == ctx.actor.agency_id, process_definition.c.key.in_(keys)
    )
    versions: dict[str, dict[str, str]] = {}
    for row in ctx.db.execute(found.order_by(process_definition.c.version)):
        versions.setdefault(row.key, {})[str(row.version)] = str(row.id)
    return versions


def _named(
    known: Mapping[str, Mapping[str, str]], granted: Mapping[str, Sequence[str]]
) -> list[str]:
    """Those that are still there."""
    return [
        f"{key}:{version}"
        for key in sorted(granted)
        for version, one in known.get(key, {}).items()
        if one in granted[key]
    ]


def mark_seal_faulty(command: MarkSealFaulty, ctx: Context) -> Answer:
    if not ctx.actor.is_system:
        raise Forbidden("Expected a job whose PIN was refused, but a person asked.")
    key = _one(ctx, command.key_id)
    if key.faulty_at is not None or key.retired_at is not None:
        return {"faulty": False}
    _update(ctx, seal_key.c.id == key.id, faulty_at=ctx.now)
    record(ctx, "seal.faulty", key.id, subject=key.subject, serial=key.serial)
    ctx.run(TellKeepers("seal", key.subject))
    return {"faulty": True}


def tell_keepers(command: TellKeepers, ctx: Context) -> Answer:
    if not ctx.depth:
        raise Forbidden("Expected a part of another command, but this one came alone.")
    roles = [
        f"role:{role.code}"
        for role in people.roles(ctx.db, ctx.actor.agency_id)
        if {"accounts", "everything"} & set(role.rights)
    ]
    who = ctx.services.directory.who_can_act(ctx.db, ctx.actor.agency_id, roles, ctx.now)
    for username in sorted(who):
        once = command.kind == "seal"
        told = TellPerson(
            username, command.kind, command.what, "/admin/seal", command.due_at, once=once
        )
        ctx.run(told)
    return {}


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
    now = seals.standing(ctx.db, row, ctx.now)
    if now.key is None or now.key.id != key.id or not now.seals:
        # while the job waited for its timestamp the key was revoked, or the grant withdrawn
        raise Unavailable("Expected the seal to be in force still, but it is not. Decide anew.")
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
    if command.level == rules.STAMPED:
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
