"""The Flask application: one list of what it is made of, and the frame around each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request
from flask.json.provider import JSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from api import auth, overload, pages, problems, rest, security, unchanged
from api.auth import providers
from api.backup import gate
from api.rest import metrics, probes
from engine import jsonio

if TYPE_CHECKING:
    from api.bootstrap import System


class ExactJson(JSONProvider):
    """Flask's JSON with exact numbers, both ways."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return jsonio.dumps(obj)

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return jsonio.loads(s)


class _Synchronous(Flask):
    """Flask with no view or hook that is a coroutine: none is looked at, twenty times a request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(system: System) -> Flask:
    """The application over one system. Views find the system in `extensions["saraban"]`, the
    signed-in person in `g.actor` (None: nobody) and the moment in `g.now`.
    """
    app = _Synchronous("api")
    app.json = ExactJson(app)
    app.extensions["saraban"] = system
    app.before_request(_begin)
    for room in (overload, problems, metrics, auth, providers, security, gate, probes, rest, pages,
                 unchanged):  # fmt: skip
        room.init_app(app)
    if system.settings.behind_proxy:  # around all else
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign] # Flask's documented way
    return app


def _begin() -> None:
    """Give the request its name and its moment. A name given by the proxy before us is kept."""
    from flask import current_app

    g.request_id = security.request_name(request.headers.get("X-Request-Id", ""))
    g.now = current_app.extensions["saraban"].services.clock.now()
