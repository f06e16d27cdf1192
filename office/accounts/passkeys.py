"""Passkeys (WebAuthn): what a device is asked, and whether its answer counts.

A question is good for one person, one purpose and what it is bound to; it is answered once, within
minutes, at the site that asked. Who is at the device proves themselves to it (user verification),
with a finger or a PIN that this house never sees.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import Forbidden, Rejected
from office.accounts import queries, targets
from office.accounts.commands.guards import AdmitAttempt, ClearFailures
from office.accounts.commands.passkeys import (
    MOST,
    OpenPasskeyChallenge,
    StorePasskey,
    UsePasskey,
    named,
    too_many,
)
from office.accounts.guesses import WrongSecret, guarded
from office.accounts.party import Party
from office.accounts.queries import ChallengeRow, PasskeyRow
from office.accounts.secrets import new_recovery_codes, sha256
from office.accounts.settings import settings_of

#: what a question is for: a new passkey; that it is them; a signature; one answer of a step
ENROL, PRESENT, SIGN, CONFIRM = "enrol", "present", "sign", "confirm"
#: what they do with being themselves: an answer given for one act is no good for another
SIGN_IN, ADD, REPLACE, REMOVE = "sign-in", "add", "replace", "remove"
CODES, KEY, LINK, SEAL, TOKEN = "codes", "key", "link", "seal", "token"
FOUND = "found"
OWN_ACTS = frozenset({ADD, REPLACE, REMOVE, CODES, FOUND, KEY, SEAL, TOKEN})
VALID = timedelta(minutes=5)
LONGEST_ANSWER = 16_384
_REQUIRED = UserVerificationRequirement.REQUIRED
#: what the library raises for bytes that are no answer
_MALFORMED = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, struct.error,
    RecursionError, NotImplementedError, OverflowError, UnsupportedAlgorithm,
)  # fmt: skip


def is_answer(text: str) -> bool:
    """Whether this is an answer of a passkey, where a code might stand."""
    return text.lstrip().startswith("{")


def challenge_of(
    nonce: bytes, actor: Actor, purpose: str, bound: str, expires_at: datetime
) -> bytes:
    """What the device signs: it follows from the nonce and from all that it is good for."""
    parts = [
        nonce.hex(),
        str(actor.agency_id),
        str(actor.person_id),
        purpose,
        bound,
        expires_at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).digest()


# ---- asking


def ask(
    bus: Bus, actor: Actor, party: Party, purpose: str, ip: str, bound: str = ""
) -> dict[str, Any]:
    """The options of `navigator.credentials.get`, as JSON has them. `bound`: what the answer will
    prove beside the person, such as the hash of a document. Rejected (no_passkey), TooMany.
    """
    keys = [one for one in _keys(bus, actor) if one.rp_id == party.id]
    if not keys:
        raise Rejected("Expected a passkey for this site, but there is none.", code="no_passkey")
    challenge = _open(bus, actor, party, purpose, bound, ip)
    known = [AttestedCredentialData(one.credential) for one in keys]
    options, _ = _server(bus, party).authenticate_begin(known, _REQUIRED, challenge)
    told: dict[str, Any] = json.loads(json.dumps(dict(options)["publicKey"]))
    by_id = {websafe_encode(AttestedCredentialData(k.credential).credential_id): k for k in keys}
    for one in told["allowCredentials"]:
        one["transports"] = list(by_id[one["id"]].transports)
    return told


def ask_new(bus: Bus, actor: Actor, party: Party, ip: str) -> dict[str, Any]:
    """The options of `navigator.credentials.create`, as JSON has them."""
    known = [AttestedCredentialData(one.credential) for one in _keys(bus, actor)]
    challenge = _open(bus, actor, party, ENROL, "", ip)
    user = PublicKeyCredentialUserEntity(
        id=_person(actor).bytes, name=actor.username, display_name=actor.name
    )
    options, _ = _server(bus, party).register_begin(
        user, known, ResidentKeyRequirement.DISCOURAGED, _REQUIRED, challenge=challenge
    )
    told: dict[str, Any] = json.loads(json.dumps(dict(options)["publicKey"]))
    return told


def _open(bus: Bus, actor: Actor, party: Party, purpose: str, bound: str, ip: str) -> bytes:
    bus.execute(AdmitAttempt(_asking(bus, actor), ip), actor)
    nonce, expires_at = secrets.token_bytes(32), bus.services.clock.now() + VALID
    challenge = challenge_of(nonce, actor, purpose, bound, expires_at)
    command = OpenPasskeyChallenge(challenge.hex(), nonce, party.id, party.origin, expires_at)
    bus.execute(command, actor)
    return challenge


def _asking(bus: Bus, actor: Actor) -> str:
    """Questions are counted apart from answers: who has answered well may be asked on."""
    return targets.person_target(bus.services, actor.agency_id, actor.person_id, "passkey asked")


def _keys(bus: Bus, actor: Actor) -> tuple[PasskeyRow, ...]:
    with reading(bus.engine) as db:
        return queries.passkeys(db, actor.agency_id, _person(actor))


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Forbidden("Expected a person, but the system has no passkey.")
    return actor.person_id


def _server(bus: Bus, party: Party) -> Fido2Server:
    site = PublicKeyCredentialRpEntity(id=party.id, name=settings_of(bus.services).issuer)
    return Fido2Server(site, verify_origin=lambda origin: origin == party.origin)


# ---- answers


def check_room(bus: Bus, actor: Actor, name: str) -> None:
    """Refuse before a proof is spent what `enrol` would refuse after it: Invalid, Conflict."""
    named(name)
    if len(_keys(bus, actor)) >= MOST:
        raise too_many()


def enrol(
    bus: Bus, actor: Actor, name: str, answer: str, ip: str, keep_session: UUID | None = None
) -> list[str]:
    """Keep the new passkey. Answers ten recovery codes, to be shown once, where it is the person's
    first second factor. The caller has made sure that it is them. WrongSecret, Conflict, Invalid.
    """
    with guarded(bus, actor, "passkey", ip), _malformed_refused():
        given = _parsed(answer)
        client = RegistrationResponse.from_dict(given).response.client_data
        asked = _asked(bus, actor, client.challenge, ENROL, "")
        made = _server(bus, _site(asked)).register_complete(_state(client.challenge), given)
        key = _usable(made, cross_origin=client.cross_origin)
    codes = new_recovery_codes()
    command = StorePasskey(
        challenge_id=asked.id,
        name=name,
        credential=bytes(key),
        credential_id=key.credential_id,
        rp_id=asked.rp_id,
        transports=_transports(given),
        sign_count=made.counter,
        recovery_sha256=[sha256(one) for one in codes],
        keep_session=keep_session,
    )
    first = bus.execute(command, actor)["first"]
    bus.execute(ClearFailures(_asking(bus, actor)), actor)
    return codes if first else []


def _usable(made: AuthenticatorData, *, cross_origin: bool) -> AttestedCredentialData:
    key = made.credential_data
    if key is None or cross_origin or key.public_key.ALGORITHM not in _algorithms():
        raise ValueError("no key of a kind that was asked for")
    return key


def _algorithms() -> frozenset[int | None]:
    return frozenset(CoseKey.supported_algorithms())


def _transports(given: Mapping[str, Any]) -> list[str]:
    """How the browser says the device is reached: a hint, for showing the right dialogue."""
    said = given["response"].get("transports")
    return [str(one)[:20] for one in said[:8]] if isinstance(said, list) else []


def check(
    bus: Bus,
    actor: Actor,
    purpose: str,
    answer: str,
    ip: str,
    bound: str = "",
    said: Mapping[str, Any] | None = None,
) -> None:
    """Take the answer of one of the actor's passkeys; it counts once, and is written down with what
    it was `said` for. WrongSecret where it is not theirs, is for something else, late, used, made
    at another site, or by a device that counts backwards.
    """
    with guarded(bus, actor, "passkey", ip):
        with _malformed_refused():
            asked, used, counter = _answered(bus, actor, purpose, bound, answer)
        told = {"purpose": purpose, **(said or {})}
        _take(bus, actor, UsePasskey(asked.id, used.id, counter, told))
    bus.execute(ClearFailures(_asking(bus, actor)), actor)


def _answered(
    bus: Bus, actor: Actor, purpose: str, bound: str, answer: str
) -> tuple[ChallengeRow, PasskeyRow, int]:
    """Which question was answered by which passkey, and what its device counts."""
    given = _parsed(answer)
    response = AuthenticationResponse.from_dict(given).response
    client = response.client_data
    asked = _asked(bus, actor, client.challenge, purpose, bound)
    if client.cross_origin:
        raise ValueError("it was asked from within another site")
    keys = [one for one in _keys(bus, actor) if one.rp_id == asked.rp_id]
    known = [AttestedCredentialData(one.credential) for one in keys]
    used = _server(bus, _site(asked)).authenticate_complete(_state(client.challenge), known, given)
    return asked, keys[known.index(used)], response.authenticator_data.counter


def _take(bus: Bus, actor: Actor, command: UsePasskey) -> None:
    try:
        copied = bus.execute(command, actor)["copied"]
    except Rejected as refused:
        raise WrongPasskey(refused.message) from None
    if copied:
        raise WrongPasskey(
            "Expected a passkey that counts on, but it counts backwards and may be a copy;"
            " remove it and enrol another."
        )


class WrongPasskey(WrongSecret):
    """Expected the right answer of a passkey, but this was not it."""

    code = "bad_passkey"


@contextmanager
def _malformed_refused() -> Iterator[None]:
    try:
        yield
    except _MALFORMED as wrong:
        raise WrongPasskey(
            f"Expected your passkey to answer this question, but: {wrong}."
        ) from wrong


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("it is too long")
    given = json.loads(answer)
    if not isinstance(given, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - a fault of the caller's
    return given


def _asked(bus: Bus, actor: Actor, challenge: bytes, purpose: str, bound: str) -> ChallengeRow:
    """The open question to which this is the answer."""
    with reading(bus.engine) as db:
        row = queries.challenge(db, actor.agency_id, _person(actor), challenge.hex())
    if row is None or row.used_at is not None or row.expires_at <= bus.services.clock.now():
        raise ValueError("it was not asked, was answered already, or is late")
    due = challenge_of(row.nonce, actor, purpose, bound, row.expires_at)
    if not secrets.compare_digest(due, challenge):
        raise ValueError("it was asked for something else")
    return row


def _site(asked: ChallengeRow) -> Party:
    return Party(asked.rp_id, asked.origin)


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": _REQUIRED}
