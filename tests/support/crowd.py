"""A house full of open tasks, written by the database itself: copies of one case.

The reader has `OWN` claimed tasks and, through `GROUPS`, `OFFERED` open ones; the rest is others'.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Engine

from engine.models.instance import process_instance
from engine.models.task import task, task_candidate
from engine.twins import Seat

OWN, OFFERED = 50, 500
GROUPS = tuple(f"unit:mine-{n}" for n in range(6))
READER = Seat("reader", GROUPS)
#: tasks of everybody else's groups: as many as the reader's six have together
IN_A_GROUP = 500

_PRIORITY = "1 + mod(p.n, 4)"
_DUE = (
    "CASE WHEN mod(p.n, 3) > 0"
    " THEN timestamptz '2026-11-23 02:00+00' + make_interval(mins => mod(p.n, 9999)) END"
)
#: The n-th id, a tenth of a second behind the one before: UUIDs of version 7, as the product makes
#: them (engine.ids). Random ones would lie all over the index, where real ones lie together.
_ID = (
    "CAST(lpad(to_hex(1764000000000 + 100 * CAST(n AS bigint)), 12, '0') || '7'"
    " || substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 14) AS uuid)"
)
_PLAN = f"""
CREATE TABLE crowd_plan AS SELECT n, {_ID} AS instance, {_ID} AS task, mine,
  CASE WHEN mine <= {OWN} THEN 'person:reader'
       WHEN mine IS NOT NULL THEN 'unit:mine-' || mod(mine, {len(GROUPS)})
       ELSE 'unit:other-' || n / {IN_A_GROUP} END AS principal
FROM (
  SELECT n,
    CASE WHEN mod(n, :every) = 0 AND n / :every <= {OWN + OFFERED} THEN n / :every END AS mine
  FROM generate_series(1, CAST(:count AS integer)) AS n
) AS numbered
"""


def fill(database: Engine, count: int) -> None:
    """Copies of the one case, each with one open task: rows as the product writes them. The
    reader's lie among the others' from the first to the last.
    """
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("SET statement_timeout = 0")
        # the copies are whole by construction: no look-up of each parent
        db.exec_driver_sql("SET session_replication_role = replica")
        db.execute(sa.text(_PLAN), {"count": count, "every": count // (OWN + OFFERED)})
        for statement in (_instances(), _tasks(), _candidates()):
            db.exec_driver_sql(statement)
        db.exec_driver_sql("DROP TABLE crowd_plan")
        db.exec_driver_sql("VACUUM ANALYZE")
        db.exec_driver_sql("CHECKPOINT")
        db.invalidate()  # its settings are nobody else's


def _instances() -> str:
    new = {"id": "p.instance", "root_id": "p.instance", "business_key": "'case-' || p.n"}
    return _copies(process_instance, new)


def _tasks() -> str:
    mine = f"p.mine <= {OWN}"
    new = {
        "id": "p.task", "root_id": "p.instance", "instance_id": "p.instance",
        "state": f"CASE WHEN {mine} THEN 'claimed' ELSE 'open' END",
        "assignee": f"CASE WHEN {mine} THEN 'reader' END",
        "priority": _PRIORITY,
        "due_at": _DUE,
    }  # fmt: skip
    return _copies(task, new)


def _candidates() -> str:
    new = {
        "task_id": "p.task", "root_id": "p.instance", "principal": "p.principal",
        "free": f"p.mine IS NULL OR p.mine > {OWN}", "priority": _PRIORITY, "due_at": _DUE,
    }  # fmt: skip
    return _copies(task_candidate, new)


def _copies(table: sa.Table, new: dict[str, str]) -> str:
    """Copies of the oldest row, one for each line of the plan."""
    names = [column.name for column in table.columns]
    values = ", ".join(new.get(column, f"o.{column}") for column in names)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM crowd_plan p,"
        f" (SELECT * FROM {table.name} ORDER BY ctid LIMIT 1) o ORDER BY p.n"
    )
