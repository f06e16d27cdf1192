"""The keys that officials sign with: which is in force, and the guard on its PIN."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Rejected
from office.documents import errors
from office.documents.access import Row
from office.documents.models import signing_key
from office.documents.ports import RemoteServices
from signing.device import DeviceKey
from signing.errors import RemoteUnavailable, TokenUnavailable
from signing.hardware.tokens import TokenKey, Tokens
from signing.keys import ClosedKey, SoftwareKey
from signing.remote import RemoteKey

#: wrong PINs in a row before the key rests, and for how long
TRIES = 5
REST = timedelta(minutes=15)

_IN_FORCE = (
    sa.select(signing_key)
    .where(
        signing_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signing_key.c.username == sa.bindparam("username"),
        signing_key.c.retired_at.is_(None),
    )
    .order_by(signing_key.c.not_after.desc(), signing_key.c.id.desc())
    .limit(1)
)
_REVOKED = (
    sa.select(signing_key.c.revoked_at)
    .where(
        signing_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signing_key.c.username == sa.bindparam("username"),
    )
    .order_by(signing_key.c.enrolled_at.desc(), signing_key.c.id.desc())
    .limit(1)
)


def key_in_force(db: Connection, actor: Actor, now: datetime) -> Row:
    """The actor's key, refused where there is none, its certificate was revoked, has run out or
    does not count yet, or where it rests: each is mended otherwise, so each is said.
    """
    whose = {"agency": actor.agency_id, "username": actor.username}
    key = db.execute(_IN_FORCE, whose).one_or_none()
    if key is None:
        raise _no_key(actor.username, db.execute(_REVOKED, whose).scalar())
    if now >= key.not_after:
        raise errors.key_expired(key.not_after)
    if now < key.not_before:
        raise errors.key_not_yet(key.not_before)
    refuse_resting(key, now)
    return key


def _no_key(username: str, revoked_at: datetime | None) -> Rejected:
    return errors.no_key(username) if revoked_at is None else errors.key_revoked(revoked_at)


def refuse_resting(key: Row, now: datetime) -> None:
    if key.locked_until is not None and now < key.locked_until:
        raise errors.pin_locked(int((key.locked_until - now).total_seconds()))


def on_device(key: Row) -> bool:
    """Whether its owner's own device keeps it."""
    return bool(key.token and key.token.get("device"))


def refuse_held(db: Connection, agency_id: UUID, username: str, certificate: bytes) -> None:
    """A certificate names one person: nobody registers what another uses (Conflict, key_held)."""
    theirs = sa.or_(signing_key.c.agency_id != agency_id, signing_key.c.username != username)
    held = sa.select(signing_key.c.id).where(
        theirs, signing_key.c.certificate == certificate, signing_key.c.retired_at.is_(None)
    )
    if db.execute(held.limit(1)).first() is not None:
        raise errors.key_held()


def closed_key(key: Row, tokens: Tokens | None, remote: RemoteServices | None = None) -> ClosedKey:
    """The stored key as `signing` takes it: still closed. Unavailable where it lies on a hardware
    token, or with a service, and this installation reaches none.
    """
    chain = tuple(b64decode(link) for link in key.chain)
    if key.token is None:
        return SoftwareKey(encrypted=key.encrypted_key, certificate=key.certificate, chain=chain)
    if key.token.get("device"):
        return DeviceKey(key.certificate, chain)
    if key.token.get("service"):
        return _remote_key(key, chain, remote)
    if tokens is None:
        raise errors.token_trouble(TokenUnavailable("no module of its maker is set up here"))
    return tokens.closed(key.token["label"], key.token["id"], key.certificate, chain)


def _remote_key(key: Row, chain: tuple[bytes, ...], remote: RemoteServices | None) -> RemoteKey:
    if remote is None:
        raise errors.token_trouble(RemoteUnavailable("none is reached from here"))
    lies = key.token
    call = remote.call(key.agency_id, lies["service"])
    return RemoteKey(
        call,
        lies["service"],
        lies["credential"],
        key.certificate,
        chain,
        lies["pin"],
        lies["otp"],
        lies.get("online", False),  # keys taken before this was asked have none
    )


def kept_as(key: ClosedKey) -> dict[str, object]:
    """The columns that say where a closed key lies: the reverse of `closed_key`."""
    if isinstance(key, TokenKey):
        return {"encrypted_key": None, "token": {"label": key.label, "id": key.key_id}}
    if isinstance(key, DeviceKey):
        return {"encrypted_key": None, "token": {"device": True}}
    if isinstance(key, RemoteKey):
        lies = {"service": key.service, "credential": key.credential}
        asks = {"pin": key.pin, "otp": key.otp, "online": key.online}
        return {"encrypted_key": None, "token": {**lies, **asks}}
    assert isinstance(key, SoftwareKey)
    return {"encrypted_key": key.encrypted, "token": None}


def way_of(key: ClosedKey, here: str) -> str:
    """How a key came: token, device, service; `here` where it is kept here."""
    match key:
        case TokenKey():
            return "token"
        case DeviceKey():
            return "device"
        case RemoteKey():
            return "service"
        case _:
            return here


def one_key(db: Connection, agency_id: UUID, key_id: UUID, *, lock: bool = False) -> Row:
    statement = sa.select(signing_key).where(
        signing_key.c.agency_id == agency_id, signing_key.c.id == key_id
    )
    return db.execute(statement.with_for_update() if lock else statement).one()
