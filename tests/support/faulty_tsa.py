"""A timestamp authority on loopback that does not do what it should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from signing.timestamp import HttpTimestamps
from signing.timestamp.client import REPLY
from signing.timestamp.local import LocalTimestamps
from signing.timestamp.tokens import request_for

#: nobody is there, or not in time; and answers that are no timestamp of what was asked
AWAY = ("down", "slow")
WRONG = ("page", "empty", "rejection", "replayed")
PATIENCE = 0.5


@contextmanager
def faulty(real: LocalTimestamps, fault: str) -> Iterator[HttpTimestamps]:
    """A client of it, which waits for half a second."""
    over = Event()
    answers = {
        "page": b"<h1>Welcome to this network</h1>",
        "empty": b"",
        "rejection": real.answer(b"no request"),
        "replayed": real.answer(request_for(bytes(32), 1)),
    }

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if fault == "slow":
                over.wait(4 * PATIENCE)
            self.send_response(503 if fault == "down" else 200)
            self.send_header("Content-Type", REPLY)
            self.end_headers()
            self.wfile.write(answers.get(fault, b""))

        def log_message(self, *_said: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield HttpTimestamps(f"http://127.0.0.1:{server.server_port}/", timeout=PATIENCE)
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
