"""Changes of several tables carried out as one statement, where the database can.

PostgreSQL takes data-modifying WITH clauses, so that what belongs together costs one trip; SQLite,
which sits in this process, is given the statements one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

Change = sa.Insert | sa.Update | sa.Delete


class Joint:
    """Single-row changes that do not read what the others write, each of another table.

    Their binds share one namespace: a name means the same in all of them, and none is a column's.
    PostgreSQL checks foreign keys at the end of the whole.
    """

    def __init__(self, *changes: Change) -> None:
        *before, last = changes
        self._before = [(change, _binds(change)) for change in before]
        self._last = (last, _binds(last))
        self._one = last.add_cte(*(c.cte(f"change_{n}") for n, c in enumerate(before)))

    def execute(self, db: Connection, binds: Mapping[str, Any]) -> sa.CursorResult[Any]:
        """Carry out all; the result is the last one's."""
        if db.dialect.name == "postgresql":
            return db.execute(self._one, binds)
        for change in self._before:
            _execute(db, change, binds)
        return _execute(db, self._last, binds)


def _execute(
    db: Connection, change: tuple[Change, frozenset[str]], binds: Mapping[str, Any]
) -> sa.CursorResult[Any]:
    statement, names = change
    return db.execute(statement, {name: binds[name] for name in names})


def _binds(change: Change) -> frozenset[str]:
    """The names that the caller has to give; literals bring their own values."""
    compiled = change.compile()
    return frozenset(name for name, bind in compiled.binds.items() if bind.required)


def rows_of(table: sa.Table, count: int) -> sa.Insert:
    """An INSERT of `count` rows of `table` whose binds are named by `named`.

    Selected, not `values`: SQLAlchemy compiles an INSERT of many values anew each time.
    """
    rows = [
        sa.select(*(sa.bindparam(_bind(table, c.name, n), type_=c.type) for c in table.c))
        for n in range(count)
    ]
    return table.insert().from_select(list(table.c), sa.union_all(*rows), include_defaults=False)


def named(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The binds of `rows_of` for these rows, which have every column of the table."""
    return {
        _bind(table, name, n): value for n, row in enumerate(rows) for name, value in row.items()
    }


def _bind(table: sa.Table, column: str, n: int) -> str:
    return f"{table.name}_{n}_{column}"
