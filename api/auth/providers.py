"""The providers of sign-in as a request uses them: what is known of them is kept by the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from uuid import UUID

from flask import Flask, current_app

from api.auth.oidc.discovery import Published
from api.auth.oidc.flow import Client, close_secret
from api.auth.oidc.outside import Outside
from api.auth.oidc.refusals import ProviderSilent
from engine.errors import FieldError, Invalid
from engine.ids import new_id
from office.accounts.commands import AddProvider, ChangeProvider
from office.accounts.queries import ProviderRow

if TYPE_CHECKING:
    from api.bootstrap import System

_NAME = "saraban.providers"
LONGEST_SECRET = 500


def init_app(app: Flask) -> None:
    named = app.extensions["saraban"].settings.oidc_private_hosts.split(",")
    hosts = frozenset(name.strip() for name in named if name.strip())
    app.extensions[_NAME] = Published(Outside(hosts))


def published() -> Published:
    return cast(Published, current_app.extensions[_NAME])


def client(row: ProviderRow) -> Client:
    settings = _system().settings
    return Client(row, published(), settings.installation_secret, return_address(row.id))


def return_address(provider_id: UUID) -> str:
    """Where the provider sends browsers back to. One for each provider: none answers for another
    (RFC 9700, 4.4).
    """
    return f"{_system().settings.public_url}/sign-in/with/{provider_id}/back"


def logout_address(provider_id: UUID) -> str:
    """Where the provider tells that somebody has signed out."""
    return f"{_system().settings.public_url}/back-channel-logout/{provider_id}"


def left_address() -> str:
    """Where the provider sends browsers after they have signed out there."""
    return f"{_system().settings.public_url}/sign-in"


def entrance(agency_code: str) -> str:
    """The sign-in page of one agency: it offers its providers, however many agencies there are."""
    return f"{left_address()}?agency={quote(agency_code)}"


def _system() -> System:
    return cast("System", current_app.extensions["saraban"])


# ---- set up, after a look at the provider itself


def adding(secret: str, **given: Any) -> AddProvider:
    """The command that adds a provider, who was asked who it is; Invalid (issuer) where it does not
    say.
    """
    _look(given["issuer"])
    provider_id = new_id()
    return AddProvider(**given, provider_id=provider_id, **_closed(secret, provider_id))


def changing(row: ProviderRow, secret: str, **given: Any) -> ChangeProvider:
    """Likewise where the issuer is another. An empty secret leaves the present one. A client that
    goes to another issuer needs a secret anew: the old one is not told to strangers.
    """
    issuer = given.get("issuer")
    if issuer is not None and issuer != row.issuer:
        _look(issuer)
        if row.sealed_secret is not None and not secret:
            message = "Expected a secret for the other issuer, for it is not sent the present one."
            raise Invalid(message, [FieldError("client_secret", message, "secret_anew")])
    return ChangeProvider(row.id, **given, **_closed(secret, row.id))


def _look(issuer: str) -> None:
    try:
        published().metadata(issuer, anew=True)
    except ProviderSilent as silent:
        message = silent.message
        raise Invalid(message, [FieldError("issuer", message, "provider_silent")]) from None


def _closed(secret: str, provider_id: UUID) -> dict[str, Any]:
    if not secret:
        return {}
    if len(secret) > LONGEST_SECRET:
        message = f"Expected at most {LONGEST_SECRET} characters."
        raise Invalid(message, [FieldError("client_secret", message, "too_long")])
    return {
        "sealed_secret": close_secret(_system().settings.installation_secret, secret, provider_id)
    }
