"""What a table would do, in one hash: what was shown and confirmed is what is carried out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Protocol

from engine import jsonio


class Planned(Protocol):
    """What becomes of one row."""

    @property
    def number(self) -> int: ...

    @property
    def code(self) -> str: ...

    @property
    def verb(self) -> str: ...

    @property
    def changes(self) -> Mapping[str, tuple[str, str]]: ...


def plan_of(table: str, lines: Iterable[Planned]) -> str:
    """SHA-256 in hex of all that is added and changed, in the order of the rows."""
    found = hashlib.sha256(table.encode())
    for line in sorted(lines, key=lambda line: line.number):
        if line.verb != "leave":
            told = [line.number, line.code, line.verb, sorted(line.changes.items())]
            found.update(jsonio.canonical(told))
    return found.hexdigest()
