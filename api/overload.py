"""More requests than can be served: who cannot be taken in soon is told so, instead of waiting.

A request takes a seat. While all are taken it waits on a bench, for a bounded time; where the
benches are taken too it is answered at once. Waiting longer helps nobody: their browsers give up,
and what they asked for is done for no one.

There are more benches than seats, as a rush passes: requests of a few milliseconds come in dozens
while the process pauses for a tenth of a second, and each of them is still served in time.
"""

from __future__ import annotations

import threading
from typing import cast

from flask import Flask, g, request

from api.problems import Overloaded

#: Answered whatever happens: whoever asks wants to know whether this process lives.
ALWAYS = ("/healthz", "/static/")


#: Benches for each seat.
BENCHES = 4


class Door:
    """Seats for requests, and benches before them."""

    def __init__(self, seats: int, patience: float) -> None:
        self._seats = threading.Semaphore(seats)
        self._benches = threading.Semaphore(BENCHES * seats)
        self._patience = patience
        self._sitting = 0  # on benches
        self._counting = threading.Lock()

    def enter(self, waited: float = 0) -> bool:
        """Whether there is a seat, waited for at most the patience. Who enters leaves.

        `waited`: seconds that the request has stood before the door. Where others wait too, one
        that has stood too long is sent away: a seat would be taken from somebody who still wants
        the answer. A seat that nobody else wants is given to anybody.
        """
        left = self._patience - waited
        if left <= 0 and self._sitting > 0:
            return False
        if self._seats.acquire(blocking=False):
            return True
        if left <= 0 or not self._benches.acquire(blocking=False):
            return False
        self._sit(1)
        try:
            return self._seats.acquire(timeout=left)
        finally:
            self._sit(-1)
            self._benches.release()

    def _sit(self, change: int) -> None:
        with self._counting:
            self._sitting += change

    def leave(self) -> None:
        self._seats.release()


_came = threading.local()
#: In a request's environment: who was let in, but has to enter again: the seconds since they came.
SINCE_THEN = "saraban.since_then"


def stood(seconds: float) -> None:
    """How long the request that this thread takes up now has waited for the thread."""
    _came.waited = seconds


def has_stood() -> float:
    """The seconds told by `stood`."""
    return float(getattr(_came, "waited", 0))


def door_of(app: Flask) -> Door:
    """The one door of this process."""
    return cast(Door, app.extensions["saraban_door"])


def turned_away(patience: float) -> str:
    """What is said to whoever is not let in."""
    return f"Expected to be served within {patience} s, but everybody is busy. Try again shortly."


def threads_for(seats: int) -> int:
    """What a web process needs: seats, benches, and two that turn others away."""
    return (1 + BENCHES) * seats + 2


def init_app(app: Flask) -> None:
    """First of all rooms: who is turned away asks nothing of the database."""
    settings = app.extensions["saraban"].settings
    door = app.extensions["saraban_door"] = Door(settings.web_threads, settings.web_patience)

    def enter() -> None:
        if request.path.startswith(ALWAYS):
            return
        waited = has_stood() + request.environ.get(SINCE_THEN, 0)
        if not door.enter(waited):
            raise Overloaded(turned_away(settings.web_patience))
        g.seated = True

    def leave(_error: BaseException | None = None) -> None:
        if g.pop("seated", False):
            door.leave()

    app.before_request(enter)
    app.teardown_request(leave)
