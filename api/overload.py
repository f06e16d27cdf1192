"""More requests than can be served: who cannot be taken in soon is told so, instead of waiting.

A request takes a seat. While all are taken it waits on a bench, for a bounded time; where the
benches are taken too it is answered at once. Waiting longer helps nobody: their browsers give up,
and what they asked for is done for no one.
"""

from __future__ import annotations

import threading

from flask import Flask, g, request

from api.problems import Overloaded

#: Answered whatever happens: whoever asks wants to know whether this process lives.
ALWAYS = ("/healthz", "/static/")


class Door:
    """Seats for requests, and as many benches before them."""

    def __init__(self, seats: int, patience: float) -> None:
        self._seats = threading.Semaphore(seats)
        self._benches = threading.Semaphore(seats)
        self._patience = patience

    def enter(self) -> bool:
        """Whether there is a seat, waited for at most the patience. Who enters leaves."""
        if self._seats.acquire(blocking=False):
            return True
        if not self._benches.acquire(blocking=False):
            return False
        try:
            return self._seats.acquire(timeout=self._patience)
        finally:
            self._benches.release()

    def leave(self) -> None:
        self._seats.release()


def threads_for(seats: int) -> int:
    """What a web process needs: seats, benches, and two that turn others away."""
    return 2 * seats + 2


def init_app(app: Flask) -> None:
    """First of all rooms: who is turned away asks nothing of the database."""
    settings = app.extensions["saraban"].settings
    door = Door(settings.web_threads, settings.web_patience)

    def enter() -> None:
        if request.path.startswith(ALWAYS):
            return
        if not door.enter():
            raise Overloaded(
                "Expected to be served within"
                f" {settings.web_patience} s, but everybody is busy. Try again shortly."
            )
        g.seated = True

    def leave(_error: BaseException | None = None) -> None:
        if g.pop("seated", False):
            door.leave()

    app.before_request(enter)
    app.teardown_request(leave)
