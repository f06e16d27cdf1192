"""Adding and removing authorities that an agency trusts beside those of the installation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.bus import Answer, Context
from engine.errors import FieldError, Invalid, NotFound
from engine.ids import new_id
from office.documents.models import trust_anchor
from office.people.history import record
from office.people.rights import demand
from signing.errors import Unreadable
from signing.verify.trust import anchors

MOST_BYTES = 200 * 1024
MOST = 20


@dataclass(frozen=True, slots=True)
class AddTrust:
    """Trust the authorities in a file (PEM with one or more certificates, or DER). Right:
    accounts. One that is trusted already stays as it is. Answer: {added: [id]}.
    """

    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveTrust:
    """Trust an authority no more: what it vouches for turns untrusted here. Right: accounts.
    Answer: {id}.
    """

    anchor_id: UUID
    reason: str


def add_trust(command: AddTrust, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    added = []
    for certificate in _authorities(command.file):
        _check(certificate, ctx)
        row = _row(certificate, ctx)
        if not _trusted_already(ctx, row["fingerprint"]):
            ctx.db.execute(sa.insert(trust_anchor), row)
            record(ctx, "trust.added", row["id"], subject=row["subject"])
            added.append(str(row["id"]))
    return {"added": added}


def remove_trust(command: RemoveTrust, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    which = sa.and_(
        trust_anchor.c.agency_id == ctx.actor.agency_id, trust_anchor.c.id == command.anchor_id
    )
    row = ctx.db.execute(sa.select(trust_anchor).where(which).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("Expected an authority that is trusted, but there is none with this id.")
    reason = command.reason.strip()
    if not reason:
        raise _refused("reason", "Fill this in.", "required")
    if row.removed_at is None:
        ctx.db.execute(sa.update(trust_anchor).where(which).values(removed_at=ctx.now))
        record(ctx, "trust.removed", row.id, subject=row.subject, reason=reason)
    return {"id": str(row.id)}


def _authorities(file: bytes) -> Sequence[x509.Certificate]:
    if len(file) > MOST_BYTES:
        raise _refused("file", f"Expected at most {MOST_BYTES // 1024} KB.", "too_large")
    try:
        found = [x509.load_der_x509_certificate(one.dump()) for one in anchors([file])]
    except (Unreadable, ValueError):
        message = "Expected certificates (PEM or DER), but this file holds none."
        raise _refused("file", message, "no_certificate") from None
    if len(found) > MOST:
        raise _refused("file", f"Expected at most {MOST} certificates in a file.", "too_many")
    return found


def _check(certificate: x509.Certificate, ctx: Context) -> None:
    name = certificate.subject.rfc4514_string()[:200]
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        authority = constraints.value.ca
    except (x509.ExtensionNotFound, ValueError):
        authority = False
    if not authority:
        message = f"Expected certificates of authorities, but {name} is of somebody else."
        raise _refused("file", message, "not_authority")
    if ctx.now >= certificate.not_valid_after_utc:
        raise _refused("file", f"Expected a certificate in force, but {name} ended.", "expired")


def _row(certificate: x509.Certificate, ctx: Context) -> dict[str, Any]:
    der = certificate.public_bytes(Encoding.DER)
    return {
        "agency_id": ctx.actor.agency_id,
        "id": new_id(),
        "certificate": der,
        "fingerprint": hashlib.sha256(der).hexdigest(),
        "subject": certificate.subject.rfc4514_string(),
        "not_after": certificate.not_valid_after_utc,
        "added_by": ctx.actor.username,
        "added_at": ctx.now,
    }


def _trusted_already(ctx: Context, fingerprint: str) -> bool:
    statement = sa.select(trust_anchor.c.id).where(
        trust_anchor.c.agency_id == ctx.actor.agency_id,
        trust_anchor.c.fingerprint == fingerprint,
        trust_anchor.c.removed_at.is_(None),
    )
    return ctx.db.execute(statement).first() is not None


def _refused(path: str, message: str, code: str) -> Invalid:
    return Invalid(f"{path}: {message}", [FieldError(path, message, code)])
