"""/sign-in-providers: OpenID Connect providers by which people of the agency sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields
from sqlalchemy import Connection

from api.auth import providers
from api.rest.fields import Text
from api.rest.frame import Resource, execute, read, version_read, with_version
from office.accounts import queries
from office.accounts.commands.providers import LONGEST_ISSUER, LONGEST_NAME, LONGEST_SUBJECT
from office.accounts.queries import ProviderRow
from office.people.rights import demand

resource = Resource(
    "sign-in-providers", __name__, url_prefix="/api/v1/sign-in-providers",
    description="OpenID Connect providers by which people sign in.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignInProvider:
    """One provider; its secret is never told. The last three are registered with it."""

    id: str
    name: str
    issuer: str
    client_id: str
    has_secret: bool
    trusts_mfa: bool
    active: bool
    added_at: datetime
    redirect_uri: str
    backchannel_logout_uri: str
    post_logout_redirect_uri: str


@dataclass(frozen=True, slots=True)
class SignInProviders:
    items: Sequence[SignInProvider]


@dataclass(frozen=True, slots=True)
class ChangedProvider:
    id: str


class NewProvider(Schema):
    """`trusts_mfa`: a second factor that the provider tells of (amr: mfa) stands for ours."""

    name = Text(LONGEST_NAME, required=True)
    issuer = Text(LONGEST_ISSUER, required=True)
    client_id = Text(LONGEST_SUBJECT, required=True)
    client_secret = Text(providers.LONGEST_SECRET, shortest=0, load_default="")
    trusts_mfa = fields.Boolean(load_default=False)


class ProviderChange(Schema):
    """An empty secret leaves the present one. `active: false` ends the sessions that it opened."""

    name = Text(LONGEST_NAME)
    issuer = Text(LONGEST_ISSUER)
    client_id = Text(LONGEST_SUBJECT)
    client_secret = Text(providers.LONGEST_SECRET, shortest=0, load_default="")
    trusts_mfa = fields.Boolean()
    active = fields.Boolean()


@resource.get("", gives=SignInProviders)
def listing() -> Any:
    """List the agency's providers (right: accounts)."""
    demand(g.actor, "accounts")
    return SignInProviders([_told(row) for row in read(queries.providers, g.actor.agency_id)])


@resource.get("/<uuid:provider_id>", gives=SignInProvider, tagged=True)
def one(provider_id: UUID) -> Any:
    """Read one provider (right: accounts)."""
    demand(g.actor, "accounts")
    return read(_one, provider_id)


def _one(db: Connection, provider_id: UUID) -> Any:
    row = queries.provider(db, g.actor.agency_id, provider_id)
    return with_version(_told(row), row.version)


@resource.post("", takes=NewProvider, gives=ChangedProvider, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a provider, who is asked who it is first (right: accounts)."""
    demand(g.actor, "accounts")
    return ChangedProvider(**execute(providers.adding(body.pop("client_secret"), **body)))


@resource.put(
    "/<uuid:provider_id>", takes=ProviderChange, gives=ChangedProvider, guarded=True,
    scope="operate",
)  # fmt: skip
def change(body: dict[str, Any], provider_id: UUID) -> Any:
    """Change what is given (right: accounts)."""
    demand(g.actor, "accounts")
    row = read(queries.provider, g.actor.agency_id, provider_id)
    secret, expected = body.pop("client_secret"), version_read()
    return ChangedProvider(**execute(providers.changing(row, secret, expected=expected, **body)))


def _told(row: ProviderRow) -> SignInProvider:
    return SignInProvider(
        id=str(row.id),
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        has_secret=row.sealed_secret is not None,
        trusts_mfa=row.trusts_mfa,
        active=row.active,
        added_at=row.added_at,
        redirect_uri=providers.return_address(row.id),
        backchannel_logout_uri=providers.logout_address(row.id),
        post_logout_redirect_uri=providers.left_address(),
    )
