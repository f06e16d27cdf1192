"""A timestamp authority at an address: asked over HTTP, within limits of time and size."""

from __future__ import annotations

import http.client
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from signing.errors import TimestampRefused, TimestampUnavailable
from signing.timestamp.tokens import checked_token, request_for

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class HttpTimestamps:
    """An authority at `url`; the whole exchange may take `timeout` seconds."""

    url: str
    timeout: float = 5.0
    max_bytes: int = 64 * 1024

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"Expected an http or https address, but it is {self.url!r}.")

    def stamp(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        return checked_token(self._ask(request_for(digest, nonce)), digest, nonce)

    def _ask(self, request: bytes) -> bytes:
        asked = urllib.request.Request(  # noqa: S310 - http and https only, see __post_init__
            self.url, request, {"Content-Type": QUERY, "Accept": REPLY}
        )
        try:
            with urllib.request.urlopen(asked, timeout=self.timeout) as answer:  # noqa: S310 - same
                return self._read(answer)
        except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
            raise TimestampUnavailable(
                f"Expected an answer from the timestamp authority, but: {error}"
            ) from error

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """The answer, within the cap and the time: a slow drip is no answer."""
        ends = time.monotonic() + self.timeout
        read = bytearray()
        while chunk := answer.read1(_CHUNK):
            read += chunk
            if len(read) > self.max_bytes:
                raise TimestampRefused("Expected a timestamp, but the answer is too large.")
            if time.monotonic() > ends:
                raise TimeoutError("the answer is too slow")
        return bytes(read)
