"""/agency-seal: the agency's electronic seal, its keys, and the processes that may use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.pages import sessions
from api.rest.fields import LONGEST_TEXT, Text
from api.rest.frame import Resource, execute, read, system
from api.rest.keys_told import MOST_BODY, Bytes, told
from api.seal_keys import SealKeys
from office.documents import queries
from office.documents.commands import GrantSeal, RevokeSeal
from office.documents.queries import SealKeyRow

LONGEST = 1000

resource = Resource(
    "agency-seal", __name__, url_prefix="/api/v1/agency-seal",
    description="The electronic seal of an agency: its keys, and who may use it.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealKey:
    """`state`: in_force, ending (within 60 days), expired, not_yet, revoked, retired or faulty (its
    PIN is refused). `token`: label of the hardware token that it lies on; `service`: the remote
    service that keeps it.
    """

    id: str
    organisation: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    enrolled_by: str
    enrolled_at: datetime
    state: str
    revoked_at: datetime | None
    revoked_reason: str | None
    token: str | None
    service: str | None


@dataclass(frozen=True, slots=True)
class AgencySeal:
    """`key` is the one in use; `processes` (as key:version) may use it; so many documents are
    `sealed`.
    """

    key: SealKey | None
    past: Sequence[SealKey]
    processes: Sequence[str]
    sealed: int


@dataclass(frozen=True, slots=True)
class EnrolledSeal:
    id: str
    serial: str
    not_after: str


@dataclass(frozen=True, slots=True)
class RevokedSeal:
    id: str


@dataclass(frozen=True, slots=True)
class GrantedSeal:
    processes: Sequence[str]


class SealProof(Schema):
    current = Text(
        LONGEST_TEXT, required=True,
        metadata={"description": "A fresh code of your second factor, or a passkey's answer."},
    )  # fmt: skip


class SealImport(SealProof):
    file = Bytes(required=True)
    password = Text(LONGEST, required=True)


class SealToken(SealProof):
    pin = Text(LONGEST, required=True)


class SealService(SealToken):
    service = Text(LONGEST, required=True)
    user = Text(LONGEST, required=True)


class SealRevocation(SealProof):
    reason = Text(LONGEST_TEXT, required=True)


class SealGrant(SealProof):
    processes = fields.List(Text(LONGEST), required=True, validate=validate.Length(max=100))


@resource.get("", gives=AgencySeal)
def one() -> Any:
    """Read the agency's seal (right: accounts)."""
    return read(_seal)


def _seal(db: Connection) -> AgencySeal:
    found = queries.sealing(db, g.actor, g.now)
    key = _told(found.key) if found.key else None
    return AgencySeal(key, [_told(each) for each in found.past], found.processes, found.sealed)


def _told(row: SealKeyRow) -> SealKey:
    return SealKey(**{name: getattr(row, name) for name in SealKey.__dataclass_fields__})


def _keys() -> SealKeys:
    return SealKeys(system(), g.actor, sessions.origin())


@resource.post("/keys", takes=SealProof, gives=EnrolledSeal, status=201, scope="operate",
               limited=True)  # fmt: skip
def make(body: dict[str, Any]) -> Any:
    """Have a new key made, with a certificate of the installation's own authority."""
    keys = _keys()
    keys.prove(body["current"])
    return EnrolledSeal(**execute(keys.made()))


@resource.post(
    "/keys/import", takes=SealImport, gives=EnrolledSeal, status=201, scope="operate",
    max_body=MOST_BODY, limited=True,
)  # fmt: skip
def bring(body: dict[str, Any]) -> Any:
    """Bring a key that an authority has handed out to the agency (PKCS#12)."""
    keys = _keys()
    with told("file"):
        command = keys.imported(body["file"], body["password"])
    keys.prove(body["current"])
    return EnrolledSeal(**execute(command))


@resource.post("/keys/token", takes=SealToken, gives=EnrolledSeal, status=201, scope="operate",
               limited=True)  # fmt: skip
def take_token(body: dict[str, Any]) -> Any:
    """Use a key on the agency's hardware token."""
    keys = _keys()
    keys.prove(body["current"])
    with told("pin"):
        return EnrolledSeal(**execute(keys.on_token(body["pin"])))


@resource.post("/keys/service", takes=SealService, gives=EnrolledSeal, status=201, scope="operate",
               limited=True)  # fmt: skip
def take_service(body: dict[str, Any]) -> Any:
    """Use a key that a remote signing service keeps, and that opens with a PIN alone."""
    keys = _keys()
    keys.prove(body["current"])
    with told("user"):
        return EnrolledSeal(**execute(keys.at_service(body["service"], body["user"], body["pin"])))


@resource.post("/keys/<uuid:key_id>/revoke", takes=SealRevocation, gives=RevokedSeal,
               scope="operate", limited=True)  # fmt: skip
def revoke(body: dict[str, Any], key_id: UUID) -> Any:
    """Revoke a key of the seal: it seals nothing from now on."""
    _keys().prove(body["current"])
    return RevokedSeal(**execute(RevokeSeal(key_id, body["reason"])))


@resource.put("/processes", takes=SealGrant, gives=GrantedSeal, scope="operate", limited=True)
def grant(body: dict[str, Any]) -> Any:
    """Say which versions of processes may use the seal (key:version; a key alone: its newest,
    beside those granted before); all others may not, nor what is published later.
    """
    _keys().prove(body["current"])
    return GrantedSeal(**execute(GrantSeal(body["processes"])))
