"""api.backup.rows: every column of every table has a kind, and values come back as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from api import migrations
from api.backup.making import snapshot
from api.backup.rows import CHUNK, KINDS, Column, Lines, columns_of, kind_of, read_rows
from engine.db import Json, UtcDateTime, begin_write, reading

EVERY_KIND = sa.Table(
    "every_kind",
    sa.MetaData(),
    sa.Column("uuid", sa.Uuid, primary_key=True),
    sa.Column("time", UtcDateTime),
    sa.Column("date", sa.Date),
    sa.Column("bool", sa.Boolean),
    sa.Column("int", sa.BigInteger),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("text", sa.String(100)),
)
FULL: dict[str, Any] = {
    "uuid": UUID(int=1),
    "time": datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC),
    "date": date(2026, 11, 23),
    "bool": True,
    "int": 2**62,
    "bytes": bytes(range(256)),
    "text": 'ที่ "๑"\n\\ \u2028 \U0001f600',
}
BARE: dict[str, Any] = dict.fromkeys(FULL) | {"uuid": UUID(int=2)}


def test_every_column_of_the_models_has_a_kind() -> None:
    for table in migrations.all_tables().sorted_tables:
        given = [column.name for column in table.columns if column.computed is None]
        assert [column.name for column in columns_of(table)] == given != []
        assert len(table.primary_key.columns) > 0  # rows are read in its order


def test_a_column_of_no_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="Expected a column that backups know"):
        kind_of(sa.Column("price", sa.Float))


def test_values_come_back_as_they_were(db_engine: Engine) -> None:
    EVERY_KIND.create(db_engine)
    _insert(db_engine, sa.insert(EVERY_KIND), [BARE, FULL])
    with snapshot(db_engine) as db:
        ((chunk, count),) = read_rows(db, EVERY_KIND)
    columns = columns_of(EVERY_KIND)
    assert set(columns) == {Column(name, name) for name in KINDS}
    lines = Lines("every_kind", columns)
    rows = list(lines.rows(chunk))
    assert (count, rows) == (2, [FULL, BARE])
    _insert(db_engine, sa.delete(EVERY_KIND), None)
    _insert(db_engine, lines.insert, rows)
    with reading(db_engine) as db:
        again = db.execute(sa.select(EVERY_KIND).order_by(EVERY_KIND.c.uuid)).mappings().all()
    assert [dict(row) for row in again] == [FULL, BARE]
    EVERY_KIND.drop(db_engine)


def test_json_is_copied_as_it_stands(sqlite_engine: Engine) -> None:
    """Its hash is in the history: not a blank may change."""
    table = sa.Table("written", sa.MetaData(), sa.Column("data", Json, primary_key=True))
    table.create(sqlite_engine)
    text = '{"b": 1.50, "a":1e3}'
    _insert(sqlite_engine, sa.text("INSERT INTO written VALUES (:text)"), {"text": text})
    with reading(sqlite_engine) as db:
        ((chunk, _),) = read_rows(db, table)
    (row,) = Lines("written", columns_of(table)).rows(chunk)
    assert row == {"data": text}


def test_a_long_table_comes_in_chunks(sqlite_engine: Engine) -> None:
    table = sa.Table("long", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True),
                     sa.Column("text", sa.Text))  # fmt: skip
    table.create(sqlite_engine)
    rows = [{"id": n, "text": "x" * (CHUNK // 4)} for n in range(10)]
    _insert(sqlite_engine, sa.insert(table), rows)
    with reading(sqlite_engine) as db:
        chunks = list(read_rows(db, table))
    assert [count for _, count in chunks] == [4, 4, 2]
    lines = Lines("long", columns_of(table))
    assert [row for chunk, _ in chunks for row in lines.rows(chunk)] == rows


def _insert(database: Engine, statement: Any, rows: Any) -> None:
    with begin_write(database) as db:
        db.execute(statement, rows)
        db.commit()
