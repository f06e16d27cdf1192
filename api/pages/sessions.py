"""The browser's side of a session: where a request comes from, and the cookie it leaves with."""

from __future__ import annotations

from flask import Response, g, request

from api.auth import cookies
from api.pages.desk import close_db, system
from engine.db import reading
from office.accounts import queries
from office.accounts.settings import settings_of
from office.accounts.sign_in import Origin, SignedIn

#: as wide as the column that keeps it
LONGEST_AGENT = 300


def origin() -> Origin:
    return Origin(request.remote_addr or "", request.user_agent.string[:LONGEST_AGENT])


def look_again() -> None:
    """Go on with this request as the session is now, after a command has changed it."""
    _go_on(request.cookies.get(cookies.name(), ""))


def adopt(signed_in: SignedIn) -> None:
    """Go on with this request as whoever has just signed in: pages shown now are theirs."""
    _go_on(signed_in.token)


def _go_on(token: str) -> None:
    close_db()
    with reading(system().engine) as db:
        idle = settings_of(system().services).idle
        g.session = found = queries.session_by_token(db, token, g.now, idle)
        g.actor = None if found is None else found.actor
    for cached in ("shell", "faces", "working_time"):
        g.pop(cached, None)


def remember(response: Response, signed_in: SignedIn) -> None:
    cookies.give(response, signed_in.token)


def forget(response: Response) -> None:
    cookies.take(response)
