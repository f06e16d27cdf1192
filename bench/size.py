"""What one case costs in PostgreSQL once it is over: rows, history and indexes.

`python -m bench size` prints the figure and its parts by table: of cases that were started and
completed four times, many open at once, so that their rows lie between one another's as in a house.
The schema is what the migrations make. What updates left behind is vacuumed as often as PostgreSQL
does so by itself, nothing is packed: room that a file keeps free for the next rows is counted.
Answers to commands are not: they go after a week, and `command_log` stays as large as a week is
busy.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from support.builders import Works, make_works

from api import migrations
from bench import figures
from bench.figures import Figure
from engine.clock import SteppedClock
from engine.commands.instances import StartInstance
from engine.commands.tasks import CompleteTask
from engine.db import make_engine
from engine.ids import parse_id

FIRST, CASES = 400, 1_000
#: Open at once.
OPEN = 100
#: Cases between two times that the tables are vacuumed: each row of a task is changed once, and
#: autovacuum comes when a fifth of a table's rows were.
ROUND = 200
#: Between two commands: indexes of moments grow as a house's do.
_PAUSE = timedelta(seconds=3)
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_ROUTE = (Path(__file__).parent / "route.bpmn").read_bytes()
_SIZES = sa.text(
    "SELECT c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname <> 'command_log'"
)

#: What is given with each of the four completions.
_STEPS: tuple[Mapping[str, bool], ...] = ({}, {}, {"agreed": True}, {})

#: Tasks that are open, each with how many of its case were completed before.
Waiting = list[tuple[UUID, int]]
#: Bytes of a table's rows and of its indexes.
Sizes = Mapping[str, tuple[int, int]]


def run(make_url: Callable[[], str]) -> str:
    """The figures, as Markdown tables."""
    database = make_engine(make_url())
    migrations.upgrade(database)
    migrations.all_tables()
    works = make_works(database, SteppedClock(_NOW))
    works.deploy(_ROUTE)
    waiting: Waiting = []
    _work(works, FIRST, waiting)
    before = _sizes(works)
    _work(works, CASES, waiting)
    after = _sizes(works)
    assert works.findings() == []
    database.dispose()
    parts = {
        name: ((after[name][0] - rows) / CASES, (after[name][1] - indexes) / CASES)
        for name, (rows, indexes) in before.items()
    }
    total = Figure("a completed case", sum(map(sum, parts.values())) / 1024, "KB", 8)
    return "\n".join([figures.table("Size on PostgreSQL", [total]), _by_table(parts)])


def _work(works: Works, cases: int, waiting: Waiting) -> None:
    """So many cases more are started, and as many completed; chance says whose turn it is."""
    chance = random.Random(2569)
    for number in range(cases):
        if number % ROUND == 0:
            _vacuum(works)
        works.clock.advance(_PAUSE)
        begun = works.run(StartInstance("bench_route", None, None, {"amount": 21}), "somchai")
        waiting.append((parse_id(begun["tasks"][0]["id"]), 0))
        while len(waiting) > OPEN:
            _advance(works, waiting, chance.randrange(len(waiting)))


def _advance(works: Works, waiting: Waiting, number: int) -> None:
    task, done = waiting.pop(number)
    works.clock.advance(_PAUSE)
    answer = works.run(CompleteTask(task, None, _STEPS[done]), "somchai")
    if answer["next"]:
        waiting.append((parse_id(answer["next"][0]["id"]), done + 1))


def _vacuum(works: Works) -> None:
    with works.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(sa.text("VACUUM"))


def _sizes(works: Works) -> Sizes:
    _vacuum(works)
    with works.engine.connect() as db:
        return {row[0]: (int(row[1]), int(row[2])) for row in db.execute(_SIZES)}


def _by_table(parts: Mapping[str, tuple[float, float]]) -> str:
    """Bytes of a case; tables in which it leaves nothing are left out."""
    head = ["| table | rows | indexes | together |", "|---|---|---|---|"]
    largest = sorted(parts.items(), key=lambda part: -sum(part[1]))
    lines = [
        f"| {name} | {rows:,.0f} | {indexes:,.0f} | {rows + indexes:,.0f} |"
        for name, (rows, indexes) in largest
        if rows + indexes >= 1
    ]
    return "\n".join([*head, *lines, ""])
