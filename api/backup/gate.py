"""In quarantine the web answers reads; changes wait until an operator has looked."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from flask import Flask, current_app, request

from api.security import SAFE
from engine.errors import Unavailable

if TYPE_CHECKING:
    from api.bootstrap import System

#: Seconds for which an answer of the database is believed: a release is seen after as many.
FRESH = 2.0
#: Signing in and out, so that somebody can look at all.
OPEN = frozenset({"/sign-in", "/sign-in/factor", "/sign-out", "/language"})


class Gate:
    """Asks the database now and then, not with every request."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._held = False
        self._asked_at = float("-inf")

    def is_closed(self) -> bool:
        if monotonic() - self._asked_at > FRESH:
            self._held = self._system.in_quarantine()
            self._asked_at = monotonic()
        return self._held


def init_app(app: Flask) -> None:
    app.extensions["saraban_gate"] = Gate(app.extensions["saraban"])
    app.before_request(_refuse_changes)


def _refuse_changes() -> None:
    if request.method in SAFE or request.path in OPEN:
        return
    if current_app.extensions["saraban_gate"].is_closed():
        raise Unavailable(
            "Expected an office that takes changes, but it was restored from a backup and is held"
            " until an operator has looked (`saraban restore --release`). Nothing was changed.",
            code="quarantine",
        )
