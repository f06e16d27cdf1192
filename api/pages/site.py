"""The one blueprint of all pages, and its gate: who is not signed in signs in first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, g, redirect, request
from flask.typing import ResponseReturnValue

from api.security import SAFE
from engine.errors import Forbidden, ReadOnly

site = Blueprint("pages", __name__)

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_open_views: set[str] = set()
_reader_views: set[str] = set()
_PASSWORD = frozenset({"/account/password"})
_FACTOR = frozenset({"/account/factor/begin", "/account/factor/confirm"}) | frozenset(
    {"/account/passkeys", "/account/passkeys/begin"}
)


def takes(most: int) -> Callable[[View], View]:
    """Marks a view whose body may have this many bytes (read by `api.security`)."""

    def mark(view: View) -> View:
        view.max_body = most  # type: ignore[attr-defined] # an attribute of our own
        return view

    return mark


def takes_words(most: int) -> Callable[[View], View]:
    """The same of a view whose form has no files, but fields that are long."""

    def mark(view: View) -> View:
        view.max_text = most  # type: ignore[attr-defined] # an attribute of our own
        return takes(most)(view)

    return mark


def for_everyone(view: View) -> View:
    """Marks a view that needs nobody signed in."""
    _open_views.add(view.__name__)
    return view


def for_readers(view: View) -> View:
    """Marks a view whose form those may send too who only read: it asks, or changes what is their
    own.
    """
    _reader_views.add(view.__name__)
    return view


@site.before_request
def _gate() -> ResponseReturnValue | None:
    """A GET goes by way of /sign-in; a form that was sent is kept through it."""
    _refuse_token()
    if (request.endpoint or "").rpartition(".")[2] in _open_views:
        return None
    if g.get("actor") is not None:
        _refuse_reader()
        return _must_change()
    from api.pages.sign_in import ask_again, ask_first

    if "HX-Request" in request.headers:
        return "", 204  # a poll of a page left open: nothing to swap, the next press signs in
    return ask_first() if request.method in {"GET", "HEAD"} else ask_again()


def _refuse_token() -> None:
    """Scopes are what each call of the API asks for; pages ask for none, so no token opens them."""
    if g.get("bearer"):
        raise Forbidden(
            "Expected a signed-in session, for pages are for people, but got an API token."
            " Use /api/v1.",
            code="session_required",
        )


def _refuse_reader() -> None:
    """Before a byte of what was sent is kept or looked at."""
    name = (request.endpoint or "").rpartition(".")[2]
    if request.method not in SAFE and g.actor.reads_only and name not in _reader_views:
        raise ReadOnly(g.actor.username)


def _must_change() -> ResponseReturnValue | None:
    """A first password opens the account page alone, until it is changed; so does a session without
    the second factor that is asked for, until one is enrolled.
    """
    session, always = g.get("session"), {"/account", "/sign-out", "/language"}
    if getattr(session, "must_change", False) and request.path not in always | _PASSWORD:
        return redirect("/account", 303)
    if getattr(session, "must_enrol", False) and request.path not in always | _PASSWORD | _FACTOR:
        return redirect("/account#factor", 303)
    return None
