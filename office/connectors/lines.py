"""A line to an address that was judged, with one end to all that goes over it: for whatever calls
out of the house.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from office.connectors.addresses import Address


def pinned(
    host: str, port: int, address: Address, ends: Deadline, tls: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    """A connection to `address` that calls itself one to `host`; without TLS where that is None."""
    if tls is None:
        return _Plain(host, port, address, ends)
    return _Secure(host, port, address, ends, tls)


class Deadline:
    """The one end of a call, from the name's look-up to the last byte. It cuts the line that is
    held then, and lets none be held later: a socket's own time-out starts anew with each byte.
    """

    def __init__(self, ends: float) -> None:
        self._ends = ends
        self._late = threading.Event()
        self._line: socket.socket | None = None

    def left(self) -> float:
        """Seconds that are left; TimeoutError where none are."""
        left = self._ends - monotonic()
        if left <= 0 or self._late.is_set():
            raise TimeoutError
        return left

    def hold(self, line: socket.socket) -> None:
        """The line that is cut from now on. Whoever held it late is told here: `_cut` sets its sign
        before it looks for a line, so that one of both sees the other.
        """
        self._line = line
        line.settimeout(self.left())

    @contextmanager
    def kept(self) -> Iterator[None]:
        timer = threading.Timer(self.left(), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, http.client.HTTPException):
            if self._late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
        self.left()  # a line that was cut among the headers looks like an empty answer

    def _cut(self) -> None:
        self._late.set()
        if self._line is not None:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)


class _Plain(http.client.HTTPConnection):
    """Connects to the address that was judged, never looking the name up again."""

    def __init__(self, host: str, port: int, address: Address, ends: Deadline) -> None:
        super().__init__(host, port)
        self._pinned, self._ends = str(address), ends

    def connect(self) -> None:
        self.sock = socket.create_connection((self._pinned, self.port), self._ends.left())
        self._ends.hold(self.sock)


class _Secure(http.client.HTTPSConnection):
    def __init__(
        self, host: str, port: int, address: Address, ends: Deadline, context: ssl.SSLContext
    ) -> None:
        super().__init__(host, port, context=context)
        self._pinned, self._ends, self._tls = str(address), ends, context

    def connect(self) -> None:
        raw = socket.create_connection((self._pinned, self.port), self._ends.left())
        try:
            line = self._tls.wrap_socket(
                raw, server_hostname=self.host, do_handshake_on_connect=False
            )
        except BaseException:
            raw.close()
            raise
        self.sock = line
        self._ends.hold(line)
        line.do_handshake()
