"""RFC 3161 timestamps: the port, a client over HTTP, an authority in this process and its server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Timestamps(Protocol):
    """Something that says when a digest existed."""

    def stamp(self, digest: bytes) -> bytes:
        """A timestamp token (DER) over this SHA-256 digest.

        Raises `TimestampUnavailable` when nobody answers, `TimestampRefused` when the answer is
        not a valid token for this digest and nonce.
        """


@dataclass(frozen=True, slots=True)
class HttpTimestamps:
    """An authority at `url`."""

    url: str
    timeout: float = 5.0
    max_bytes: int = 64 * 1024

    def stamp(self, digest: bytes) -> bytes:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LocalTimestamps:
    """An authority in this process; `key` is PKCS#8 DER, `certificate` and `chain` are DER."""

    key: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    clock: Callable[[], datetime]

    def stamp(self, digest: bytes) -> bytes:
        raise NotImplementedError

    def answer(self, request: bytes) -> bytes:
        """The TimeStampResp (DER) to a TimeStampReq (DER); bad requests get a rejection."""
        raise NotImplementedError


def tsa_app(authority: LocalTimestamps) -> Callable[..., Iterable[bytes]]:
    """A WSGI application that answers RFC 3161 requests by POST (and GET `/healthz`)."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise NotImplementedError

    return app
