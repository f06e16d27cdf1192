"""A card of somebody in a world: its certificate is registered, its key signs elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from support.world import World

from api import trust
from engine.actor import Actor, system_actor
from engine.db import reading
from office.demo.officials import OFFICIALS
from office.documents.commands import EnrolKey, EnrolOwnKey
from office.people import queries as people
from signing import certificates
from signing.device import registered

PINS = {one.username: one.pin for one in OFFICIALS}


@dataclass(frozen=True)
class Card:
    key: Any
    #: certificate and issuer, as an authority hands them out
    chain: bytes

    def sign(self, data: bytes) -> bytes:
        made: bytes = self.key.sign(data, ec.ECDSA(SHA256()))
        return made


def card(authority: Any, name: str, now: Any, days: int = 365) -> Card:
    subject = certificates.name(name, "กระทรวงตัวอย่าง")
    pair = certificates.personal(subject, authority.issuing, now, days)
    above: x509.Certificate = authority.issuing.certificate
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in (pair.certificate, above))
    return Card(pair.key, chain)


@contextmanager
def device_of(world: World, username: str) -> Iterator[Card]:
    """Their key is on the card inside, and where it was outside again."""
    bus, now = world.system.bus, world.clock.now() - timedelta(minutes=1)
    authority = trust.authority(world.system.settings)
    with reading(world.system.engine) as db:
        person = people.person(db, world.home.id, username)
    made = card(authority, person.name, now)
    anchors = trust.anchors(world.system.settings)
    key = registered(made.chain, trust=anchors, at=world.clock.now())
    me = Actor(world.home.id, person.id, username, person.name)
    bus.execute(EnrolOwnKey(key), me)
    try:
        yield made
    finally:
        pin = PINS[username]
        assert pin
        anew = authority.enrol(person.name, pin, now, organisation="กระทรวงตัวอย่าง")
        bus.execute(EnrolKey(username, anew), system_actor(world.home.id))


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
