"""Another system on loopback: answers as a test says, remembers what it was asked; or misbehaves
byte by byte.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FarSystem:
    """`answers` are taken in order; the last one stays: (status, JSON or text or bytes)."""

    port: int = 0
    scheme: str = "http"
    host: str = "127.0.0.1"
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=lambda: [(200, {"ok": True})])
    more: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def answer(self) -> tuple[int, Any]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _handler(far: FarSystem) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            far.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            status, said = far.answer()
            text = isinstance(said, str)
            sent = (
                said if isinstance(said, bytes) else (said if text else json.dumps(said)).encode()
            )
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if text else "application/json")
            self.send_header("Content-Length", str(len(sent)))
            for name, value in far.more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            """Tests read `asked`."""

    return Handler


@contextmanager
def far_system(tls: ssl.SSLContext | None = None) -> Iterator[FarSystem]:
    far = FarSystem()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(far))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        far.scheme = "https"
    far.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield far
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _same(line: socket.socket) -> socket.socket:
    return line


@contextmanager
def rude_system(
    behave: Callable[[socket.socket], None], greet: Callable[[socket.socket], socket.socket] = _same
) -> Iterator[str]:
    """The address of one that takes a request, then does with the line what it likes. `greet`: what
    it makes of the line before it listens.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    gone = threading.Event()

    def serve() -> None:
        while not gone.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                try:
                    with greet(line) as greeted:
                        greeted.recv(65_536)
                        behave(greeted)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        gone.set()
        listener.close()
