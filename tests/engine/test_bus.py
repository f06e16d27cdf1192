"""The one door: a command is carried out once, whatever is repeated, lost or fought over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from support.builders import ROUTE, Works, assigned, bpmn, gateway, user

from engine import jsonio
from engine.bus import Context
from engine.commands.instances import StartInstance
from engine.commands.jobs import want_job
from engine.commands.tasks import ClaimTask, CommentTask, CompleteTask
from engine.errors import Conflict, Invalid, Unavailable
from engine.events import InstanceStarted, TaskCompleted
from engine.models.command_log import command_log
from engine.models.history import history_event
from engine.models.instance import process_instance
from engine.models.job import job
from engine.transient import Trouble, trouble_of


def test_a_repeated_command_answers_the_same_and_does_nothing(works: Works) -> None:
    works.deploy(ROUTE)
    command, command_id = StartInstance("route", variables={"n": 1}), uuid4()
    first = works.run(command, "somchai", command_id)
    assert works.run(command, "somchai", command_id) == first
    assert len(works.rows(process_instance)) == 1


def test_an_id_is_for_one_request_of_one_person(works: Works) -> None:
    works.deploy(ROUTE)
    command_id = uuid4()
    first = works.run(StartInstance("route"), "somchai", command_id)
    with pytest.raises(Invalid) as refused:
        works.run(StartInstance("route", business_key="other"), "somchai", command_id)
    assert refused.value.code == "idempotency_mismatch"
    assert works.run(StartInstance("route"), "malee", command_id)["id"] != first["id"]


def test_a_refused_command_leaves_nothing_and_may_be_repeated(works: Works) -> None:
    route = bpmn("route", user("a", assigned("unit", "desk")), flows="start>a a>end")
    task = works.deploy(route).start().task("a").claimed_by("malee")
    command_id = uuid4()
    with pytest.raises(Conflict):
        works.run(CompleteTask(task.id), "somchai", command_id)
    task.unclaim()
    assert works.run(CompleteTask(task.id), "somchai", command_id)["instance_status"] == "completed"


def test_a_bug_rolls_everything_back(works: Works) -> None:
    works.deploy(ROUTE)

    def broken(_happened: Any, _ctx: Context) -> None:
        raise ZeroDivisionError

    works.bus.listeners[InstanceStarted].append(broken)
    with pytest.raises(ZeroDivisionError):
        works.run(StartInstance("route"), "somchai")
    assert works.rows(process_instance) == works.rows(history_event) == []


def test_a_bell_that_fails_loses_nothing(works: Works) -> None:
    class Cracked:
        def ring(self, job_ids: object) -> None:
            raise OSError("no line")

    works.deploy(ROUTE)
    bus = replace(works.bus, bell=Cracked())
    wish = {StartInstance: lambda _command, ctx: {"id": want_job(ctx, "test.echo", {})}}
    answer = replace(bus, handlers=wish).execute(StartInstance("route"), works.actor("somchai"))
    assert str(works.rows(job)[0].id) == answer["id"]


@contextmanager
def _cut(works: Works, times: int, *, arrived: bool) -> Iterator[list[int]]:
    """The line to the server is lost at COMMIT, after it took effect or before."""
    left = [times]
    real = works.engine.dialect.do_commit

    def cut(raw: Any) -> None:
        if left[0] > 0:
            left[0] -= 1
            if arrived:
                real(raw)
            raise sa.exc.OperationalError(
                "COMMIT", {}, OSError("gone"), connection_invalidated=True
            )
        real(raw)

    works.engine.dialect.do_commit = cut  # type: ignore[method-assign]
    try:
        yield left
    finally:
        works.engine.dialect.do_commit = real  # type: ignore[method-assign]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_commit_answer_has_one_effect(works: Works, arrived: bool) -> None:
    task = works.deploy(ROUTE).start().task("draft")
    with _cut(works, 1, arrived=arrived):
        answer = task.complete()
    assert [after["element_id"] for after in answer["next"]] == ["review"]
    assert task.case.history.count("task.completed") == 1


def test_a_line_that_stays_lost_is_unavailable_not_a_bug(works: Works) -> None:
    task = works.deploy(ROUTE).start().task("draft")
    with _cut(works, 4, arrived=False), pytest.raises(Unavailable):
        task.complete()
    assert task.row.state == "open"


def _race(*moves: Callable[[], Any]) -> list[Any]:
    """What each answered or raised, all begun at once."""
    gate = threading.Barrier(len(moves))

    def go(move: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return move()
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(go, moves))


def test_of_two_who_complete_one_task_one_wins(works: Works) -> None:
    route = bpmn("route", user("a", assigned("unit", "desk")), flows="start>a a>end")
    task = works.deploy(route).start().task("a")
    people = ["somchai", "malee", "head", "deputy"]
    got = _race(*(task.by(who).complete for who in people))
    assert sorted(type(one) is dict for one in got) == [False, False, False, True]
    assert {one for one in got if isinstance(one, str)} == {"task_not_open"}
    assert task.case.history.count("task.completed") == 1


def test_different_tasks_of_one_instance_all_complete_at_once(works: Works) -> None:
    branches = [f"t{n}" for n in range(8)]
    split = " ".join(f"split>{b} {b}>join" for b in branches)
    route = bpmn(
        "route",
        gateway("split", "parallel"),
        *(user(branch) for branch in branches),
        gateway("join", "parallel"),
        flows=f"start>split {split} join>end",
    )
    case = works.deploy(route).start()
    tasks = {branch: case.task(branch) for branch in branches}
    got = _race(*(lambda b=b: tasks[b].complete(**{b: 1}) for b in branches))
    assert all(type(one) is dict for one in got)
    assert case.status == "completed"
    assert case.variables == dict.fromkeys(branches, 1)


def test_many_claim_one_task_and_one_has_it(works: Works) -> None:
    route = bpmn("route", user("a", assigned("unit", "desk")), flows="start>a a>end")
    task = works.deploy(route).start().task("a")
    got = _race(*(lambda who=who: task.claimed_by(who) for who in ("somchai", "malee", "head")))
    assert sum(not isinstance(one, str) for one in got) == 1


def test_the_same_command_at_once_has_one_effect(works: Works) -> None:
    works.deploy(ROUTE)
    command_id = uuid4()
    got = _race(
        *(lambda: works.run(StartInstance("route"), "somchai", command_id) for _ in range(6))
    )
    assert len({one["id"] for one in got}) == 1
    assert len(works.rows(process_instance)) == 1


def test_a_race_lost_to_another_transaction_is_run_again(works: Works) -> None:
    """The handler sees fresh rows each time; the rings of a lost run are not rung."""
    tries: list[Context] = []

    def twice(_command: Any, ctx: Context) -> dict[str, Any]:
        tries.append(ctx)
        want_job(ctx, "test.echo", {"n": len(tries)})
        if len(tries) < 3:
            raise sa.exc.OperationalError("x", {}, OSError(), connection_invalidated=True)
        return {"tries": len(tries)}

    bus = replace(works.bus, handlers={StartInstance: twice})
    assert bus.execute(StartInstance("x"), works.actor("somchai")) == {"tries": 3}
    assert len(works.rows(job)) == len(works.bell.rung) == 1


def test_a_deadlock_is_settled_by_running_again(postgres_works: Works) -> None:
    """Two transactions lock two rows crosswise: PostgreSQL ends one, and the bus repeats it."""
    works = postgres_works.deploy(ROUTE)
    first, second = works.start().id, works.start().id
    gate = threading.Barrier(2)
    crossed: list[int] = []

    def crossing(command: ClaimTask, ctx: Context) -> dict[str, Any]:
        order = (first, second) if command.task_id == first else (second, first)
        for number, root in enumerate(order):
            ctx.db.execute(
                sa.select(process_instance.c.id)
                .where(process_instance.c.id == root)
                .with_for_update()
            )
            if number == 0 and len(crossed) < 2:
                crossed.append(1)
                gate.wait()
        return {"ok": True}

    bus = replace(works.bus, handlers={ClaimTask: crossing})
    actor = works.actor("somchai")
    got = _race(*(lambda id_=id_: bus.execute(ClaimTask(id_), actor) for id_ in (first, second)))
    assert got == [{"ok": True}, {"ok": True}]


def test_a_lock_held_for_long_is_unavailable(postgres_works: Works) -> None:
    task = postgres_works.deploy(ROUTE).start().task("draft")

    @event.listens_for(postgres_works.engine, "begin")
    def _impatient(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

    with postgres_works.engine.connect() as holder:
        holder.execute(sa.select(process_instance.c.id).with_for_update())
        with pytest.raises(Unavailable):
            task.complete()
    task.complete()


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (sa.exc.TimeoutError(), Trouble.BUSY),
        (sa.exc.InvalidRequestError(), Trouble.BUG),
        (sa.exc.ProgrammingError("x", {}, Exception("no such table")), Trouble.BUG),
        (sa.exc.OperationalError("x", {}, Exception("refused")), Trouble.RACE),
    ],
)
def test_errors_are_sorted(error: sa.exc.SQLAlchemyError, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


def test_a_listener_may_carry_out_commands_on_the_same_instance(works: Works) -> None:
    """Listeners are told once the rows stand, so their commands build on them."""
    works.deploy(ROUTE)

    def remark(happened: TaskCompleted, ctx: Context) -> None:
        if happened.task.element_id == "draft":
            ctx.run(CommentTask(happened.task.task_id, "well done"))

    works.bus.listeners[TaskCompleted].append(remark)
    case = works.start()
    case.task("draft").complete()
    case.task("review").complete()
    assert "task.commented" in case.history
    assert case.status == "completed"


def test_the_log_keeps_no_answer_of_a_refused_command(works: Works) -> None:
    works.deploy(ROUTE)
    before = len(works.rows(command_log))
    with pytest.raises(Conflict):
        works.run(CompleteTask(_done(works)), "somchai")
    assert all(row.answer is not None for row in works.rows(command_log))
    assert len(works.rows(command_log)) == before + 2


def _done(works: Works) -> Any:
    task = works.start().task("draft")
    task.complete()
    return task.id


def test_answers_are_kept_small_and_old_plain_ones_are_read(works: Works) -> None:
    works.deploy(ROUTE)
    start, sent = StartInstance("route"), uuid4()
    answer = works.run(start, "somchai", sent)
    plain = jsonio.dumps(answer).encode()
    id_, bare = sa.column("command_id", sa.Uuid), sa.column("answer", sa.LargeBinary)
    raw = sa.table(command_log.name, id_, bare)
    this = raw.c.command_id == sent
    with works.engine.begin() as db:
        kept = db.execute(sa.select(raw.c.answer).where(this)).scalar_one()
        assert len(kept) * 2 < len(plain)
    assert works.run(start, "somchai", sent) == answer
    with works.engine.begin() as db:
        db.execute(raw.update().where(this).values(answer=plain))
    assert works.run(start, "somchai", sent) == answer
