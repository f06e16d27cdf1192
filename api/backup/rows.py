"""Rows as lines of JSON: each column has a kind that both databases, and a later version, know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db import UtcDateTime
from engine.joint import written

#: Bytes of lines in one member, before compression: what is in memory at a time.
CHUNK = 4 << 20
#: Rows fetched at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of a column are written, and what column takes them again."""

    python: Any
    column: sa.types.TypeEngine[Any]


KINDS: Mapping[str, Kind] = {
    "uuid": Kind(UUID, sa.Uuid()),
    "time": Kind(datetime, UtcDateTime()),
    "date": Kind(date, sa.Date()),
    "bool": Kind(bool, sa.Boolean()),
    "int": Kind(int, sa.BigInteger()),
    "bytes": Kind(bytes, sa.LargeBinary()),
    "text": Kind(str, sa.Text()),
}
_KIND_OF: Sequence[tuple[type[sa.types.TypeEngine[Any]], str]] = (
    (UtcDateTime, "time"),
    (sa.Uuid, "uuid"),
    (sa.Date, "date"),
    (sa.Boolean, "bool"),
    (sa.Integer, "int"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str


def columns_of(table: sa.Table) -> tuple[Column, ...]:
    return tuple(Column(str(column.name), kind_of(column)) for column in written(table))


def kind_of(column: sa.Column[Any]) -> str:
    """JSON in a column is text here: it is copied as it stands, never parsed and written anew."""
    given = column.type
    if isinstance(given, sa.types.TypeDecorator) and not isinstance(given, UtcDateTime):
        given = given.impl_instance
    for known, kind in _KIND_OF:
        if isinstance(given, known):
            return kind
    raise TypeError(f"Expected a column that backups know, but {column} is {given!r}.")


def read_rows(db: Connection, table: sa.Table) -> Iterator[tuple[bytes, int]]:
    """The table in chunks of lines, with the number of rows in each."""
    chunk, count = bytearray(), 0
    rows = db.execution_options(yield_per=BATCH).execute(_everything(table))
    for row in rows:
        chunk += msgspec.json.encode(tuple(row)) + b"\n"
        count += 1
        if len(chunk) >= CHUNK:
            yield bytes(chunk), count
            chunk, count = bytearray(), 0
    if count:
        yield bytes(chunk), count


def _everything(table: sa.Table) -> sa.Select[Any]:
    raw = [
        sa.type_coerce(column, KINDS[kind_of(column)].column).label(column.name)
        for column in written(table)
    ]
    return sa.select(*raw).order_by(*table.primary_key.columns)


class Lines:
    """Reads the lines of one table, and knows the statement that takes their rows."""

    def __init__(self, table: str, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        kinds = tuple(KINDS[column.kind].python | None for column in columns)
        self._decoder = msgspec.json.Decoder(tuple[kinds])  # type: ignore[valid-type] # made at run time
        self.insert = sa.insert(
            sa.table(table, *(sa.column(one.name, KINDS[one.kind].column) for one in columns))
        )

    def rows(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        for line in chunk.splitlines():
            yield dict(zip(self._names, self._decoder.decode(line), strict=True))
