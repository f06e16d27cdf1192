"""A line to PostgreSQL that counts: how often a client asks and waits for the answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

#: Frontend messages that end with the client waiting: Query and Sync (PostgreSQL, 55.7).
_ASKS = {b"Q", b"S"}


@dataclass
class Tap:
    """`trips` so far, and the text of simple queries (BEGIN, COMMIT, ROLLBACK)."""

    port: int
    trips: int = 0
    simple: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.trips = 0
        self.simple.clear()

    def hear(self, kind: bytes, body: bytes) -> None:
        if kind in _ASKS:
            self.trips += 1
        if kind == b"Q":
            self.simple.append(body.rstrip(b"\0").decode())


@contextmanager
def tapped(server_port: int) -> Iterator[Tap]:
    """Listens on loopback and passes everything on to the server; lines end with the block."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        tap, open_lines = Tap(door.getsockname()[1]), []

        def answer() -> None:
            with suppress(OSError):
                while True:
                    client, _ = door.accept()
                    server = socket.create_connection(("127.0.0.1", server_port))
                    open_lines.extend((client, server))
                    _begin(_listen, client, server, tap)
                    _begin(_pass_on, server, client)

        _begin(answer)
        try:
            yield tap
        finally:
            door.shutdown(socket.SHUT_RDWR)
            for line in open_lines:
                line.close()


def _begin(work: Callable[..., None], *given: Any) -> None:
    threading.Thread(target=work, args=given, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


def _listen(client: socket.socket, server: socket.socket, tap: Tap) -> None:
    """Pass on message by message. Those before the session's start have no type byte."""
    with suppress(OSError, EOFError):
        started = False
        while True:
            kind = b"" if not started else _exactly(client, 1)
            size = _exactly(client, 4)
            body = _exactly(client, int.from_bytes(size) - 4)
            tap.hear(kind, body)
            server.sendall(kind + size + body)
            started = started or body[:2] == b"\0\3"  # protocol 3, not a question about TLS


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = line.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return found
