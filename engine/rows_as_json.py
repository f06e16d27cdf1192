"""Rows of a table as one JSON array, the way PostgreSQL reads and writes them.

Many rows of many columns are one value then: nothing to parse anew in the driver or the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

Row = Mapping[str, Any]


def to_json(table: sa.Table, dialect: Dialect, rows: Sequence[Row]) -> str:
    """For json_populate_recordset; what a row leaves out is null."""
    decorated = _decorated(table)
    shaped = [
        {
            name: _plain(value, decorated.get(name), dialect)
            for name, value in row.items()
            if value is not None
        }
        for row in rows
    ]
    return msgspec.json.encode(shaped).decode()


def _plain(value: Any, type_: sa.types.TypeDecorator[Any] | None, dialect: Dialect) -> Any:
    if type_ is not None:
        value = type_.process_bind_param(value, dialect)
    return "\\x" + value.hex() if isinstance(value, bytes) else value


def from_json(table: sa.Table, dialect: Dialect, text: str | None) -> list[dict[str, Any]]:
    """The rows of json_agg, which is null where there are none. Numbers are whole."""
    readers = _readers(table, dialect)
    rows: list[dict[str, Any]] = [] if text is None else msgspec.json.decode(text)
    for row in rows:
        for name, read in readers.items():
            if row[name] is not None:
                row[name] = read(row[name])
    return rows


@lru_cache
def _decorated(table: sa.Table) -> Mapping[str, sa.types.TypeDecorator[Any]]:
    """Columns whose values are shaped on the way to the database."""
    return {
        column.name: column.type
        for column in table.columns
        if isinstance(column.type, sa.types.TypeDecorator)
    }


@lru_cache
def _readers(table: sa.Table, dialect: Dialect) -> Mapping[str, Callable[[Any], Any]]:
    """What makes of JSON what the column's value is; the other columns have it already."""
    found = {column.name: _reader(column.type, dialect) for column in table.columns}
    return {name: read for name, read in found.items() if read is not None}


def _reader(type_: sa.types.TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(type_, sa.types.TypeDecorator):
        inner, outer = _reader(type_.impl_instance, dialect), type_.process_result_value
        return lambda value: outer(value if inner is None else inner(value), dialect)
    match type_:
        case sa.Uuid():
            return UUID
        case sa.DateTime():
            return lambda text: datetime.fromisoformat(text).astimezone(UTC)
        case sa.LargeBinary():
            return lambda text: bytes.fromhex(text[2:])
        case _:
            return None
