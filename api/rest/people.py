"""/people: who works in the agency, with the posts they hold and act for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Paging, Text
from api.rest.frame import Resource, execute, read, system, version_read, with_version
from engine.actor import Actor
from engine.errors import NotFound
from office.accounts import queries as accounts
from office.accounts.commands import (
    CreateAccount,
    LinkIdentity,
    OpenReset,
    RemoveFactor,
    RemovePasskey,
    RevokeSession,
    RevokeSessions,
    UnlinkIdentity,
    UnlockAccount,
)
from office.accounts.commands.providers import LONGEST_SUBJECT
from office.accounts.queries import IdentityRow, SessionRow
from office.accounts.settings import settings_of
from office.people import queries
from office.people.commands import AddPerson, ChangePerson, HandOnTasks, LetGo
from office.people.queries import ActingPost, PersonRow, Post
from office.people.rights import demand

resource = Resource("people", __name__, url_prefix="/api/v1/people", description="Who works here.")

LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class PersonPage:
    items: Sequence[PersonRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Person:
    """One person, the posts they hold now, and those they act for now."""

    person: PersonRow
    posts: Sequence[Post]
    acting_for: Sequence[ActingPost]


@dataclass(frozen=True, slots=True)
class Me:
    """The caller: principals ("position:code") and rights as they hold now."""

    username: str
    name: str
    principals: Sequence[str]
    rights: Sequence[str]
    scopes: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class AddedPerson:
    id: str
    username: str


@dataclass(frozen=True, slots=True)
class ChangedPerson:
    username: str


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How many open tasks went to the other, and how many the other may not do."""

    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class Identities:
    items: Sequence[IdentityRow]


@dataclass(frozen=True, slots=True)
class Passkey:
    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Passkeys:
    items: Sequence[Passkey]


@dataclass(frozen=True, slots=True)
class Sessions:
    items: Sequence[SessionRow]


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    id: str


class NewIdentity(Schema):
    """`subject`: the provider's own name for the person, which never changes (claim `sub`)."""

    provider_id = fields.UUID(required=True)
    subject = Text(LONGEST_SUBJECT, required=True)


class Handing(Schema):
    """`to`: a sign-in name, or a post such as "position:clerk"."""

    to = Text(100, required=True)
    reason = Text(2_000, required=True)


class Leaving(Schema):
    """`to`: who takes the open tasks, where there are any."""

    to = Text(100, load_default=None, allow_none=True)
    reason = Text(2_000, required=True)


class PersonFilter(Paging):
    q = Text(200, shortest=0, load_default="")


class _Details(Schema):
    family_name = Text()
    title = Text(60, shortest=0)
    name_en = Text(shortest=0)
    email = fields.Email(allow_none=True, validate=validate.Length(max=200))
    phone = Text(60, allow_none=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES))


class NewPerson(_Details):
    username = Text(60, required=True)
    given_name = Text(required=True)


class PersonChange(_Details):
    given_name = Text()
    active = fields.Boolean()


@resource.get("", query=PersonFilter, gives=PersonPage)
def listing(query: dict[str, Any]) -> Any:
    """List active people in dictionary order."""
    return read(queries.people, g.actor.agency_id, **query)


@resource.get("/me", gives=Me)
def me() -> Any:
    """Who you are, and what you may do now."""
    actor: Actor = g.actor
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return Me(actor.username, actor.name, sorted(actor.principals), sorted(actor.rights), scopes)


@resource.get("/<username>", gives=Person, tagged=True)
def one(username: str) -> Any:
    """Read one person by sign-in name."""
    return read(_one, username)


def _one(db: Connection, username: str) -> Any:
    agency = g.actor.agency_id
    found = queries.person(db, agency, username)
    held = queries.posts(db, agency, [found.username], g.now)
    acting = queries.posts_acted_for(db, agency, found.id, g.now)
    body = Person(found, held.get(found.username, ()), acting)
    return with_version(body, queries.version(db, agency, "person", found.username))


