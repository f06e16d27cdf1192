"""Identifiers: UUID version 7 (RFC 9562, section 5.7), so that indexes grow at one end."""

from __future__ import annotations

import os
import time
from uuid import UUID

from engine.errors import NotFound

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RAND_MASK = ~((0xF << 76) | (0b11 << 62)) & ((1 << 80) - 1)


def new_id() -> UUID:
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big") & _RAND_MASK
    return UUID(int=(milliseconds << 80) | tail | _VERSION_7 | _VARIANT)


def parse_id(text: str, noun: str = "thing") -> UUID:
    """The id behind `text`; a text that is no id is a thing that does not exist."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise NotFound(f"Expected the id of a {noun}, but found none with {text!r:.80}.") from None
