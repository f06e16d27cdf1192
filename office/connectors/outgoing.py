"""One call to another system: at an address that was looked up once and judged, within limits.

No redirect is followed, no proxy is taken from the environment, certificates are verified. The
whole call has one deadline: who answers a byte a second is cut off like who does not answer.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from office.connectors import addresses
from office.connectors.addresses import Address
from office.connectors.lines import Deadline, pinned

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: Addresses of a host and port, as text.
Resolve = Callable[[str, int], Sequence[str]]

_CHUNK = 16_384


class CallFailed(Exception):
    """Expected an answer, but there is none. `code` says how, `again` whether later may help."""

    def __init__(self, code: str, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.code = code
        self.again = again


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes out. `target` begins with a slash and is encoded already."""

    method: str
    base_url: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    status: int
    media: str
    body: bytes


def system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`networks`: those inside the house that the installation lets be called; none by default.

    `trust`: a file of certificates to verify with, for tests; None: those of the system.
    """

    networks: Sequence[Network] = ()
    resolve: Resolve = system_resolver
    trust: str | None = None

    @property
    def loops(self) -> bool:
        """Whether this machine itself may be called, and then without TLS as well."""
        return any(net.is_loopback for net in self.networks)

    def call(self, sent: Sent) -> Received:
        ends = Deadline(monotonic() + sent.timeout)
        parts = urlsplit(sent.base_url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._address(parts.hostname or "", port)
        if parts.scheme != "https" and not address.is_loopback:
            raise _refused(f"Expected https, but {parts.hostname} would be called without.")
        tls = self._context() if parts.scheme == "https" else None
        connection = pinned(parts.hostname or "", port, address, ends, tls)
        try:
            with _told(parts.hostname or ""), ends.kept():
                return _exchange(connection, sent, parts.path, ends)
        finally:
            connection.close()

    def _address(self, host: str, port: int) -> Address:
        """The one address that is connected to. All that the name has are judged: a name that
        is answered with a good and a bad one is refused.
        """
        try:
            found = [
                ipaddress.ip_address(one.partition("%")[0]) for one in self.resolve(host, port)
            ]
        except (OSError, ValueError, UnicodeError):
            message = f"Expected the address of {host}, but its name cannot be looked up now."
            raise CallFailed("http_unreachable", message, again=True) from None
        if not found:
            message = f"Expected the address of {host}, but its name has none."
            raise CallFailed("http_unreachable", message, again=True)
        for one in found:
            if not self.allows(one):
                raise _refused(
                    f"Expected a public address behind {host}, but {one} is inside the house."
                    " An operator lets such be called with SARABAN_CONNECTOR_NETWORKS."
                )
        return found[0]

    def allows(self, address: Address) -> bool:
        found = addresses.plain(address)
        if found.is_link_local or found.is_multicast or found.is_unspecified:
            return False
        ours = any(found in net for net in self.networks if net.version == found.version)
        return ours or addresses.is_outside(found)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.trust)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _exchange(
    connection: http.client.HTTPConnection, sent: Sent, prefix: str, ends: Deadline
) -> Received:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"} | dict(sent.headers)
    headers["Connection"] = "close"
    connection.request(sent.method, prefix + sent.target, sent.body, headers)
    with connection.getresponse() as answer:
        body = _read(answer, sent.max_bytes, ends)
        return Received(answer.status, answer.headers.get_content_type(), body)


def _read(answer: http.client.HTTPResponse, most: int, ends: Deadline) -> bytes:
    """What it says of its own length is not believed."""
    read = bytearray()
    while chunk := answer.read1(_CHUNK):
        read += chunk
        if len(read) > most:
            message = f"Expected an answer of at most {most:,} bytes, but it is larger."
            raise CallFailed("http_too_large", message, again=False)
        ends.left()
    if answer.length:  # fewer bytes than were promised: cut off
        raise http.client.IncompleteRead(bytes(read[:0]), answer.length)
    return bytes(read)


@contextmanager
def _told(host: str) -> Iterator[None]:
    """What may go wrong on the way, in our words: the other side's own are not repeated."""
    try:
        yield
    except ssl.SSLCertVerificationError as wrong:
        message = f"Expected a certificate of {host} to trust, but: {wrong.verify_message}."
        raise CallFailed("http_untrusted", message, again=False) from None
    except TimeoutError:
        message = f"Expected {host} to answer in time, but it did not."
        raise CallFailed("http_timeout", message, again=True) from None
    except (OSError, http.client.HTTPException) as error:
        message = f"Expected an answer from {host}, but the line broke ({type(error).__name__})."
        raise CallFailed("http_unreachable", message, again=True) from None


def _refused(message: str) -> CallFailed:
    return CallFailed("http_address", message, again=False)
