"""Identifiers: UUID version 7 (RFC 9562, section 5.7), so that indexes grow at one end."""

from __future__ import annotations

import os
import time
from uuid import UUID

from engine.errors import NotFound

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_NS = 1_000_000


def new_id() -> UUID:
    """Later ones are larger, to a quarter of a microsecond: the twelve bits behind the milliseconds
    are a fraction of them (section 6.2, method 3), because lists come in the order of ids.
    """
    milliseconds, rest = divmod(time.time_ns(), _NS)
    fraction = (rest << 12) // _NS
    tail = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (fraction << 64) | _VARIANT | tail)


def parse_id(text: str, noun: str = "thing") -> UUID:
    """The id behind `text`; a text that is no id is a thing that does not exist."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise NotFound(f"Expected the id of a {noun}, but found none with {text!r:.80}.") from None