@resource.post("", takes=NewPerson, gives=AddedPerson, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a person (right: people)."""
    return execute(AddPerson(**body))


@resource.put("/<username>", takes=PersonChange, gives=ChangedPerson, guarded=True, scope="operate")
def change(body: dict[str, Any], username: str) -> Any:
    """Change what is given (right: people; for the mail address, and for `active: false`, by which
    they have left, every right of theirs too).
    """
    execute(ChangePerson(username, expected=version_read(), **body))
    return ChangedPerson(username)


@resource.post("/<username>/hand-on", takes=Handing, gives=HandedOn, scope="operate")
def hand_on(body: dict[str, Any], username: str) -> Any:
    """Give all open tasks of a person to another (right: reassign)."""
    return HandedOn(**execute(HandOnTasks(username, **body)))


@resource.post("/<username>/let-go", takes=Leaving, gives=HandedOn, scope="operate")
def let_go(body: dict[str, Any], username: str) -> Any:
    """The person leaves: posts, roles and orders end now, open tasks go on (right: people)."""
    return HandedOn(execute(LetGo(username, **body))["moved"], 0)


@resource.post("/<username>/account", gives=ChangedPerson, status=201, scope="operate")
def open_account(username: str) -> Any:
    """Let a person sign in, who asks for a first password by mail (rights: accounts and theirs)."""
    execute(CreateAccount(_account(username)))
    return ChangedPerson(username)


@resource.post("/<username>/unlock", gives=ChangedPerson, scope="operate")
def unlock(username: str) -> Any:
    """Lift the lock that wrong passwords have put on (rights: accounts and theirs)."""
    execute(UnlockAccount(_account(username)))
    return ChangedPerson(username)


@resource.post("/<username>/remove-factor", gives=ChangedPerson, scope="operate")
def remove_factor(username: str) -> Any:
    """Remove a lost second factor (rights: accounts and theirs)."""
    execute(RemoveFactor(_account(username)))
    return ChangedPerson(username)


@resource.get("/<username>/passkeys", gives=Passkeys)
def passkeys(username: str) -> Any:
    """The passkeys by which a person proves themselves (right: accounts)."""
    rows = read(accounts.passkeys, g.actor.agency_id, _account(username))
    return Passkeys([Passkey(one.id, one.name, one.created_at, one.used_at) for one in rows])


@resource.delete("/<username>/passkeys/<uuid:passkey_id>", gives=ChangedPerson, scope="operate")
def remove_passkey(username: str, passkey_id: UUID) -> Any:
    """Remove a lost passkey; its owner's sessions end (rights: accounts and theirs)."""
    execute(RemovePasskey(passkey_id, _account(username)))
    return ChangedPerson(username)


@resource.post("/<username>/end-sessions", gives=ChangedPerson, scope="operate")
def end_sessions(username: str) -> Any:
    """Sign a person out everywhere (right: accounts)."""
    execute(RevokeSessions(_account(username)))
    return ChangedPerson(username)


@resource.get("/<username>/sessions", gives=Sessions)
def sessions(username: str) -> Any:
    """Where a person is signed in, the last used first (right: accounts)."""
    return Sessions(read(_sessions, _account(username)))


def _sessions(db: Connection, person_id: UUID) -> Sequence[SessionRow]:
    idle = settings_of(system().services).idle
    return accounts.sessions(db, g.actor.agency_id, person_id, g.now, idle)


@resource.delete("/<username>/sessions/<uuid:session_id>", gives=ChangedPerson, scope="operate")
def end_session(username: str, session_id: UUID) -> Any:
    """Sign a person out of one session (right: accounts)."""
    found = read(_sessions, _account(username))
    if session_id not in {one.id for one in found}:
        raise NotFound("Expected a live session of this person, but there is none with this id.")
    execute(RevokeSession(session_id))
    return ChangedPerson(username)


@resource.get("/<username>/identities", gives=Identities)
def identities(username: str) -> Any:
    """Who a person is at providers of sign-in (right: accounts)."""
    person_id = _account(username)
    return Identities(read(accounts.identities, g.actor.agency_id, person_id))


@resource.post(
    "/<username>/identities", takes=NewIdentity, gives=LinkedIdentity, status=201, scope="operate"
)
def link(body: dict[str, Any], username: str) -> Any:
    """Say which subject of a provider's this person is (rights: accounts and theirs)."""
    made = execute(LinkIdentity(body["provider_id"], _account(username), body["subject"]))
    return LinkedIdentity(**made)


@resource.delete("/<username>/identities/<uuid:identity_id>", gives=ChangedPerson, scope="operate")
def unlink(username: str, identity_id: UUID) -> Any:
    """End a link; sessions that came by it end (right: accounts)."""
    links = read(accounts.identities, g.actor.agency_id, _account(username))
    if identity_id not in {one.id for one in links}:
        raise NotFound("Expected a link of this person, but there is none with this id.")
    execute(UnlinkIdentity(identity_id))
    return ChangedPerson(username)


@resource.post("/<username>/mail-reset", gives=ChangedPerson, scope="operate")
def mail_reset(username: str) -> Any:
    """Mail the link for a new password to their own address (rights: accounts and theirs)."""
    execute(OpenReset(_account(username)))
    return ChangedPerson(username)


def _account(username: str) -> UUID:
    demand(g.actor, "accounts")
    return read(queries.person, g.actor.agency_id, username).id
