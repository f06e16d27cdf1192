"""How a database carries a statement out: its plan in words, and how many rows it reads for it.

Which of several indexes PostgreSQL takes hangs on what its tables and indexes have grown to, so on
whatever ran before. How many rows it reads does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from engine.db import reading


def described(database: Engine, statement: sa.Select[Any], **given: Any) -> str:
    """SQLite's plan in its own words."""
    return "\n".join(
        str(row[-1]) for row in _asked("EXPLAIN QUERY PLAN", database, statement, given)
    )


def rows_read(database: Engine, statement: sa.Select[Any], **given: Any) -> int:
    """PostgreSQL carries it out and counts: what is passed on and what is thrown away, everywhere
    that a table, an index or an earlier part of the statement is read.
    """
    ((found,),) = _asked("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)", database, statement, given)
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return round(sum(_read_at(node) for node in _nodes(plan) if "Scan" in node["Node Type"]))


def _read_at(node: dict[str, Any]) -> float:
    thrown = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    rows = node["Actual Rows"] + sum(node.get(name, 0) for name in thrown)
    return float(rows * node["Actual Loops"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _asked(
    verb: str, database: Engine, statement: sa.Select[Any], given: dict[str, Any]
) -> list[Any]:
    """What the statement's explanation says, with the values that the statement has."""
    answers: list[list[Any]] = []

    def explain(conn, cursor, statement, parameters, context, many):  # type: ignore[no-untyped-def]
        asked = conn.connection.cursor()
        asked.execute(f"{verb} {statement}", parameters)
        answers.append(asked.fetchall())
        asked.close()

    sa.event.listen(database, "before_cursor_execute", explain)
    try:
        with reading(database) as db:
            db.execute(statement, given).all()
    finally:
        sa.event.remove(database, "before_cursor_execute", explain)
    return answers[-1]
