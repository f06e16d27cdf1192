"""A passkey for somebody of a world, enrolled behind the pages; taken away again at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from support.authenticator import Authenticator
from support.world import World

from engine.actor import Actor, system_actor
from engine.db import reading
from office.accounts import passkeys, queries
from office.accounts.commands import RemovePasskey
from office.accounts.party import Party
from office.people import queries as people

HERE = Party("localhost", "http://localhost")


@contextmanager
def passkey_of(world: World, username: str) -> Iterator[Authenticator]:
    bus = world.system.bus
    with reading(world.system.engine) as db:
        person = people.person(db, world.home.id, username).id
    me, device = Actor(world.home.id, person, username, username), Authenticator()
    options = passkeys.ask_new(bus, me, HERE, "10.80.0.1")
    passkeys.enrol(bus, me, "อุปกรณ์ทดสอบ", device.create(options), "10.80.0.1")
    try:
        yield device
    finally:
        take_passkeys(world, username)


def take_passkeys(world: World, username: str) -> None:
    with reading(world.system.engine) as db:
        person = people.person(db, world.home.id, username).id
        held = queries.passkeys(db, world.home.id, person)
    for one in held:
        world.system.bus.execute(RemovePasskey(one.id, person), system_actor(world.home.id))
