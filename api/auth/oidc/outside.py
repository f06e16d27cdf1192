"""Asking a provider over HTTP: the host it was set up with, within limits of time and size.

Whoever administers an agency names its provider, so its address is as good as a stranger's: no
private address is reached unless the installation allows its host, nobody is followed elsewhere,
and no proxy of the environment is asked.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlencode, urlsplit

from api.auth.oidc.refusals import ProviderSilent
from office.connectors.addresses import Address, is_outside
from office.connectors.lines import Deadline, pinned

_FORM = "application/x-www-form-urlencoded"
_CHUNK = 16 << 10
#: how many may wait for one host at a time, in one process
_SEATS = 3
_PORTS = {"https": 443, "http": 80}


class Seats:
    """A provider that is slow holds some threads of a process: its own few, and no other's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, threading.BoundedSemaphore] = {}

    @contextmanager
    def one(self, host: str) -> Iterator[None]:
        with self._lock:
            seats = self._of.setdefault(host, threading.BoundedSemaphore(_SEATS))
        if not seats.acquire(timeout=1):
            raise ProviderSilent("Expected an answer, but too many wait for one already.")
        try:
            yield
        finally:
            seats.release()


@dataclass(frozen=True, slots=True)
class Outside:
    """`private_hosts`: hosts ("idp.agency.local", "127.0.0.1:8080") that may have addresses of
    one's own network; one of these that is on this machine may be asked without TLS.
    """

    private_hosts: frozenset[str] = frozenset()
    #: seconds for the whole of a question and its answer
    patience: float = 8.0
    max_bytes: int = 256 << 10
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _seats: Seats = field(default_factory=Seats)

    def get(self, url: str) -> bytes:
        return self._ask("GET", url, None, {})

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
        """Send a form. An answer that is not 200 is ProviderSilent, its text is not repeated."""
        sent = {"Content-Type": _FORM, **headers}
        return self._ask("POST", url, urlencode(form).encode(), sent)

    def check(self, url: str) -> SplitResult:
        """The address in its parts, or ProviderSilent where it is none that may be asked."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme)
        except ValueError:
            port, parts = None, urlsplit("")
        plain = parts.scheme == "http" and self._allowed(parts)
        if not parts.hostname or port is None or not (parts.scheme == "https" or plain):
            raise ProviderSilent(
                f"Expected an address that begins with https://, but got {url!r:.120}."
            )
        if parts.username is not None or parts.fragment:
            raise ProviderSilent("Expected an address without a user's name or fragment.")
        return parts

    def _allowed(self, parts: SplitResult) -> bool:
        name = parts.hostname or ""
        return bool({name, f"{name}:{parts.port}"} & self.private_hosts)

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        parts = self.check(url)
        try:
            with self._seats.one(parts.netloc), self._connected(parts) as connection:
                path = parts.path or "/"
                target = f"{path}?{parts.query}" if parts.query else path
                sent = {"Accept": "application/json", "Connection": "close", **headers}
                connection.request(method, target, body, sent)
                with connection.getresponse() as answer:
                    return self._read(answer, parts)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ProviderSilent(
                f"Expected an answer from {parts.hostname}, but: {type(error).__name__}."
            ) from error

    @contextmanager
    def _connected(self, parts: SplitResult) -> Iterator[http.client.HTTPConnection]:
        """A connection to an address that was looked at, so that no second answer of a name server
        leads elsewhere. The name's look-up and the handshake take of the same time.
        """
        ends = Deadline(time.monotonic() + self.patience)
        name, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        address = self._address(parts, name, port)
        tls = self.tls if parts.scheme == "https" else None
        connection = pinned(name, port, address, ends, tls)
        try:
            with ends.kept():
                yield connection
        finally:
            connection.close()

    def _address(self, parts: SplitResult, name: str, port: int) -> Address:
        found = {str(one[4][0]) for one in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)}
        if not found:
            raise ProviderSilent(f"Expected {name} to have an address, but it has none.")
        if not self._allowed(parts) and not all(_public(one) for one in found):
            raise ProviderSilent(
                f"Expected a public address, but {name} is on a private network."
                " Name it in SARABAN_OIDC_PRIVATE_HOSTS if it is to be asked."
            )
        if parts.scheme == "http" and not all(ip_address(one).is_loopback for one in found):
            raise ProviderSilent(f"Expected https, for {name} is not on this machine.")
        return ip_address(min(found).partition("%")[0])

    def _read(self, answer: http.client.HTTPResponse, parts: SplitResult) -> bytes:
        if answer.status != http.client.OK:
            raise ProviderSilent(
                f"Expected {parts.hostname} to answer 200, but it answered {answer.status}."
            )
        read = bytearray()
        while chunk := answer.read1(_CHUNK):
            read += chunk
            if len(read) > self.max_bytes:
                raise ProviderSilent(
                    f"Expected at most {self.max_bytes >> 10} KB from {parts.hostname}, but it"
                    " sends more."
                )
        if answer.length:
            raise ProviderSilent(f"Expected the whole answer of {parts.hostname}, but it ends.")
        return bytes(read)


def _public(address: str) -> bool:
    return is_outside(ip_address(address.partition("%")[0]))
