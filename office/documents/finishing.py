"""From a sealed letter to its second commit, whichever key sealed it; and how an attempt fails."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.errors import Conflict, FieldError, Invalid, Rejected, Unavailable
from office.documents import errors, rules
from office.documents.commands.recording import (
    FailSignature,
    HoldForDevice,
    HoldSignature,
    RecordSignature,
)
from office.documents.ports import Desk
from office.documents.sealing import Attempt, evidence_of
from office.files.uploads import keep
from signing.errors import (
    CertificateRevoked,
    ForeignSignature,
    RemoteUnavailable,
    SigningError,
    TimestampUnavailable,
    TokenLocked,
    TokenUnavailable,
    Unrenderable,
    WrongPin,
)
from signing.keys import ClosedKey, KeyProvider
from signing.lasting import check_not_revoked
from signing.sign import Sealed, finish


def refuse_revoked(
    desk: Desk, key: ClosedKey | KeyProvider, trust: Sequence[bytes], now: datetime
) -> None:
    """Asked before a number is reserved; an authority that is silent is asked again to archive."""
    try:
        check_not_revoked(key.certificate, key.chain, statuses=desk.statuses, trust=trust, at=now)
    except CertificateRevoked as revoked:
        raise Rejected(f"{revoked} Nothing was signed.", code=revoked.code) from revoked


def outcome(
    bus: Bus, desk: Desk, actor: Actor, begun: Attempt, sealed: Sealed
) -> RecordSignature | HoldSignature:
    """Stamp, and look at the result: no transaction is open in all of this."""
    try:
        signed = finish(sealed, desk.timestamps)
    except TimestampUnavailable:
        file = keep(
            desk.storage, actor.agency_id, sealed.to_bytes(), "sealed", "application/octet-stream"
        )
        prepared = sealed.prepared
        return HoldSignature(begun.id, file, prepared.digest.hex(), prepared.at)
    evidence = evidence_of(bus.engine, desk, begun, sealed, signed, bus.services.clock.now())
    return RecordSignature(begun.id, evidence)


def repeat(bus: Bus, actor: Actor, begun: Attempt, record_id: UUID) -> Answer:
    """The same request again after its second commit: the kept answer, nothing signed anew."""
    if begun.state == rules.FAILED:
        raise Conflict(
            f"Expected an attempt to sign that is on its way, but it failed: {begun.cause}"
            " Sign again.",
            code="signature_settled",
        )
    kinds = {rules.STAMPING: HoldSignature, rules.WAITING_DEVICE: HoldForDevice}
    return bus.execute(kinds.get(begun.state, RecordSignature)(begun.id), actor, record_id)


def fail(bus: Bus, actor: Actor, begun: Attempt, cause: str) -> None:
    """The attempt is over, unless a later one has ended it already."""
    with suppress(Conflict):
        bus.execute(FailSignature(begun.id, cause), actor)


def as_rejection(error: Exception) -> Exception:
    """What the signer is told; a fault of our own stays a bug."""
    if isinstance(error, Unrenderable):
        return Invalid(
            f"Expected a letter that can be printed, but {error.message}",
            [FieldError(error.path, error.message)],
            code=error.code,
        )
    if isinstance(error, WrongPin):
        return errors.wrong_remote_pin()
    if isinstance(error, TokenLocked | TokenUnavailable | RemoteUnavailable):
        return errors.token_trouble(error)
    if isinstance(error, ForeignSignature):
        return errors.foreign_signature()
    if isinstance(error, SigningError) and error.code == "timestamp_refused":
        return Unavailable(str(error))
    return error
