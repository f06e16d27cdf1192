"""The Flask application: one list of what it is made of, and the frame around each request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request
from flask.json.provider import JSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from api import auth, overload, pages, problems, rest, security
from api.auth import providers
from api.backup import gate
from api.rest import metrics, probes
from engine import jsonio
from engine.ids import new_id

if TYPE_CHECKING:
    from api.bootstrap import System

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class ExactJson(JSONProvider):
    """Flask's JSON with exact numbers, both ways."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return jsonio.dumps(obj)

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return jsonio.loads(s)


def create_app(system: System) -> Flask:
    """The application over one system. Views find the system in `extensions["saraban"]`, the
    signed-in person in `g.actor` (None: nobody) and the moment in `g.now`.
    """
    app = Flask("api")
    app.json = ExactJson(app)
    app.extensions["saraban"] = system
    if system.settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign] # Flask's documented way
    app.before_request(_begin)
    for room in (overload, problems, metrics, auth, providers, security, gate, probes, rest, pages):
        room.init_app(app)
    return app


def _begin() -> None:
    """Give the request its name and its moment. A name given by the proxy before us is kept."""
    from flask import current_app

    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())
    g.now = current_app.extensions["saraban"].services.clock.now()
