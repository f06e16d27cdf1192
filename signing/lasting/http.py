"""Authorities asked over HTTP: only those that are allowed, within limits of time and size.

The addresses stand in certificates, which strangers may have made: so none is asked that the
installation does not name, and none may send us elsewhere.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from signing.errors import StatusUnavailable

_REQUEST = "application/ocsp-request"
_CHUNK = 16384


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: a redirection is an error."""

    def redirect_request(self, *_told: Any, **_more: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Straight, urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class HttpStatuses:
    """Asks hosts that `hosts` names ("crl.nrca.go.th", or "127.0.0.1:8080" with a port)."""

    hosts: frozenset[str]
    lists: Sequence[bytes] = ()
    timeout: float = 5.0
    max_bytes: int = 4 * 1024 * 1024

    def known(self) -> Sequence[bytes]:
        return self.lists

    def fetch(self, url: str, body: bytes | None = None) -> bytes:
        host = _host(url)
        if host not in self.hosts:
            raise StatusUnavailable(
                f"Expected an authority that may be asked here, but {host or url[:80]!r} is not"
                " among SARABAN_STATUS_HOSTS. Add it there if it is to be trusted."
            )
        headers = {"Content-Type": _REQUEST} if body else {}
        asked = urllib.request.Request(url, body, headers)  # noqa: S310 - http and https, see _host
        try:
            with _OPENER.open(asked, timeout=self.timeout) as answer:
                return self._read(answer, host)
        except (urllib.error.URLError, OSError, http.client.HTTPException, ValueError) as error:
            raise StatusUnavailable(f"Expected an answer from {host}, but: {error}") from error

    def _read(self, answer: http.client.HTTPResponse, host: str) -> bytes:
        ends = time.monotonic() + self.timeout
        read = bytearray()
        while chunk := answer.read1(_CHUNK):
            read += chunk
            if len(read) > self.max_bytes:
                raise StatusUnavailable(
                    f"Expected at most {self.max_bytes // 2**20} MB from {host}, but it sends more."
                )
            if time.monotonic() > ends:
                raise TimeoutError("the answer is too slow")
        return bytes(read)


def _host(url: str) -> str | None:
    """The host of a web address, with the port where it is not the usual one."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        port = parts.port
    except ValueError:
        return None
    return parts.hostname if port is None else f"{parts.hostname}:{port}"
