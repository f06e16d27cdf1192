"""The session's cookie: its name, and how it is set and taken away."""

from __future__ import annotations

from flask import Response, request

#: `__Host-` binds the cookie to this host, path / and TLS; browsers refuse it over plain HTTP,
#: which is spoken on loopback only (and behind no proxy).
SECURE_NAME, PLAIN_NAME = "__Host-saraban", "saraban"


def name() -> str:
    return name_if(secure=request.is_secure)


def name_if(*, secure: bool) -> str:
    return SECURE_NAME if secure else PLAIN_NAME


def name_of(what: str) -> str:
    """The name of another cookie of ours, bound to this host in the same way."""
    return f"{name()}_{what}"


def give(response: Response, token: str) -> None:
    """Sign the browser in: a new token after each proof, no data in it, gone with the browser."""
    response.set_cookie(
        name(), token, path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )


def take(response: Response) -> None:
    response.delete_cookie(
        name(), path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )
