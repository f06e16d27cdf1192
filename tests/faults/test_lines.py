"""The line to PostgreSQL is cut, slow or dead: one effect, the same answer, or an honest 503."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Timer
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support.builders import ROUTE, Works, make_works
from support.proxy import Proxy, line_to

from engine import silence
from engine.clock import SteppedClock
from engine.commands.tasks import CommentTask, CompleteTask
from engine.db import make_engine
from engine.errors import Unavailable
from engine.models.task import task_comment

pytestmark = pytest.mark.faults


@pytest.fixture
def line(postgres_engine: Engine) -> Iterator[Proxy]:
    with line_to(postgres_engine.url.render_as_string(hide_password=False)) as proxy:
        yield proxy


@pytest.fixture
def works(postgres_engine: Engine, line: Proxy, clock: SteppedClock) -> Iterator[Works]:
    """Commands go by the line; we look at the database directly."""
    direct = postgres_engine.url.render_as_string(hide_password=False)
    far = make_engine(line.url(direct), pool_size=1, max_overflow=0, pool_timeout=0.5)
    works = make_works(postgres_engine, clock)
    works.bus.engine = far
    yield works.deploy(ROUTE)
    far.dispose()
    assert works.findings() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_answer_is_lost_has_one_effect_and_the_same_answer(
    works: Works, line: Proxy, when: str
) -> None:
    case, command_id = works.start(), uuid4()
    task = case.task("draft")
    line.cut = when
    answer = works.run(CompleteTask(task.id), "somchai", command_id)
    assert line.cuts == 1
    assert answer["task"]["state"] == "completed"
    assert works.run(CompleteTask(task.id), "somchai", command_id) == answer
    assert case.history.count("task.completed") == 1
    assert case.open() == ["review"]


def test_lines_that_were_cut_while_nobody_spoke_are_not_noticed(works: Works, line: Proxy) -> None:
    task = works.start().task("draft")
    line.hang_up()
    task.complete()


def test_a_line_that_refuses_is_unavailable_and_then_all_goes_on(works: Works, line: Proxy) -> None:
    task, command_id = works.start().task("draft"), uuid4()
    line.refuses = True
    line.hang_up()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        works.run(CompleteTask(task.id), "somchai", command_id)
    assert time.monotonic() - began < 5
    line.refuses = False
    assert works.run(CompleteTask(task.id), "somchai", command_id)["task"]["state"] == "completed"


def test_a_slow_line_is_only_slow(works: Works, line: Proxy) -> None:
    task = works.start().task("draft")
    line.delay = 0.03
    works.run(CommentTask(task.id, "a word"), "somchai")
    assert len(works.rows(task_comment)) == 1


def test_a_pool_that_is_used_up_says_so_soon(works: Works) -> None:
    task = works.start().task("draft")
    began = time.monotonic()
    with works.bus.engine.connect(), pytest.raises(Unavailable):
        task.complete()
    assert time.monotonic() - began < 3
    task.complete()


@pytest.mark.parametrize("deaf", ["always", "commit"])
def test_a_line_on_which_nothing_is_heard_is_cut(works: Works, line: Proxy, deaf: str) -> None:
    """The far end takes every packet and answers none."""
    silence.listen(works.bus.engine, longest=0.5, every=0.1)
    case, command_id = works.start(), uuid4()
    task = case.task("draft")
    line.deaf = deaf
    Timer(1.5, line.hear_again).start()
    began = time.monotonic()
    answer = works.run(CompleteTask(task.id), "somchai", command_id)
    assert 0.5 < time.monotonic() - began < 15
    assert line.swallowed >= 1
    assert answer["task"]["state"] == "completed"
    assert case.history.count("task.completed") == 1


def test_work_that_answers_in_time_is_not_cut(works: Works) -> None:
    silence.listen(works.bus.engine, longest=1.5, every=0.05)
    raw = works.bus.engine.raw_connection()  # whoever works past SQLAlchemy is not listened to
    time.sleep(2)  # noqa: TID251 - nothing is asked meanwhile
    raw.cursor().execute("SELECT 7")
    raw.close()
    with works.bus.engine.connect() as db:
        for _ in range(4):
            assert db.exec_driver_sql("SELECT 7, pg_sleep(0.5)").scalar_one() == 7
        time.sleep(2)  # noqa: TID251 - nothing is asked meanwhile
        assert db.exec_driver_sql("SELECT 7").scalar_one() == 7
        with pytest.raises(sa.exc.ProgrammingError):
            db.exec_driver_sql("SELECT nonsense")
    time.sleep(2)  # noqa: TID251 - what failed is answered too
    with works.bus.engine.connect() as db:
        assert db.exec_driver_sql("SELECT 7").scalar_one() == 7
