"""Copies of a case, true to the last byte: the rows of one real case with other names and ids.

A copy's history is chained anew and its state bound to the new instance, so that it can be worked
on, and `saraban audit verify` finds nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from engine import jsonio
from engine.models.history import HASHED, whole

#: Tables of a case, parents first, and the column that names its instance.
TABLES = {
    "process_instance": "root_id",
    "task": "root_id",
    "task_candidate": "root_id",
    "history_event": "root_id",
    "timer": "root_id",
}
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
_STATE_HEAD = 5

Parts = list[str | int]
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """One case with holes where ids and names were. `fills` are the holes, in order of number."""

    fills: Sequence[str]
    tables: Mapping[str, Parts]
    events: Sequence[Parts]
    agency: UUID
    instance: str
    #: CRC is over this body
    state: bytes | None
    sha256: str

    def copy(self, names: Names) -> tuple[dict[str, str], dict[str, str]]:
        """The rows of a new case, as COPY reads them, and the new ids by the old ones.

        `names` says what stands in place of a name of the case.
        """
        ids = {old: names.get(old) or new_id() for old in self.fills}
        filled = [ids[old] for old in self.fills]
        instance = UUID(ids[self.instance])
        hash_ = hashlib.sha256(self.agency.bytes + instance.bytes).digest()
        for event in self.events:
            hash_ = hashlib.sha256(hash_ + _joined(event, filled).encode()).digest()
            filled.append(hash_.hex())
        filled.append(self._crc(str(instance)))
        return {table: _joined(parts, filled) for table, parts in self.tables.items()}, ids

    def _crc(self, instance_id: str) -> str:
        if self.state is None:
            return ""
        bound = zlib.crc32(f"{instance_id}|{self.sha256}".encode())
        return f"{zlib.crc32(self.state, bound):08x}"


def new_id() -> str:
    """A UUID of version 7 as text; `engine.ids` makes the same, a little slower."""
    at, tail = time.time_ns() // 1_000_000, os.urandom(10).hex()
    head = f"{at:012x}"
    return f"{head[:8]}-{head[8:]}-7{tail[:3]}-a{tail[3:6]}-{tail[6:18]}"


def _joined(parts: Parts, filled: Sequence[str]) -> str:
    return "".join([filled[part] if isinstance(part, int) else part for part in parts])


def take(database: Engine, agency: UUID, instance_id: UUID, sha256: str, names: Names) -> Stamp:
    """The stamp of a case that was really run. `names`: those in it that copies change."""
    raw = database.raw_connection()
    try:
        rows = {table: _rows(raw, table, column, instance_id) for table, column in TABLES.items()}
        state = _value(raw, "SELECT state FROM process_instance WHERE id = %s", instance_id)
        events = _events(raw, instance_id)
    finally:
        raw.close()
    own = {i for text in rows.values() for i in re.findall(_ID, text) if _is_own(i, rows)}
    fills = [*sorted(own), *names]
    holes = {old: number for number, old in enumerate(fills)}
    for number, event in enumerate(events):
        holes[event.pop("hash").hex()] = len(fills) + number
    if state is not None:
        text, head = rows["process_instance"], state[:_STATE_HEAD].hex()
        assert text.count(head) == 1
        rows["process_instance"] = text.replace(head, f"{head[:2]}@crc@")
        holes["@crc@"] = len(fills) + len(events)
    cut = _cutter(holes)
    return Stamp(
        fills,
        {table: cut(text) for table, text in rows.items()},
        [cut(jsonio.canonical([event[name] for name in HASHED]).decode()) for event in events],
        agency,
        str(instance_id),
        state and bytes(state[_STATE_HEAD:]),
        sha256,
    )


def _is_own(id_: str, rows: Mapping[str, str]) -> bool:
    """Ids of rows of the case; definitions and people stay who they are."""
    tables = ("process_instance", "task", "timer")
    return any(re.search(rf"^{id_}\t", rows[table], re.M) for table in tables)


def _cutter(holes: Mapping[str, int]) -> Callable[[str], Parts]:
    pattern = re.compile(f"({'|'.join(map(re.escape, holes))})")
    return lambda text: [holes.get(part, part) for part in pattern.split(text)]


def _rows(raw: Any, table: str, column: str, instance_id: UUID) -> str:
    query = f"COPY (SELECT * FROM {table} WHERE {column} = '{instance_id}') TO STDOUT"
    with raw.cursor() as cursor, cursor.copy(query) as copied:
        return b"".join(bytes(block) for block in copied).decode()


def _value(raw: Any, query: str, *given: Any) -> Any:
    with raw.cursor() as cursor:
        return cursor.execute(query, given).fetchone()[0]


def _events(raw: Any, instance_id: UUID) -> list[dict[str, Any]]:
    names = [*HASHED, "hash", "root_id"]
    with raw.cursor() as cursor:
        query = f"SELECT {', '.join(names)} FROM history_event WHERE root_id = %s ORDER BY seq"
        found = cursor.execute(query, [instance_id])
        return [whole(dict(zip(names, row, strict=True))) for row in found]
