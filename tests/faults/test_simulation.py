"""Stories in which everything goes wrong keep every promise, but not with a bug in the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support import database
from support.simulation.bugs import BUGS
from support.simulation.office import Verdict, simulate

from engine.clock import SteppedClock
from engine.models.history import history_event

pytestmark = pytest.mark.faults

#: A story takes a quarter of a second on SQLite.
STORIES, MORE, BATCH = 20, 3_000, 100
#: At most so many stories until a bug is noticed, from one on that notices what few others do.
FIRST, PATIENCE = 48, 40


@contextmanager
def fresh(template: Path, folder: Path) -> Iterator[Engine]:
    folder.mkdir()
    with database.sqlite_clone(template, folder / "saraban.db") as made:
        yield made


def told(template: Path, folder: Path, clock: SteppedClock, seed: int) -> Verdict:
    with fresh(template, folder / str(seed)) as engine:
        return simulate(engine, SteppedClock(clock.now()), seed)


@pytest.mark.parametrize("seed", range(STORIES))
def test_every_promise_holds(
    seed: int, sqlite_template: Path, tmp_path: Path, clock: SteppedClock
) -> None:
    verdict = told(sqlite_template, tmp_path, clock, seed)
    assert verdict.broken == [], verdict


@pytest.mark.parametrize("seed", range(STORIES, STORIES + 4))
def test_on_postgresql_too(seed: int, postgres_engine: Engine, clock: SteppedClock) -> None:
    verdict = simulate(postgres_engine, clock, seed)
    assert verdict.broken == [], verdict


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 100 + MORE, BATCH))
def test_through_the_night(
    first: int, sqlite_template: Path, tmp_path: Path, clock: SteppedClock
) -> None:
    stories = (told(sqlite_template, tmp_path, clock, seed) for seed in range(first, first + BATCH))
    assert [verdict for verdict in stories if verdict.broken] == []


def test_a_seed_is_one_story(sqlite_template: Path, tmp_path: Path, clock: SteppedClock) -> None:
    seen = []
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        with fresh(sqlite_template, tmp_path / run / "7") as engine:
            verdict = simulate(engine, SteppedClock(clock.now()), 7)
            with engine.connect() as db:
                rows = db.execute(history_event.select().order_by(history_event.c.hash)).all()
        seen.append((verdict.story, rows))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_noticed(
    bug: str,
    sqlite_template: Path,
    tmp_path: Path,
    clock: SteppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    BUGS[bug](monkeypatch)
    stories = (
        told(sqlite_template, tmp_path, clock, seed) for seed in range(FIRST, FIRST + PATIENCE)
    )
    noticed = next((verdict for verdict in stories if verdict.broken), None)
    assert noticed is not None, f"nobody noticed that {bug}"
