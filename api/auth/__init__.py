"""Who asks: the session's cookie or the API token of a request, resolved to an actor.

`g.actor` is None until somebody has signed in; `g.session` is the session behind the cookie
(also a half-open one, between password and second factor), `g.bearer` the API token.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, g, request

from api.auth import cookies
from api.problems import Unauthenticated
from engine.actor import Actor, system_actor
from engine.db import reading
from engine.errors import Forbidden
from office.accounts import queries
from office.accounts.commands import TouchSession, TouchToken
from office.accounts.settings import settings_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.bootstrap import System

#: Being used is written down now and then, not with every request: an inbox that is left open asks
#: three times a minute, and all of them together would write more than all that people do.
TOUCH = timedelta(minutes=5)
#: Pages that answer anybody without looking who it is.
ANONYMOUS = frozenset({"static", "probes.alive", "probes.ready", "probes.figures"})


def init_app(app: Flask) -> None:
    app.before_request(identify)


def identify() -> None:
    """Fill `g.actor`. A token that does not hold is refused; an old cookie is just nobody."""
    g.actor = g.session = g.bearer = None
    if request.endpoint in ANONYMOUS:
        return
    header = request.headers.get("Authorization")
    token = request.cookies.get(cookies.name())
    if header is None and token is None:
        return
    with reading(_system().engine) as db:
        if header is not None:
            _by_header(db, header)
        elif token is not None:
            _by_cookie(db, token)
    _touch()


def _by_header(db: Connection, header: str) -> None:
    kind, _, text = header.partition(" ")
    found = queries.token_by_text(db, text.strip(), g.now) if kind.lower() == "bearer" else None
    if found is None:
        raise Unauthenticated(
            "Expected a live API token, but this one is unknown or has ended, or somebody else"
            " issued it to a person who holds a post now."
        )
    g.bearer = found
    g.actor = found.actor


def _by_cookie(db: Connection, token: str) -> None:
    idle = settings_of(_system().services).idle
    g.session = found = queries.session_by_token(db, token, g.now, idle)
    g.actor = None if found is None else found.actor


def _touch() -> None:
    """Write down the use of session or token, by the system: it is no act of the person."""
    bus = _system().bus
    if g.session is not None and g.now - g.session.seen_at > TOUCH:
        bus.execute(TouchSession(g.session.session_id), system_actor(g.session.agency_id))
    if g.bearer is not None and (g.bearer.used_at is None or g.now - g.bearer.used_at > TOUCH):
        bus.execute(TouchToken(g.bearer.token_id), system_actor(g.bearer.agency_id))


def require_actor() -> Actor:
    """The actor, or Unauthenticated. A first password, or a second factor that is missing, opens
    the account's page alone.
    """
    if g.actor is None:
        raise Unauthenticated(
            "Expected a signed-in session or an API token, but there is none."
            " Send Authorization: Bearer TOKEN."
        )
    if g.session is not None and g.session.must_change:
        raise Forbidden(
            "Expected a password of your own, but the first one is still in force."
            " Change it on the account's page.",
            code="password_must_change",
        )
    if g.session is not None and g.session.must_enrol:
        raise Forbidden(
            "Expected a second factor, which the agency asks of you, but there is none."
            " Enrol one on the account's page.",
            code="factor_must_enrol",
        )
    return cast(Actor, g.actor)


def demand_scope(actor: Actor, scope: str) -> None:
    """An API token does only what its scopes say; a session does all that its person may."""
    if actor.scopes is not None and scope not in actor.scopes:
        raise Forbidden(
            f"Expected a token with the scope {scope!r}, but this one has"
            f" {', '.join(sorted(actor.scopes))}.",
            code="insufficient_scope",
        )


def _system() -> System:
    return cast("System", current_app.extensions["saraban"])
