"""What makes a route: returning, passing by, handing over, deadlines, called processes, joins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.builders import (
    INSTRUMENT,
    ROUTE,
    Works,
    assigned,
    bpmn,
    extension,
    gateway,
    outcomes,
    user,
)

from engine.commands.tasks import ReassignTask
from engine.errors import Conflict, Forbidden, Invalid
from engine.events import (
    InstanceEnded,
    TaskCompleted,
    TaskCreated,
    TaskEscalated,
    TaskReassigned,
    TaskReminded,
    TaskReturned,
)
from engine.models.taking import verbs
from engine.models.task import task_candidate, task_comment
from engine.models.waiting import timer
from office.people.rights import RIGHTS

RETURNING = bpmn(
    "route",
    user("draft"),
    user("check", assigned("person", "malee")),
    user(
        "approve", assigned("position", "head"),
        extension("return", to="check"), extension("return", to="draft"),
    ),
    gateway("g"),
    gateway("where"),
    flows='start>draft draft>check check>approve approve>g g>where[=outcome="return"] g>end!'
    ' where>draft[=return_to="draft"] where>check!',
)  # fmt: skip


def _at_approve(works: Works):
    case = works.deploy(RETURNING).start()
    case.task("draft").complete()
    case.task("check").by("malee").complete()
    return case


def test_a_return_goes_back_with_its_reason(works: Works) -> None:
    case = _at_approve(works)
    answer = case.task("approve").by("head").send_back("draft", "the date is wrong", "back_to_me")
    assert answer["task"]["outcome"] == "return"
    draft = case.task("draft").row
    assert (draft.because, draft.because_reason, draft.returned_by) == (
        "returned", "the date is wrong", "head",
    )  # fmt: skip
    assert case.variables["resume"] == "back_to_me"
    assert case.variables["returned_by_element"] == "approve"
    assert case.history[-3:] == ["task.completed", "task.returned", "task.created"]
    returned = works.heard.of(TaskReturned)[0]
    assert (returned.to, returned.reason) == ("draft", "the date is wrong")
    assert works.heard.of(TaskCreated)[-1].because == "returned"
    case.task("draft").complete()
    assert case.open() == ["check"]


def test_a_return_goes_only_where_the_diagram_lets_it(works: Works) -> None:
    case = _at_approve(works)
    with pytest.raises(Conflict) as refused:
        case.task("approve").by("head").send_back("end")
    assert refused.value.code == "return_not_allowed"
    for reason, resume in ((" ", "rerun"), ("why", "sideways")):
        with pytest.raises(Invalid):
            case.task("approve").by("head").send_back("draft", reason, resume)
    with pytest.raises(Forbidden):
        case.task("approve").by("malee").send_back("draft")


def test_the_same_person_does_not_act_twice_in_a_row(works: Works) -> None:
    route = bpmn(
        "route",
        user("draft", assigned("unit", "desk")),
        user(
            "check", assigned("person", "malee"), outcomes("pass", "stop"),
            extension("skip", samePerson="true"),
        ),
        user("approve", assigned("position", "director")),
        flows="start>draft draft>check check>approve approve>end",
    )  # fmt: skip
    works.deploy(route)
    case = works.start()
    case.task("draft").by("malee").complete()
    assert case.open() == ["approve"]
    skipped = case.task("check").row
    assert (skipped.skipped, skipped.outcome, skipped.completed_by) == (True, "pass", "malee")
    assert case.history.count("task.skipped") == 1
    assert case.history.count("task.completed") == 2
    assert works.heard.of(TaskCompleted)[-1].skipped
    other = works.start()
    other.task("draft").by("somchai").complete()
    assert other.open() == ["check"]


SKIPPING = bpmn(
    "route",
    user("draft", assigned("person", "somchai")),
    user("check", assigned("person", "somchai"), extension("skip", samePerson="true")),
    user("approve", assigned("person", "somchai"), extension("skip", samePerson="true"),
         extension("act", kind="sign")),
    gateway("g"),
    flows="start>draft draft>check check>approve approve>g g>check[=outcome=\"return\"] g>end!",
).replace(b'<saraban:act', b'<saraban:return to="check"/><saraban:act')  # fmt: skip


def test_an_act_and_a_return_are_never_passed_by(works: Works) -> None:
    case = works.deploy(SKIPPING).start()
    case.task("draft").complete()
    assert case.open() == ["approve"]  # check passed by itself, signing must not
    case.task("approve").send_back("check")
    assert case.open() == ["check"]
    case.task("check").complete()
    assert case.open() == ["approve"]


def test_a_task_is_delegated_by_its_holder(works: Works) -> None:
    case = works.deploy(ROUTE).start()
    case.task("draft").delegate("stranger", "please")
    assert works.heard.of(TaskReassigned)[0].assignee == "stranger"
    with pytest.raises(Conflict):
        case.task("draft").by("somchai").complete()
    case.task("draft").by("stranger").complete()
    assert case.history[:5] == [
        "instance.started", "task.created", "task.delegated", "task.completed", "task.created",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        case.task("review").by("somchai").delegate("nobody-known")


def test_the_right_to_reassign_is_the_one_that_roles_grant(works: Works) -> None:
    task = works.deploy(ROUTE).start().task("draft")
    above = replace(works.actor("malee"), rights=frozenset({"reassign"}) & RIGHTS.keys())
    works.bus.execute(ReassignTask(task.id, "malee", "ลาป่วย"), above)
    assert task.row.assignee == "malee"
    assert "reassign" in verbs(above, task.row._mapping)


def test_a_task_is_reassigned_from_above(works: Works) -> None:
    case = works.deploy(ROUTE).start()
    task = case.task("draft")
    with pytest.raises(Forbidden):
        task.by("malee").reassign("malee")
    task.by("admin").reassign("malee")
    assert task.row.assignee == "malee"
    task.by("admin").reassign("position:head")
    assert (task.row.state, task.row.assignee) == ("open", None)
    principals = {row.principal for row in works.rows(task_candidate)}
    assert principals == {"position:head"}
    task.by("deputy").complete()
    assert task.row.instrument_id == INSTRUMENT


def test_unclaiming_opens_the_task_again(works: Works) -> None:
    task = works.deploy(ROUTE).start().task("draft").claimed_by("somchai")
    with pytest.raises(Forbidden):
        task.by("malee").unclaim()
    assert task.unclaim()["task"]["state"] == "open"
    with pytest.raises(Conflict):
        task.by("admin").unclaim()


def test_comments_are_for_those_who_take_part(works: Works) -> None:
    task = works.deploy(ROUTE).start().task("draft")
    answer = task.comment("  looks good ")
    assert answer["comment"]["text"] == "looks good"
    with pytest.raises(Forbidden):
        task.by("stranger").comment("me too")
    with pytest.raises(Invalid):
        task.comment(" ")
    assert [row.author for row in works.rows(task_comment)] == ["somchai"]


def test_the_first_look_is_kept(works: Works) -> None:
    route = bpmn("route", user("a", assigned("unit", "desk")), flows="start>a a>end")
    task = works.deploy(route).start().task("a")
    assert task.by("stranger").look()["first_opened_at"] is None
    first = task.by("malee").look()["first_opened_at"]
    works.clock.advance(timedelta(hours=1))
    assert task.by("somchai").look()["first_opened_at"] == first
    assert task.row.first_opened_by == "malee"
    assert task.case.history.count("task.opened") == 1


TIMED = bpmn(
    "route",
    user(
        "a", assigned("person", "somchai"), extension("due", value="PT8H", working="true"),
        extension("reminder", at="0.25"), extension("reminder", at="0.75"),
        extension("escalation", to="superior"),
    ),
    flows="start>a a>end",
)  # fmt: skip


def test_deadlines_count_in_working_time(works: Works) -> None:
    """Monday 09:00 plus eight working hours (08:30 to 16:30) is Tuesday 09:00."""
    case = works.deploy(TIMED).start()
    due = case.task("a").row.due_at
    assert due == works.clock.now() + timedelta(days=1)
    moments = sorted((row.kind, row.due_at) for row in works.rows(timer))
    assert [(kind, at - works.clock.now()) for kind, at in moments] == [
        ("escalation", timedelta(days=1)),
        ("reminder", timedelta(hours=2)),
        ("reminder", timedelta(hours=6)),
    ]


def test_reminders_and_the_escalation_come_once_each(works: Works) -> None:
    case = works.deploy(TIMED).start()
    assert works.tick(hours=1) == 0
    assert works.tick(hours=1) == 1
    assert works.tick(minutes=1) == 0
    assert [event.occurrence for event in works.heard.of(TaskReminded)] == [1]
    assert works.tick(days=2) == 2
    assert [event.occurrence for event in works.heard.of(TaskReminded)] == [1, 2]
    escalated = works.heard.of(TaskEscalated)[0]
    assert [candidate.principal for candidate in escalated.escalated_to] == ["position:head"]
    case.task("a").by("deputy").complete()
    assert case.history.count("task.reminded") == 2
    assert case.status == "completed"


def test_after_a_standstill_one_reminder_comes_for_all(works: Works) -> None:
    works.deploy(TIMED).start()
    works.clock.advance(timedelta(hours=7))
    assert works.tick() == 1
    assert [event.occurrence for event in works.heard.of(TaskReminded)] == [2]


def test_a_finished_task_reminds_nobody(works: Works) -> None:
    works.deploy(TIMED).start().task("a").complete()
    assert works.rows(timer) == []
    assert works.tick(days=3) == 0


CALLING = [
    bpmn(
        "parent",
        user("before"),
        '<bpmn:callActivity id="call" calledElement="child"/>',
        user("after"),
        flows="start>before before>call call>after after>end",
    ),
    bpmn("child", user("inside"), flows="start>inside inside>end"),
]


def test_a_called_process_has_its_own_id_and_its_parents_commit(works: Works) -> None:
    case = works.deploy(*CALLING).start("parent", n=1)
    case.task("before").complete()
    inside = case.task("inside")
    called = inside.row.instance_id
    assert called != case.id
    answer = inside.complete(found=True)
    assert answer["instance_status"] == "completed"
    assert [task["element_id"] for task in answer["next"]] == ["after"]
    assert case.variables == {"n": 1, "found": True}
    case.task("after").complete()
    assert case.status == "completed"
    started = [row.instance_id for row in case.events if row.type == "instance.started"]
    assert started == [None, called], "the root's own events do not name it twice"


def test_cancelling_ends_everything(works: Works) -> None:
    case = works.deploy(*CALLING).start("parent")
    case.task("before").complete()
    assert case.cancel()["status"] == "cancelled"
    assert case.open() == []
    assert case.history[-3:] == ["task.cancelled", "instance.cancelled", "instance.cancelled"]
    assert works.heard.of(InstanceEnded)[-1].status == "cancelled"
    with pytest.raises(Conflict):
        case.task("inside").complete()
    with pytest.raises(Conflict):
        case.cancel()


def test_the_starter_may_cancel_until_someone_else_has_acted(works: Works) -> None:
    case = _at_approve(works)
    for who in ("somchai", "malee"):
        with pytest.raises(Forbidden):
            case.cancel(who)
    assert works.start().cancel("somchai")["status"] == "cancelled"


def test_many_loops_leave_one_live_task_and_an_unbroken_chain(works: Works) -> None:
    loop = bpmn("route", user("a"), gateway("g"), flows="start>a a>g g>a[=again] g>end!")
    case = works.deploy(loop).start()
    for _ in range(25):
        case.task("a").complete(again=True)
    assert case.open() == ["a"]
    assert len(case.row.state) < 3000
    case.task("a").complete(again=False)
    assert case.status == "completed"


def test_times_are_those_of_the_clock(works: Works) -> None:
    case = works.deploy(ROUTE).start()
    works.clock.advance(timedelta(minutes=5))
    case.task("draft").complete()
    moments: list[datetime] = [event.at for event in case.events]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] == timedelta(minutes=5)
