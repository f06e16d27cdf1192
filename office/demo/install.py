"""Installing the demo, and telling its sign-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import system_actor
from engine.bus import Bus
from engine.db import reading
from engine.ids import new_id
from office.accounts.rules import normal
from office.accounts.settings import settings_of
from office.demo.commands import ORGANIZATIONS, PlantDemo
from office.demo.secrets import PASSWORDS
from office.demo.shapes import Official, Organization
from office.people import queries


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the printed table."""

    agency: str
    username: str
    password: str
    #: of the signing key; None: does not sign
    pin: str | None
    name: str
    #: what they are in the story
    part: str
    #: worth a line in a short table
    leading: bool

    @property
    def signer(self) -> bool:
        return self.pin is not None


def people() -> tuple[SignIn, ...]:
    """Everybody of both agencies, in the order of the story."""
    return tuple(
        _sign_in(organization, official)
        for organization in ORGANIZATIONS.values()
        for official in organization.officials
    )


def _sign_in(organization: Organization, one: Official) -> SignIn:
    names = {post.code: post.name for post in organization.posts}
    return SignIn(
        agency=organization.code,
        username=one.username,
        password=PASSWORDS[one.username],
        pin=one.pin,
        name=f"{one.title}{one.given_name} {one.family_name}",
        part=one.part or names[one.posts[0]],
        leading=bool(one.part),
    )


def plant(bus: Bus) -> Mapping[str, UUID]:
    """Bring both agencies into the database, or what is missing of them. Code -> agency id."""
    return {code: _plant(bus, organization) for code, organization in ORGANIZATIONS.items()}


def _plant(bus: Bus, organization: Organization) -> UUID:
    with reading(bus.engine) as db:
        present = queries.agency_by_code(db, organization.code)
        known = _usernames(db, organization, present.id) if present else set()
    agency_id = present.id if present else new_id()
    hasher = settings_of(bus.services).hasher
    hashes = {
        one.username: hasher.hash(normal(PASSWORDS[one.username]))
        for one in organization.officials
        if one.username not in known
    }
    bus.execute(PlantDemo(organization.code, hashes), system_actor(agency_id))
    return agency_id


def _usernames(db: Connection, organization: Organization, agency_id: UUID) -> set[str]:
    names = [one.username for one in organization.officials]
    return set(queries.persons_named(db, agency_id, names))
