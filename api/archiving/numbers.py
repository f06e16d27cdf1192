"""Numbers of a list as people write them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from engine.commands import checks

_ONE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_BETWEEN = re.compile(r"[\s,]|และ")
#: Nobody's list is longer than what these digits can say.
_DIGITS = 6


def numbers_in(text: Any, known: Collection[int], field: str) -> frozenset[int]:
    """The numbers that a text names: "3, ๗ และ 12-10"; none where it is empty. Invalid (unreadable,
    unknown_number) where anything else stands in it, or a number that is not `known`.
    """
    written = str(text or "")
    if _BETWEEN.sub("", _ONE.sub("", written)) or re.search(rf"\d{{{_DIGITS}}}", written):
        message = f"Expected numbers such as 3, 7 or 10-12, but got {written!r:.200}."
        raise checks.refused(field, "unreadable_numbers", message)
    found: set[int] = set()
    for first, last in _ONE.findall(written):
        low, high = sorted((int(first), int(last or first)))
        found |= set(range(low, high + 1))
    if unknown := sorted(found - set(known)):
        message = f"Expected numbers of the list, but it has no {', '.join(map(str, unknown[:9]))}."
        raise checks.refused(field, "unknown_number", message)
    return frozenset(found)
