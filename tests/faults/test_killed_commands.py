"""A process killed anywhere in a command leaves all of it or nothing, and its repeat ends well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from support.builders import Works, bpmn, make_works, service, user

from engine import jobs
from engine.clock import SteppedClock
from engine.commands.tasks import CompleteTask
from engine.models.job import job

ROOT = Path(__file__).parents[2]
ROUTE = bpmn("route", user("draft"), service("note", "test.echo", text='="x"'), user("after"),
             flows="start>draft draft>note note>after after>end")  # fmt: skip

pytestmark = pytest.mark.faults


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    made = make_works(db_engine, clock)
    yield made
    assert made.findings() == []


def _die(works: Works, point: str, task_id: UUID, command_id: UUID) -> int:
    """Complete the task in another process that is killed at `point`; its exit code."""
    url = works.engine.url.render_as_string(hide_password=False)
    environ = os.environ | {
        "SARABAN_TEST": "1",
        "SARABAN_FAULTS": f"{point}:1:kill9",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
    }
    command = [sys.executable, "-m", "support.dying", url, str(task_id), str(command_id)]
    return subprocess.run(command, env=environ, check=False, timeout=60).returncode


@pytest.mark.parametrize(
    ("point", "done"), [("in_transaction", False), ("before_commit", False), ("after_commit", True)]
)
def test_a_killed_completion_is_whole_or_not_there(works: Works, point: str, done: bool) -> None:
    case, command_id = works.deploy(ROUTE).start(), uuid4()
    task = case.task("draft")
    assert _die(works, point, task.id, command_id) == -signal.SIGKILL
    assert (task.row.state == "completed") is done
    answer = works.run(CompleteTask(task.id), "somchai", command_id)
    assert answer["task"]["state"] == "completed"
    assert case.history.count("task.completed") == 1
    # Where it died after the commit, nobody rang: the sweeper does.
    jobs.sweep(works.bus)
    works.work_off()
    assert len(works.rows(job)) == 1
    assert case.open() == ["after"]


def test_two_clocks_at_once_fire_each_timer_once(works: Works) -> None:
    timed = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    route = bpmn("timed", timed, user("after"), flows="start>pause pause>after after>end")
    works.deploy(route)
    cases = [works.start("timed") for _ in range(6)]
    works.tick(minutes=59)
    works.clock.set(works.clock.now().replace(hour=4))
    fired: list[int] = []
    clocks = [threading.Thread(target=lambda: fired.append(jobs.fire_due(works.bus))) for _ in "ab"]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert sum(fired) == 6
    assert [case.history.count("timer.fired") for case in cases] == [1] * 6
