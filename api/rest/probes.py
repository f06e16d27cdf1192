"""Alive, able to serve, and how it goes: `/healthz`, `/readyz`, `/metrics` at the root."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from ipaddress import ip_address

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, request

from api.rest import metrics
from engine import jsonio
from engine.db import reading

log = logging.getLogger(__name__)

blueprint = Blueprint("probes", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _json({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """200 when database, queue and storage answer, else 503; names only, causes go to the log.

    A restored database that waits for an operator serves reads: 200, with the status quarantine.
    """
    found = {name: _answers(name, check) for name, check in _checks().items()}
    good = all(found.values())
    body = {
        "status": _status(good=good),
        "checks": {name: "ok" if well else "unavailable" for name, well in found.items()},
    }
    return _json(body, 200 if good else 503)


def _status(*, good: bool) -> str:
    if not good:
        return "unavailable"
    return "quarantine" if current_app.extensions["saraban"].in_quarantine() else "ok"


def _checks() -> Mapping[str, Callable[[], object]]:
    system = current_app.extensions["saraban"]
    return {"database": _database, **system.checks}


def _database() -> None:
    with reading(current_app.extensions["saraban"].engine) as db:
        db.execute(sa.text("SELECT 1"))


def _answers(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:
        log.warning("Expected %s to answer, but: %s", name, error)
        return False
    return True


@blueprint.get("/metrics")
def figures() -> Response:
    """Prometheus text, for callers in the house's own network and not through the proxy."""
    if "X-Forwarded-For" in request.headers or not _is_near(request.remote_addr):
        return _json({"status": "forbidden"}, 403)
    return Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_near(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_private
    except ValueError:
        return False


def _json(body: object, status: int = 200) -> Response:
    return Response(jsonio.dumps(body), status, content_type="application/json")


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
