"""While an update rolls through the web parts, the version before runs on the newest tables: each
migration adds what that version need not know, and takes nothing that it names (expand, and only a
version later contract).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from support import postgres

from api import migrations
from engine.db import make_engine

#: Migrations that the version before cannot run on, or that only seem so, and why they may stand.
ALLOWED = {
    "0006": "answers are packed: before the first release, and none is kept beyond a week",
    "0018": "a key that had one more column: the version before wrote no pair that it refuses",
    "0035": "keys with one column less: it was the same in every row that shared the others",
}

_COLUMNS = sa.text(
    "SELECT table_name, column_name, data_type, is_nullable = 'YES' AS optional,"
    " column_default IS NOT NULL OR is_identity = 'YES' AS filled"
    " FROM information_schema.columns WHERE table_schema = 'public'"
)
#: primary keys, unique, checks and references; `convalidated` or not, each binds new rows
_RULES = sa.text(
    "SELECT conrelid::regclass::text AS table_name, pg_get_constraintdef(oid) AS rule"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " AND contype IN ('c', 'f', 'p', 'u', 'x')"
    " UNION SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
    " JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE indisunique AND relnamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
)


@dataclass(frozen=True, slots=True)
class Column:
    data_type: str
    optional: bool
    filled: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """All that a statement of the version before can run into."""

    columns: dict[tuple[str, str], Column]
    rules: dict[str, set[str]]

    @classmethod
    def of(cls, db: Connection) -> Shape:
        columns = {(c.table_name, c.column_name): Column(*c[2:]) for c in db.execute(_COLUMNS)}
        rules: dict[str, set[str]] = {}
        for row in db.execute(_RULES):
            rules.setdefault(row.table_name, set()).add(row.rule)
        return cls(columns, rules)

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.columns} - {"alembic_version"}


def _breaks(old: Shape, new: Shape) -> Iterator[str]:
    """What of the old version's reading and writing the new tables do not take."""
    yield from (f"{table} is gone" for table in sorted(old.tables - new.tables))
    known = old.tables & new.tables
    for (table, name), was in sorted(old.columns.items()):
        now = new.columns.get((table, name))
        if table not in known:
            continue
        if now is None:
            yield f"{table}.{name} is gone"
        elif now.data_type != was.data_type:
            yield f"{table}.{name} is {now.data_type}, and was {was.data_type}"
        elif was.optional and not now.optional and not now.filled:
            yield f"{table}.{name} must be written now"
    for table, name in sorted(new.columns.keys() - old.columns.keys()):
        added = new.columns[table, name]
        if table in known and not (added.optional or added.filled):
            yield f"{table}.{name} is new, and must be written"
    for table in sorted(known):
        for rule in sorted(new.rules.get(table, set()) - old.rules.get(table, set())):
            if not _names_a_new_one(rule, table, old, new):
                yield f"{table} has a new rule: {rule}"


def _names_a_new_one(rule: str, table: str, old: Shape, new: Shape) -> bool:
    """Whether a column that the old version leaves NULL stands in it: then it is not broken."""
    added = [column for column in new.columns.keys() - old.columns.keys() if column[0] == table]
    return any(
        new.columns[column].optional and re.search(rf"\b{column[1]}\b", rule) for column in added
    )


@pytest.fixture
def empty(postgres_server: postgres.Server) -> Iterator[Engine]:
    url = postgres_server.create()
    made = make_engine(url)
    yield made
    made.dispose()
    postgres_server.drop(url)


@pytest.fixture
def shapes(empty: Engine) -> dict[str, Shape]:
    """The tables after each migration, by its number, in order."""
    script = ScriptDirectory.from_config(migrations.config(empty))
    found = {}
    for revision in [one.revision for one in script.walk_revisions()][::-1]:
        migrations.upgrade(empty, revision)
        with empty.connect() as db:
            found[revision] = Shape.of(db)
    return found


def test_each_version_runs_on_the_tables_of_the_next(shapes: dict[str, Shape]) -> None:
    found = {
        revision: broken
        for (_, before), (revision, now) in pairwise(shapes.items())
        if (broken := list(_breaks(before, now)))
    }
    assert {revision: why for revision, why in found.items() if revision not in ALLOWED} == {}
    assert ALLOWED.keys() <= found.keys(), "allowed, and no longer needed"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP TABLE calendar_day", "calendar_day is gone"),
        ("ALTER TABLE calendar_day DROP COLUMN name", "calendar_day.name is gone"),
        ("ALTER TABLE calendar_day RENAME COLUMN name TO label", "calendar_day.name is gone"),
        (
            "ALTER TABLE calendar_day ADD COLUMN more text NOT NULL",
            "calendar_day.more is new, and must",
        ),
        ("ALTER TABLE calendar_day ALTER COLUMN name TYPE bytea USING NULL", "is bytea, and was"),
        ("ALTER TABLE calendar_day ADD CHECK (name <> 'x')", "calendar_day has a new rule"),
        ("CREATE UNIQUE INDEX ON calendar_day (name)", "calendar_day has a new rule"),
        (
            "ALTER TABLE job ALTER COLUMN last_error SET NOT NULL",
            "job.last_error must be written now",
        ),
    ],
)
def test_what_breaks_is_told(postgres_engine: Engine, statement: str, told: str) -> None:
    with postgres_engine.begin() as db:
        old = Shape.of(db)
        db.exec_driver_sql(statement)
        assert [told in what for what in _breaks(old, Shape.of(db))].count(True) >= 1


def test_what_is_only_added_breaks_nothing(postgres_engine: Engine) -> None:
    with postgres_engine.begin() as db:
        old = Shape.of(db)
        db.exec_driver_sql("CREATE TABLE later (id int PRIMARY KEY)")
        db.exec_driver_sql(
            "ALTER TABLE calendar_day ADD COLUMN more text UNIQUE, ADD n int DEFAULT 1"
        )
        db.exec_driver_sql("ALTER TABLE calendar_day ALTER COLUMN name DROP NOT NULL")
        assert list(_breaks(old, Shape.of(db))) == []
