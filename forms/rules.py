"""Reads the rules of a definition: each gives its value, or ValueError with what was expected."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import re2

LONGEST_PATTERN = 500
LONGEST = 1_000_000


def truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")


def count(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST:
        return value
    raise ValueError(f"a whole number of at most {LONGEST:,}")


def number(value: Any) -> Decimal | int:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise ValueError("a number, or FEEL after =")


def looks(value: Any) -> str | None:
    if isinstance(value, str) and value in {"email", "phone", "custom"}:
        return None if value == "custom" else value
    raise ValueError("email, phone or custom")


def regex(value: Any) -> Any:
    """A compiled pattern. RE2 runs in linear time: no pattern can hang the server."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    if not isinstance(value, str) or len(value) > LONGEST_PATTERN:
        raise ValueError(f"a pattern of at most {LONGEST_PATTERN} characters")
    try:
        return re2.compile(value, options)
    except re2.error:
        raise ValueError("an RE2 pattern (no look-around, no back-references)") from None
