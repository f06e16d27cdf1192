"""TOTP and recovery codes; and whatever of a person's second factors is brought, checked."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyotp

from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import Rejected
from office.accounts import passkeys, queries, rules
from office.accounts.commands.factors import (
    ConfirmFactor,
    RenewRecoveryCodes,
    StoreFactor,
    UseFactorStep,
    UseRecoveryCode,
)
from office.accounts.guesses import WrongProof, WrongSecret, guarded
from office.accounts.models import factor
from office.accounts.queries import FactorRow
from office.accounts.sealed import Sealed
from office.accounts.secrets import new_recovery_codes, seal, sha256, unseal
from office.accounts.settings import settings_of

PURPOSE = "totp"
SEALED = (Sealed(factor.c.sealed, PURPOSE, factor.c.person_id),)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the page shows once: the secret as text, and the address behind the QR code."""

    factor_id: UUID
    secret: str
    uri: str


def begin_enrolment(bus: Bus, actor: Actor) -> Enrolment:
    """A new TOTP secret of the actor. It counts only after `confirm_enrolment`."""
    settings = settings_of(bus.services)
    secret = pyotp.random_base32()
    sealed = seal(settings.secret, PURPOSE, base64.b32decode(secret), _owner(actor))
    answer = bus.execute(StoreFactor(sealed), actor)
    uri = pyotp.TOTP(secret).provisioning_uri(name=actor.username, issuer_name=settings.issuer)
    return Enrolment(UUID(answer["factor_id"]), secret, uri)


def _owner(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Rejected("Expected a person, but the system has no second factor.", code="forbidden")
    return actor.person_id


def confirm_enrolment(
    bus: Bus,
    actor: Actor,
    code: str,
    ip: str,
    keep_session: UUID | None = None,
    proof: str = "",
) -> list[str]:
    """The first code proves the device. Answers ten recovery codes, to be shown once.

    Replaces an earlier factor, of which `proof` must be a code (an open desk is not enough), and
    ends the actor's other sessions.
    """
    recovery = new_recovery_codes()
    with guarded(bus, actor, "factor", ip):
        row = _factor(bus, actor, confirmed=False)
        step = _step(bus, actor, row, code)
    prove_factor(bus, actor, proof, ip)
    hashes = [sha256(one) for one in recovery]
    bus.execute(ConfirmFactor(row.id, step, hashes, keep_session), actor)
    return recovery


def renew_codes(bus: Bus, actor: Actor, code: str, ip: str) -> list[str]:
    """Ten new recovery codes, to be shown once, for a code of the factor that counts now."""
    check_second_factor(bus, actor, code, ip, passkeys.CODES)
    recovery = new_recovery_codes()
    bus.execute(RenewRecoveryCodes([sha256(one) for one in recovery]), actor)
    return recovery


def counts(bus: Bus, actor: Actor) -> bool:
    """Whether the actor has a second factor: a code's, or a passkey."""
    with reading(bus.engine) as db:
        rows = queries.factors(db, actor.agency_id, _owner(actor))
        held = queries.passkeys(db, actor.agency_id, _owner(actor))
    return bool(held) or any(row.confirmed_at for row in rows)


def prove_factor(bus: Bus, actor: Actor, proof: str, ip: str) -> None:
    """Ask for the factor that counts now before another does, where there is one; WrongProof.
    After the new code, so that a mistyped one costs no code of the present factor.
    """
    if counts(bus, actor):
        try:
            check_second_factor(bus, actor, proof, ip, passkeys.REPLACE)
        except WrongSecret as wrong:
            refused = WrongProof(wrong.message)
            refused.code = wrong.code
            raise refused from None


def check_second_factor(bus: Bus, actor: Actor, code: str, ip: str, act: str = "") -> str:
    """Take a TOTP code (answers "otp"), a recovery code ("recovery") or the answer of a passkey
    ("pop", see `passkeys`) that was asked for this act; each counts once.
    """
    if passkeys.is_answer(code):
        passkeys.check(bus, actor, passkeys.PRESENT, code, ip, act, {"act": act})
        return "pop"
    return check_code(bus, actor, code, ip)


def check_code(bus: Bus, actor: Actor, code: str, ip: str) -> str:
    """Likewise of codes alone: what a passkey answers is none."""
    if "-" not in code:
        return check_totp(bus, actor, code, ip, {})
    with guarded(bus, actor, "factor", ip):
        return _take_recovery_code(bus, actor, code)


def check_totp(bus: Bus, actor: Actor, code: str, ip: str, said: Mapping[str, Any]) -> str:
    """Take what the device shows now, and write down what it was said for; no recovery code."""
    with guarded(bus, actor, "factor", ip):
        row = _factor(bus, actor, confirmed=True)
        step = _step(bus, actor, row, code)
        bus.execute(UseFactorStep(row.id, step, said), actor)
        return "otp"


def _take_recovery_code(bus: Bus, actor: Actor, code: str) -> str:
    try:
        bus.execute(UseRecoveryCode(sha256(code.strip().lower())), actor)
    except Rejected as refused:
        raise WrongSecret(refused.message) from None
    return "recovery"


def _factor(bus: Bus, actor: Actor, *, confirmed: bool) -> FactorRow:
    with reading(bus.engine) as db:
        rows = queries.factors(db, actor.agency_id, _owner(actor))
    for row in rows:
        if (row.confirmed_at is not None) == confirmed:
            return row
    if confirmed and counts(bus, actor):
        raise WrongSecret("Expected your passkey or a recovery code, for no app gives you codes.")
    raise Rejected(
        "Expected a second factor, but none is enrolled; enrol one first.", code="no_factor"
    )


def _step(bus: Bus, actor: Actor, row: FactorRow, code: str) -> int:
    settings = settings_of(bus.services)
    raw = unseal(settings.secret, PURPOSE, row.sealed, _owner(actor))
    now = bus.services.clock.now()
    step = rules.matching_step(base64.b32encode(raw).decode(), code, now)
    if step is None:
        raise WrongSecret("Expected the six digits of now, but these are not; try the next ones.")
    return step
