"""What authorities say of the certificates that they issued: the port."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Statuses(Protocol):
    """Where revocation lists, OCSP answers and missing issuers come from."""

    def known(self) -> Sequence[bytes]:
        """Revocation lists (DER) that are at hand: nothing is asked for them."""

    def fetch(self, url: str, body: bytes | None = None) -> bytes:
        """What stands at `url`; with `body`, what it answers to this OCSP request.

        Raises `StatusUnavailable`: an address that is not allowed, silence, too much, too slow.
        """
