"""/signing-keys: your own signing key, with all that its page can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema
from sqlalchemy import Connection

from api.auth.passkeys import demanded
from api.own_keys import OwnKeys
from api.pages import sessions
from api.rest.fields import LONGEST_TEXT, Nothing, Text
from api.rest.frame import Resource, execute, read, system
from api.rest.keys_told import MOST_BODY, Bytes, told
from engine.errors import Forbidden, NotFound
from office.accounts import passkeys
from office.documents import queries
from office.documents.commands import RevokeKey
from office.documents.registering import VALID
from office.documents.sending_codes import send_code

LONGEST = 1000
#: no signature of a key that we take is longer
LONGEST_SIGNATURE = 4096

resource = Resource(
    "signing-keys", __name__, url_prefix="/api/v1/signing-keys",
    description="Your own signing key.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`state`: in_force, ending (within 60 days), expired, not_yet, resting (too many wrong PINs),
    revoked or retired. `token`: label of the hardware token that it lies on; `service`: the remote
    service that keeps it; `device`: your own device does.
    """

    id: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    enrolled_at: datetime
    state: str
    revoked_at: datetime | None
    revoked_reason: str | None
    token: str | None
    service: str | None
    device: bool


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The newest first. `services` are the remote signing services of the agency, by name; `issues`
    says whether a key can be had here, `token` how your hardware token is to be labelled.
    """

    items: Sequence[SigningKey]
    issues: bool
    services: Mapping[str, str]
    token: str | None


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    id: str
    serial: str
    not_after: str


@dataclass(frozen=True, slots=True)
class RevokedKey:
    id: str


@dataclass(frozen=True, slots=True)
class DeviceChallenge:
    """Your device signs `challenge` (as ASCII, by SHA-256) until `expires_at`."""

    challenge: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeyPasskey:
    """`navigator.credentials.get` takes `options`; its answer, as JSON text, is `current`."""

    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SentCode:
    """The service was asked, and says that it has sent it."""

    sent: bool


class KeyProof(Schema):
    current = Text(
        LONGEST_TEXT, required=True,
        metadata={"description": "A fresh code of your second factor or a passkey's answer; your"
                  " password where you have no second factor."},
    )  # fmt: skip


class NewKey(KeyProof):
    pin = Text(LONGEST, required=True)


class KeyImport(NewKey):
    file = Bytes(required=True)
    password = Text(LONGEST, required=True)


class KeyService(KeyProof):
    service = Text(LONGEST, required=True)
    user = Text(200, required=True)
    pin = Text(
        LONGEST, shortest=0, load_default="",
        metadata={"description": "The PIN of your key at the service, where it asks for one."},
    )  # fmt: skip
    otp = Text(
        LONGEST, shortest=0, load_default="",
        metadata={"description": "The service's one-time code, where it asks for one."},
    )  # fmt: skip


class KeyDevice(KeyProof):
    certificate = Bytes(required=True)
    challenge = Text(LONGEST, required=True)
    signature = Bytes(LONGEST_SIGNATURE, required=True)


class KeyRevocation(Schema):
    reason = Text(LONGEST_TEXT, required=True)


def _keys() -> OwnKeys:
    if g.actor.person_id is None:
        raise Forbidden("Expected a person, but the system signs nothing.")
    return OwnKeys(system(), g.actor, sessions.origin())


@resource.get("", gives=SigningKeys)
def listing() -> Any:
    """List your signing keys, and where another may come from."""
    keys = _keys()
    return SigningKeys(
        read(_own),
        keys.desk.issuer is not None,
        keys.services,
        keys.token_label if keys.desk.tokens is not None else None,
    )


def _own(db: Connection) -> list[SigningKey]:
    return told_keys(db, g.actor.username)


def told_keys(db: Connection, username: str) -> list[SigningKey]:
    """The keys of a person, as this interface tells them."""
    found = queries.keys_of(db, g.actor, username, g.now)
    names = SigningKey.__dataclass_fields__
    return [SigningKey(**{name: getattr(row, name) for name in names}) for row in found]


@resource.post("", takes=NewKey, gives=EnrolledKey, status=201, scope="sign", limited=True)
def make(body: dict[str, Any]) -> Any:
    """Have a new key made under your PIN; an earlier one is retired. So a key is renewed."""
    with told("pin"):
        command = _keys().made(body["pin"], body["current"])
    return EnrolledKey(**execute(command))


@resource.post(
    "/import",
    takes=KeyImport,
    gives=EnrolledKey,
    status=201,
    scope="sign",
    max_body=MOST_BODY,
    limited=True,
)
def bring(body: dict[str, Any]) -> Any:
    """Bring a key that an authority has handed out to you (PKCS#12), under a PIN of yours."""
    with told("file"):
        command = _keys().imported(body["file"], body["password"], body["pin"], body["current"])
    return EnrolledKey(**execute(command))


@resource.post("/token", takes=NewKey, gives=EnrolledKey, status=201, scope="sign", limited=True)
def take_token(body: dict[str, Any]) -> Any:
    """Use the key on your hardware token; `pin` is the token's."""
    with told("pin"):
        command = _keys().on_token(body["pin"], body["current"])
    return EnrolledKey(**execute(command))


@resource.post(
    "/service", takes=KeyService, gives=EnrolledKey, status=201, scope="sign", limited=True
)
def take_service(body: dict[str, Any]) -> Any:
    """Use a key that a remote signing service keeps for you: it signs once, to show it is yours."""
    named = (body[name] for name in ("service", "user", "pin", "otp", "current"))
    with told("user"):
        command = _keys().at_service(*named)
    return EnrolledKey(**execute(command))


@resource.post(
    "/service-code", takes=Nothing, gives=SentCode, status=202, scope="sign", limited=True
)
def service_code(_body: dict[str, Any]) -> Any:
    """Have the remote service that keeps your key send you the one-time code for a signature, where
    it sends its codes (409 no_code_to_send where not). The code goes into `authorization` as `otp`.
    """
    desk, ip = system().services.extra["desk"], sessions.origin().ip
    send_code(system().bus, _keys().actor, desk, ip)
    return SentCode(True)


@resource.post("/device-challenge", takes=Nothing, gives=DeviceChallenge, scope="sign")
def challenge(_body: dict[str, Any]) -> Any:
    """Ask what your device is to sign, to show that the key of its certificate is yours."""
    return DeviceChallenge(_keys().challenge(), g.now + VALID)


@resource.post(
    "/device",
    takes=KeyDevice,
    gives=EnrolledKey,
    status=201,
    scope="sign",
    max_body=MOST_BODY,
    limited=True,
)
def take_device(body: dict[str, Any]) -> Any:
    """Register the certificate (PEM or DER, with those above it) of a key on your own device."""
    brought = (body[name] for name in ("certificate", "challenge", "signature", "current"))
    with told("certificate"):
        command = _keys().on_device(*brought)
    return EnrolledKey(**execute(command))


@resource.post("/passkey-challenge", takes=Nothing, gives=KeyPasskey, scope="sign")
def passkey(_body: dict[str, Any]) -> Any:
    """Ask your passkey to prove that it is you, for a key: good for five minutes and once."""
    bus, ip = system().bus, sessions.origin().ip
    made = passkeys.ask(bus, _keys().actor, demanded(), passkeys.PRESENT, ip, passkeys.KEY)
    return KeyPasskey(made)


@resource.post("/<uuid:key_id>/revoke", takes=KeyRevocation, gives=RevokedKey, scope="sign")
def revoke(body: dict[str, Any], key_id: UUID) -> Any:
    """Revoke a key of yours: it signs nothing from now on, what it signed before stays good."""
    if str(key_id) not in {str(one.id) for one in read(_own)}:
        raise NotFound("Expected one of your own keys, but you have none with this id.")
    return RevokedKey(**execute(RevokeKey(key_id, body["reason"])))
