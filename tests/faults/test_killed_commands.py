"""A process killed anywhere in a command leaves all of it or nothing, and its repeat ends well."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from support import dying
from support.builders import Case, Works, bpmn, make_works, service, user

from engine import jobs
from engine.clock import SteppedClock
from engine.commands.tasks import CommentTask, CompleteTask
from engine.errors import Unavailable
from engine.models.job import job

ROUTE = bpmn("route", user("draft"), service("note", "test.echo", text='="x"'), user("after"),
             flows="start>draft draft>note note>after after>end")  # fmt: skip

pytestmark = pytest.mark.faults


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    made = make_works(db_engine, clock, dying.OUTSIDE)
    yield made
    assert made.findings() == []


def _url(works: Works) -> str:
    return works.engine.url.render_as_string(hide_password=False)


@pytest.mark.parametrize(
    ("point", "done"),
    [
        ("before_transaction", False),
        ("in_transaction", False),
        ("before_commit", False),
        ("after_commit", True),
    ],
)
def test_a_killed_completion_is_whole_or_not_there(works: Works, point: str, done: bool) -> None:
    case, command_id = works.deploy(ROUTE).start(), uuid4()
    task = case.task("draft")
    with dying.process(f"{point}:1:kill9", "complete", _url(works), task.id, command_id) as dead:
        assert dead.wait(60) == -signal.SIGKILL
    assert (task.row.state == "completed") is done
    answer = works.run(CompleteTask(task.id), "somchai", command_id)
    assert answer["task"]["state"] == "completed"
    assert case.history.count("task.completed") == 1
    # Where it died after the commit, nobody rang: the sweeper does.
    jobs.sweep(works.bus)
    works.work_off()
    assert len(works.rows(job)) == 1
    assert case.open() == ["after"]


def test_a_stopped_holder_of_the_lock_makes_the_others_wait_for_seconds_only(works: Works) -> None:
    """It is stopped in the midst of its transaction, and later goes on as if nothing had been."""
    case, command_id = works.deploy(ROUTE).start(), uuid4()
    task = case.task("draft")
    with dying.process("before_commit:1:stop", "complete", _url(works), task.id, command_id) as it:
        dying.wait_until_stopped(it)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            works.run(CommentTask(task.id, "a word"), "somchai")
        assert time.monotonic() - began < 8
        it.send_signal(signal.SIGCONT)
        it.wait(60)
    works.run(CompleteTask(task.id), "somchai", command_id)
    assert case.history.count("task.completed") == 1
    works.work_off()
    jobs.sweep(works.bus)
    works.work_off()
    assert case.open() == ["after"]


@pytest.mark.parametrize(("point", "done"), [("before_work", 0), ("after_work", 1)])
def test_a_killed_worker_is_replaced(works: Works, tmp_path: Path, point: str, done: int) -> None:
    """The outside effect may repeat; what our database says may not."""
    case, letterbox = _waiting_for_a_worker(works, tmp_path)
    (wanted,) = works.rows(job)
    with dying.process(f"{point}:1:kill9", "work", _url(works), wanted.id) as dead:
        assert dead.wait(60) == -signal.SIGKILL
    assert letterbox.read_text().count("sent") == done if done else not letterbox.exists()
    assert jobs.sweep(works.bus) == 0  # the lease still runs
    _take_over(works)
    assert letterbox.read_text().split() == [str(wanted.id), "sent"] * (done + 1)
    assert (case.open(), case.history.count("job.completed")) == (["after"], 1)


def test_a_worker_that_slept_through_its_lease_reports_in_vain(
    works: Works, tmp_path: Path
) -> None:
    case, _ = _waiting_for_a_worker(works, tmp_path)
    (wanted,) = works.rows(job)
    with dying.process("after_work:1:stop", "work", _url(works), wanted.id) as sleeper:
        dying.wait_until_stopped(sleeper)
        _take_over(works)
        assert case.open() == ["after"]
        sleeper.send_signal(signal.SIGCONT)
        assert sleeper.wait(60) == 0
    assert works.rows(job)[0].attempt == 2
    assert case.history.count("job.completed") == 1


def _waiting_for_a_worker(works: Works, folder: Path) -> tuple[Case, Path]:
    letterbox = folder / "letterbox"
    note = service("note", "test.outside", file=f'="{letterbox}"')
    works.deploy(bpmn("route", note, user("after"), flows="start>note note>after after>end"))
    case = works.start()
    works.bell.rung.clear()
    return case, letterbox


def _take_over(works: Works) -> None:
    works.clock.advance(timedelta(minutes=3))
    assert jobs.sweep(works.bus) == 1
    works.work_off()


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
