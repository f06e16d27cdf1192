"""Columns that tables share, and indexes over the rows that still matter."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.db import UtcDateTime
from engine.ids import new_id

#: a row of whatever columns
AnyRow = sa.Row[*tuple[Any, ...]]


def own_id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid, primary_key=True, default=new_id)


def agency() -> sa.Column[Any]:
    """The tenant: every query names it, so another agency's row looks as if it were not there."""
    return sa.Column("agency_id", sa.Uuid, nullable=False)


def moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime, nullable=optional)


def refers(name: str, target: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, sa.ForeignKey(target), nullable=optional)


def literally(column: sa.Column[Any], *words: str) -> sa.ColumnElement[bool]:
    """The column is one of the words, with these in the text of the statement.

    A planner that does not see them cannot prove that a partial index applies.
    """
    texts: list[sa.ColumnElement[Any]] = [sa.literal_column(f"'{word}'") for word in words]
    return column == texts[0] if len(texts) == 1 else column.in_(texts)


def index_where(name: str, condition: str, *columns: str, unique: bool = False) -> sa.Index:
    """A partial index, alike on both databases: ended rows, soon the most, are not in it."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=unique, postgresql_where=where, sqlite_where=where)
