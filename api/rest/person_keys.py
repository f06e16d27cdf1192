"""/people/<username>/signing-keys: another's keys, for whoever keeps accounts; which end soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import Connection

from api.rest.fields import Nothing, Numbered
from api.rest.frame import Resource, execute, read
from api.rest.signing_keys import KeyRevocation, RevokedKey, SigningKey, told_keys
from engine.errors import NotFound
from office.documents.commands import RetireKey, RevokeKey
from office.documents.queries import CertificateRow, expiring
from office.people import queries as people
from office.people.rights import demand

resource = Resource(
    "person-keys", __name__, url_prefix="/api/v1/people",
    description="Signing keys of the agency's people.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """The newest first."""

    items: Sequence[SigningKey]


@dataclass(frozen=True, slots=True)
class RetiredKey:
    id: str


@dataclass(frozen=True, slots=True)
class CertificatePage:
    items: Sequence[CertificateRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@resource.get("/signing-keys/ending", query=Numbered, gives=CertificatePage)
def ending(query: dict[str, Any]) -> Any:
    """List certificates in use that end within 60 days or have ended, the seal's among them (right:
    operate or accounts).
    """
    return read(expiring, g.actor, g.now, **query)


@resource.get("/<username>/signing-keys", gives=PersonKeys)
def listing(username: str) -> Any:
    """The signing keys of a person (right: accounts)."""
    return PersonKeys(read(_keys, username))


def _keys(db: Connection, username: str) -> list[SigningKey]:
    demand(g.actor, "accounts")
    owner = people.person(db, g.actor.agency_id, username)
    return told_keys(db, owner.username)


def _check(username: str, key_id: UUID) -> None:
    if str(key_id) not in {str(one.id) for one in read(_keys, username)}:
        raise NotFound("Expected a key of this person, but there is none with this id.")


@resource.post(
    "/<username>/signing-keys/<uuid:key_id>/revoke", takes=KeyRevocation, gives=RevokedKey,
    scope="operate",
)  # fmt: skip
def revoke(body: dict[str, Any], username: str, key_id: UUID) -> Any:
    """Revoke a person's key: it signs nothing from now on, what it signed before stays good (right:
    accounts).
    """
    _check(username, key_id)
    return RevokedKey(**execute(RevokeKey(key_id, body["reason"])))


@resource.post(
    "/<username>/signing-keys/<uuid:key_id>/retire", takes=Nothing, gives=RetiredKey,
    scope="operate",
)  # fmt: skip
def retire(_body: dict[str, Any], username: str, key_id: UUID) -> Any:
    """Take a key out of use, unrevoked: its owner registers another before the next signature
    (right: accounts).
    """
    _check(username, key_id)
    return RetiredKey(**execute(RetireKey(key_id)))
