"""A line to the database on which nothing is heard any more: cut, so that nobody waits for ever.

PostgreSQL itself ends a statement after 30 s, and the kernel a line whose packets nobody
acknowledges after ten. Neither sees a far end that takes every packet and answers none: a proxy or
a host that hangs. Whoever waits there gets the error of a line that was cut, which the bus knows.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

#: Longer than any statement may take: the server's own limit comes first.
LONGEST = 40.0
#: Seconds between two looks.
EVERY = 5.0


class Listener:
    """Knows who waits for an answer since when, and cuts the lines of those who wait too long."""

    def __init__(self, longest: float, every: float) -> None:
        self._longest, self._every = longest, every
        self._waiting: dict[Any, float] = {}
        # While a line waits here it is open: its file number is no other's yet.
        self._lock = threading.Lock()
        self._ears: threading.Thread | None = None

    def asked(self, line: Any) -> None:
        """Something was sent on this connection of the driver."""
        with self._lock:
            self._waiting[line] = monotonic()
            if self._ears is None:
                # begun with the first question: a process that forks before has no use for it
                self._ears = threading.Thread(target=self._listen, daemon=True, name="silence")
                self._ears.start()

    def answered(self, line: Any) -> None:
        with self._lock:
            self._waiting.pop(line, None)

    def _listen(self) -> None:
        pause = threading.Event()
        while not pause.wait(self._every):
            self._cut_silent()

    def _cut_silent(self) -> None:
        with self._lock:
            since = monotonic() - self._longest
            for line in [line for line, asked in self._waiting.items() if asked < since]:
                del self._waiting[line]
                if not line.closed:
                    _cut(line.fileno())


#: Of the engines that are listened to.
_EARS: WeakKeyDictionary[Engine, Listener] = WeakKeyDictionary()


@contextmanager
def waiting(connection: Connection) -> Iterator[None]:
    """For what is sent past SQLAlchemy, which tells nobody of it."""
    with waiting_on(connection.engine, connection.connection.driver_connection):
        yield


@contextmanager
def waiting_on(engine: Engine, line: Any) -> Iterator[None]:
    """The same for a connection of the driver."""
    ears = _EARS.get(engine)
    if ears is None:
        yield
        return
    ears.asked(line)
    try:
        yield
    finally:
        ears.answered(line)


def _cut(number: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(number)) as ours:
        ours.shutdown(socket.SHUT_RDWR)


def listen(engine: Engine, longest: float = LONGEST, every: float = EVERY) -> None:
    """Cut every line of this engine on which an answer is waited for longer than `longest` s.

    For engines whose statements PostgreSQL bounds; backups and migrations have others.
    """
    if engine.dialect.name != "postgresql":
        return
    ears = _EARS[engine] = Listener(longest, every)

    @event.listens_for(engine, "before_cursor_execute")
    def _asked(connection: Connection, *_: Any) -> None:
        ears.asked(connection.connection.driver_connection)

    @event.listens_for(engine, "rollback")
    @event.listens_for(engine, "commit")
    def _ending(connection: Connection) -> None:
        ears.asked(connection.connection.driver_connection)

    @event.listens_for(engine, "after_cursor_execute")
    def _answered(connection: Connection, *_: Any) -> None:
        ears.answered(connection.connection.driver_connection)

    # After the end of a transaction, or a statement that failed.
    @event.listens_for(engine, "checkin")
    def _back(line: Any, _record: Any) -> None:
        ears.answered(line)

    @event.listens_for(engine, "invalidate")
    def _broken(line: Any, _record: Any, _error: Any) -> None:
        ears.answered(line)
