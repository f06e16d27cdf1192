"""RFC 3161 timestamps: the port, a client over HTTP, an authority here, and its server."""

from __future__ import annotations

from signing.timestamp.client import HttpTimestamps
from signing.timestamp.local import LocalTimestamps
from signing.timestamp.server import tsa_app
from signing.timestamp.tokens import Timestamps, token_time

__all__ = ["HttpTimestamps", "LocalTimestamps", "Timestamps", "token_time", "tsa_app"]
