"""A passkey for somebody of a world, enrolled behind the pages; taken away again at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from support.authenticator import Authenticator
from support.browsing import Browser, Page
from support.world import World

from engine.actor import Actor, system_actor
from engine.db import reading
from office.accounts import passkeys, queries
from office.accounts.commands import RemovePasskey
from office.accounts.party import Party
from office.demo.secrets import PASSWORDS
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
        world.home.tokens.pop(username, None)  # which end with a lost passkey


def asked(page: Page, address: str, **more: str) -> Mapping[str, Any]:
    """What the island of this page asks the server."""
    token = page.tree.xpath("//input[@name='csrf_token']")[0].get("value")
    answer = page.browser.client.post(
        address,
        data={"csrf_token": token, **more},
        environ_overrides={"REMOTE_ADDR": page.browser.address},
    )
    assert answer.status_code == 200, answer.text
    found: Mapping[str, Any] = answer.json
    return found


def entered(world: World, username: str, device: Authenticator, address: str) -> Browser:
    """A browser in which they have signed in by password and passkey."""
    browser = Browser(world.client.application, address)
    form = browser.open("/sign-in").form("/sign-in")
    half = form.send(username=username, password=PASSWORDS[username])
    half.form("/sign-in/factor").send(code=device.get(asked(half, "/sign-in/passkey")))
    return browser


def take_passkeys(world: World, username: str) -> None:
    with reading(world.system.engine) as db:
        person = people.person(db, world.home.id, username).id
        held = queries.passkeys(db, world.home.id, person)
    for one in held:
        world.system.bus.execute(RemovePasskey(one.id, person), system_actor(world.home.id))
