"""/api-tokens: what other systems prove with in whose name they ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.idempotency import command_id
from api.pages import sessions
from api.rest.fields import LONGEST_TEXT, Paging, Text
from api.rest.frame import Resource, execute, read, system
from engine.queries.page import Window
from office.accounts import credentials, queries
from office.accounts.commands import RevokeToken, RevokeTokens
from office.accounts.commands.tokens import LONGEST, LONGEST_NAME, SCOPES
from office.accounts.queries import LiveToken
from office.people.queries import person
from office.people.rights import demand

resource = Resource(
    "api-tokens", __name__, url_prefix="/api/v1/api-tokens",
    description="Tokens by which other systems ask in a person's name.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token without its secret, which is shown once."""

    id: str
    name: str
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApiTokens:
    items: Sequence[ApiToken]


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`token` is sent as Authorization: Bearer, and never shown again."""

    token: str


@dataclass(frozen=True, slots=True)
class RevokedToken:
    id: str


@dataclass(frozen=True, slots=True)
class LiveTokenPage:
    items: Sequence[LiveToken]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class RevokedTokens:
    """`revoked`: how many there were."""

    username: str
    revoked: int


class LiveTokenFilter(Paging):
    """`username`: of one person alone."""

    username = Text(60, load_default=None)


class TokensOf(Schema):
    username = Text(60, required=True)


class Owner(Schema):
    """Whose tokens; left out, one's own."""

    username = Text(60, load_default="")


class NewToken(Schema):
    """`username` left out: for oneself. `days`: how long it is valid."""

    current = Text(
        LONGEST_TEXT, required=True,
        metadata={"description": "A fresh code of your second factor or a passkey's answer; your"
                  " password where you have no second factor."},
    )  # fmt: skip

    username = Text(60, load_default="")
    name = Text(LONGEST_NAME, required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES)), required=True,
        validate=validate.Length(min=1, max=len(SCOPES)),
    )  # fmt: skip
    days = fields.Integer(load_default=90, validate=validate.Range(min=1, max=LONGEST.days))


@resource.get("", query=Owner, gives=ApiTokens)
def listing(query: dict[str, Any]) -> Any:
    """List one's own tokens, or a person's (right: accounts), the newest first."""
    return read(_tokens, query["username"])


def _tokens(db: Connection, username: str) -> ApiTokens:
    rows = queries.tokens(db, g.actor.agency_id, _owner(db, username))
    parts = ApiToken.__dataclass_fields__
    found = ({name: getattr(row, name) for name in parts} for row in rows)
    return ApiTokens([ApiToken(**{**one, "id": str(one["id"])}) for one in found])


def _owner(db: Connection, username: str) -> UUID:
    if not username:
        return UUID(str(g.actor.person_id))
    found = person(db, g.actor.agency_id, username).id
    if found != g.actor.person_id:
        demand(g.actor, "accounts")
    return found


@resource.get("/live", query=LiveTokenFilter, gives=LiveTokenPage)
def live(query: dict[str, Any]) -> Any:
    """List the live tokens of the agency's people and services, the newest first (right: accounts):
    whose, what for, how far, and when it was used last.
    """
    demand(g.actor, "accounts")
    window = Window(query["page"], query["page_size"], query["after"])
    return read(queries.live_tokens, g.actor.agency_id, g.now, window, query["username"])


@resource.post("/revocations", takes=TokensOf, gives=RevokedTokens, scope="operate")
def revoke_all(body: dict[str, Any]) -> Any:
    """Revoke all live tokens of one person at once: one's own, or anybody's (right: accounts)."""
    done = execute(RevokeTokens(read(_owner, body["username"])))
    return RevokedTokens(body["username"], done["revoked"])


@resource.post("", takes=NewToken, gives=IssuedToken, status=201, scope="operate", limited=True)
def issue(body: dict[str, Any]) -> Any:
    """Issue a token, for oneself or for an account of another system (right: accounts): one that
    holds no post, reads no letters and may no more than oneself. No token issues another. Its
    secret is kept nowhere: an Idempotency-Key that is used again is refused.
    """
    owner = read(_owner, body["username"])
    span = timedelta(days=body["days"])
    made = credentials.issue_token_present(
        system().bus, g.actor, body["current"], sessions.origin(), body["name"], body["scopes"],
        span, owner, command_id(g.actor),
    )  # fmt: skip
    return IssuedToken(made)


@resource.delete("/<uuid:token_id>", gives=RevokedToken, scope="operate")
def revoke(token_id: UUID) -> Any:
    """Revoke one's own token, or anybody's (right: accounts)."""
    execute(RevokeToken(token_id))
    return RevokedToken(str(token_id))
