"""Changes held back until something is asked of the database, so that neighbours travel together.

A turn writes the task that ended, the one that opened, its candidates, the history, the root and
the command's answer: six tables, and on PostgreSQL, which takes data-modifying WITH clauses, one
trip. Whatever else is carried out in the same transaction sends them first, so nobody reads the
past. SQLite sits in this process and is given each change at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Engine
from sqlalchemy.sql import visitors

from engine.rows_as_json import Row, to_json

Change = sa.Insert | sa.Update | sa.Delete
Binds = Mapping[str, Any]

_APART = "saraban_apart"
#: Execution options of a statement that reads no table which a turn writes: it may go ahead.
APART: Mapping[str, Any] = MappingProxyType({_APART: True})
#: Where a connection keeps what it holds back; absent: nothing is held back on it.
_HELD = "saraban_held_back"


@dataclass(frozen=True, slots=True)
class _Held:
    change: Change
    binds: Binds
    touches: int | None


def watch(engine: Engine) -> None:
    """Send what is held back before anything else is carried out on the same connection."""

    @event.listens_for(engine, "before_execute")
    def _before(
        connection: Connection, _statement: Any, _many: Any, _binds: Any, options: Mapping[str, Any]
    ) -> None:
        if connection.info.get(_HELD) and not options.get(_APART):
            send(connection)


def hold_back(connection: Connection) -> None:
    """From now on, `later` means later on this connection: it is in a transaction."""
    connection.info[_HELD] = []


def forget(connection: Connection) -> None:
    """The transaction is over, and with it what was not sent."""
    if not (connection.closed or connection.invalidated):
        connection.info.pop(_HELD, None)


def later(connection: Connection, change: Change, binds: Binds, touches: int | None = None) -> None:
    """Carry out `change`, at the latest when something else is asked of the database.

    `change` is a constant of its module: combinations are remembered by it. It reads no table that
    another change may be writing. `touches` is the number of rows that it must find.
    """
    held: list[_Held] | None = connection.info.get(_HELD)
    if held is None:
        _carry_out(connection, change, binds, touches)
        return
    if not all(_independent(before, change, touches) for before in held):
        send(connection)
        held = connection.info[_HELD]
    held.append(_Held(change, binds, touches))


def add_later(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """`later` for new rows of a table, each with all its columns."""
    if not rows:
        return
    if connection.info.get(_HELD) is None:
        connection.execute(table.insert(), rows)
        return
    later(connection, _insert(table), {"rows": to_json(table, connection.dialect, rows)})


def send(connection: Connection) -> None:
    """Carry out what is held back, now."""
    held: list[_Held] = connection.info.get(_HELD) or []
    if not held:
        return
    connection.info[_HELD] = []  # the statement itself comes by `watch`
    # Of several in one statement, the driver counts the rows of the last.
    held.sort(key=lambda each: each.touches is not None)
    binds = {
        _own(name, n): value for n, each in enumerate(held) for name, value in each.binds.items()
    }
    statement = _together(tuple(each.change for each in held))
    _carry_out(connection, statement, binds, held[-1].touches)


def _carry_out(connection: Connection, change: Change, binds: Binds, touches: int | None) -> None:
    touched = connection.execute(change, binds).rowcount
    if touches not in (None, touched):
        raise AssertionError(f"Expected {change.table} to have {touches} such rows, not {touched}.")


def _independent(before: _Held, change: Change, touches: int | None) -> bool:
    """Whether both can be one statement, in which neither sees the other's rows.

    A new row touches none that is there, but takes the place of one that goes.
    """
    if before.touches is not None and touches is not None:
        return False
    if before.change.table is not change.table:
        return True
    return isinstance(change, sa.Insert) and not isinstance(before.change, sa.Delete)


@lru_cache(maxsize=256)
def _together(changes: tuple[Change, ...]) -> Change:
    """One statement of all. PostgreSQL checks foreign keys at the end of the whole."""
    *before, last = (_with_own_binds(change, n) for n, change in enumerate(changes))
    return last.add_cte(*(change.cte(f"change_{n}") for n, change in enumerate(before)))


def _with_own_binds(change: Change, n: int) -> Change:
    def rename(bind: sa.BindParameter[Any]) -> None:
        if bind.required:
            bind.key = bind._orig_key = _own(bind.key, n)  # noqa: SLF001 - the name that values come by

    return visitors.cloned_traverse(change, {}, {"bindparam": rename})


def _own(name: str, n: int) -> str:
    return f"{name}_{n}"


def written(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns that rows are written with: what the database computes itself is left out."""
    return [column for column in table.columns if column.computed is None]


@lru_cache
def _insert(table: sa.Table) -> sa.Insert:
    """INSERT of any number of rows, which come as one JSON array: one text to prepare, one value
    to send. With a value for each column, neither the driver nor the server would know the
    statement of the turn before again.
    """
    names = [column.name for column in written(table)]
    rows = sa.cast(sa.bindparam("rows", type_=sa.Text), postgresql.JSON)
    # quoted: "position" is a word of the language's own
    shape: sa.ColumnClause[Any] = sa.literal_column(f'NULL::"{table.name}"')
    # Bare names: the driver remembers how to read statements of up to 4,096 characters only, and a
    # turn that tells people would be longer with each column said in full.
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    read = sa.select(*columns).select_from(sa.func.json_populate_recordset(shape, rows).alias("r"))
    return table.insert().from_select(names, read, include_defaults=False)
