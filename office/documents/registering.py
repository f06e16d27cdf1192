"""Registering a key whose secret part never comes here: its certificate is public, so that whoever
brings it must show that the key is theirs.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from office.accounts.secrets import alternatives, keyed, same
from office.accounts.settings import settings_of
from office.documents import errors, keys
from signing.device import DeviceKey, check_signature, registered
from signing.errors import ForeignSignature

#: how long the device may take
VALID = timedelta(hours=1)
_PURPOSE = "device key"


def challenge(bus: Bus, actor: Actor) -> str:
    """What the device signs (ASCII, by SHA-256) to show that it is the actor's: bound to them, to a
    nonce and to an hour. Brought twice by the same person it says the same, so it is not kept.
    """
    until = bus.services.clock.now() + VALID
    text = f"{_bound_to(actor)}.{int(until.timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{text}.{keyed(settings_of(bus.services).secret, _PURPOSE, text)}"


def _bound_to(actor: Actor) -> str:
    return f"saraban-device-key.{actor.agency_id.hex}.{actor.person_id and actor.person_id.hex}"


def is_open(bus: Bus, actor: Actor, asked: str) -> bool:
    """Whether this is a challenge of the actor's that may still be answered."""
    text, _, mark = asked.rpartition(".")
    ours = alternatives(settings_of(bus.services).secret)
    if not any(same(mark, keyed(secret, _PURPOSE, text)) for secret in ours):
        return False
    bound, until, _nonce = text.rsplit(".", 2)
    ends = datetime.fromtimestamp(int(until), UTC)
    return bound == _bound_to(actor) and bus.services.clock.now() < ends


def device_key(
    bus: Bus, actor: Actor, data: bytes, asked: str, signature: bytes, trust: Sequence[bytes]
) -> DeviceKey:
    """The key of this certificate (PEM or DER, with those above it), which has signed the challenge
    that it was `asked`. Raises `UnusableKey`; Invalid by field (signature); Conflict (key_held).
    """
    key = registered(data, trust=trust, at=bus.services.clock.now())
    if not is_open(bus, actor, asked):
        raise errors.not_proved_own()
    try:
        check_signature(key.certificate, hashlib.sha256(asked.encode()).digest(), signature)
    except ForeignSignature as error:
        raise errors.not_proved_own() from error
    refuse_held(bus, actor, key.certificate)
    return key


def refuse_held(bus: Bus, actor: Actor, certificate: bytes) -> None:
    """Conflict (key_held) where somebody else uses it, here or in another agency of the house. The
    command asks again, of its own agency alone: it sees no other.
    """
    # not fenced: it asks of all agencies, and tells nothing but that somebody has it
    with reading(bus.engine, None) as db:
        keys.refuse_held(db, actor.agency_id, actor.username, certificate)
