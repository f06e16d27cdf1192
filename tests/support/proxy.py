"""A line to PostgreSQL that can be slow, refuse, or be cut at a COMMIT."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

#: how libpq sends it: a simple query, its length, its text
_COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"


@dataclass
class Proxy:
    """`cut`: "before" or "after" the server has received the next COMMIT. Cuts once.

    `delay`: seconds that each packet takes. `refuses`: nobody gets through. `deaf`: everything is
    taken and nothing is passed on, also at the next COMMIT alone.
    """

    target: int
    cut: str | None = None
    delay: float = 0.0
    refuses: bool = False
    deaf: str | None = None
    cuts: int = 0
    swallowed: int = 0
    door: socket.socket = field(init=False)
    lines: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._open, daemon=True).start()

    def url(self, direct: str) -> str:
        """The same database, by this line."""
        port = self.door.getsockname()[1]
        return sa.make_url(direct).set(port=port).render_as_string(hide_password=False)

    def hear_again(self) -> None:
        self.deaf = None

    def hang_up(self) -> None:
        """Every line is cut, whatever is on it."""
        for line in self.lines:
            _close(line)
        self.lines.clear()

    def _open(self) -> None:
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            if self.refuses:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            self.lines += [client, server]
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while self._once(client, server):
                pass
        except OSError:
            pass  # hung up
        for line in (client, server):
            _close(line)

    def _once(self, client: socket.socket, server: socket.socket) -> bool:
        """Whether the line still stands."""
        for ready in select.select([client, server], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return False
            time.sleep(self.delay)  # noqa: TID251 - a slow line
            if self.deaf == "always" or (self.deaf == "commit" and _COMMIT in data):
                self.swallowed += 1
                continue
            if ready is client and self.cut and _COMMIT in data:
                self._cut(data, server)
                return False
            (server if ready is client else client).sendall(data)
        return True

    def _cut(self, data: bytes, server: socket.socket) -> None:
        way, self.cut = self.cut, None
        self.cuts += 1
        if way == "after":
            server.sendall(data)
            server.recv(65536)  # the server has said that it is done; nobody hears it


def _close(line: socket.socket) -> None:
    with suppress(OSError):  # closed already
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@contextmanager
def line_to(direct: str) -> Iterator[Proxy]:
    """A proxy before the server of this database."""
    proxy = Proxy(sa.make_url(direct).port or 5432)
    try:
        yield proxy
    finally:
        proxy.door.close()
        proxy.hang_up()
