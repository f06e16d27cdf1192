"""A job that takes too much is ended with an incident, and the others are done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support import hostile_worker
from support.builders import Case, Works, bpmn, make_works, service, user
from support.valkey import Valkey

from api import fence
from api.bell import RqBell, connect
from engine import jobs
from engine.clock import SteppedClock
from engine.commands.jobs import LEASE
from engine.models.incident import incident

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    running = Valkey(tmp_path)
    yield running
    running.die()


@pytest.fixture
def works(sqlite_engine: Engine, valkey: Valkey) -> Iterator[Works]:
    """The machine's own time: the worker has no other."""
    clock = SteppedClock(datetime.now(UTC))  # noqa: TID251 - see above
    made = make_works(sqlite_engine, clock, *hostile_worker.actions())
    with connect(valkey.url) as redis:
        made.bus.bell = RqBell(redis)
        yield made
    assert made.findings() == []


@contextmanager
def working(
    works: Works, valkey: Valkey, home: Path, last_seconds: int = fence.LAST_SECONDS
) -> Iterator[subprocess.Popen[bytes]]:
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "SARABAN_HOME": str(home),
        "SARABAN_DATABASE_URL": works.engine.url.render_as_string(hide_password=False),
        "SARABAN_REDIS_URL": valkey.url,
    }
    command = [sys.executable, "-m", "support.hostile_worker", str(last_seconds)]
    started = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.kill()
        started.wait(10)


def _start(works: Works, *names: str) -> list[Case]:
    cases = []
    for name in names:
        works.deploy(bpmn(name, service("work", f"test.{name}"), user("after"),
                          flows="start>work work>after after>end"))  # fmt: skip
        cases.append(works.start(name))
    return cases


def _wait_until_done(case: Case) -> None:
    until = time.monotonic() + 150
    while not case.open():
        assert time.monotonic() < until, case.history
        time.sleep(0.05)  # noqa: TID251 - watches another process


@pytest.mark.parametrize(
    ("name", "seconds", "why"),
    [("hog", fence.SECONDS, "MemoryError"), ("forever", 6, "JobTimeoutException")],
)
def test_too_much_memory_or_time_is_an_incident_and_the_worker_goes_on(
    works: Works,
    valkey: Valkey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    seconds: int,
    why: str,
) -> None:
    monkeypatch.setattr(fence, "SECONDS", seconds)
    (greedy,) = _start(works, name)
    monkeypatch.undo()
    (fine,) = _start(works, "fine")
    with working(works, valkey, tmp_path / "home") as worker:
        _wait_until_done(fine)
        assert worker.poll() is None
    # The worker's own directory knows none of our people: another incident, not of a job.
    (failed,) = works.rows(incident, incident.c.job_id.is_not(None))
    assert failed.root_id == greedy.id
    assert why in failed.message


def test_what_cannot_be_interrupted_ends_with_its_worker_and_the_next_one_goes_on(
    works: Works, valkey: Valkey, tmp_path: Path
) -> None:
    stuck, fine = _start(works, "stuck", "fine")
    with working(works, valkey, tmp_path / "home", last_seconds=6) as worker:
        assert worker.wait(150) == 1
    with working(works, valkey, tmp_path / "home"):
        _wait_until_done(fine)
    works.clock.advance(timedelta(minutes=3))
    jobs.sweep(works.bus)
    failed = works.rows(incident, incident.c.job_id.is_not(None))
    assert ([row.root_id for row in failed], fine.open()) == ([stuck.id], ["after"])


def test_a_job_ends_before_its_lease_does() -> None:
    assert fence.SECONDS < fence.LAST_SECONDS < LEASE.total_seconds()
