"""Completing tasks: the way through a process, and everyone who may not."""

from __future__ import annotations

import json

import pytest
from support.builders import (
    OTHER_AGENCY,
    ROUTE,
    Works,
    assigned,
    bpmn,
    excluding,
    gateway,
    outcomes,
    user,
)

from engine.commands.tasks import ActPerformed, CompleteTask
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.events import InstanceEnded, TaskCompleted, TaskCreated


def test_an_instance_runs_from_start_to_end(works: Works) -> None:
    case = works.deploy(ROUTE).start(amount=3)
    assert case.open() == ["draft"]
    answer = case.task("draft").complete(subject="hello")
    assert answer["task"]["state"] == "completed"
    assert [task["element_id"] for task in answer["next"]] == ["review"]
    last = case.task("review").complete()
    assert (last["instance_status"], last["next"]) == ("completed", [])
    assert case.status == "completed"
    assert case.variables == {"amount": 3, "subject": "hello"}
    assert case.history == [
        "instance.started",
        "task.created",
        "task.completed",
        "task.created",
        "task.completed",
        "instance.completed",
    ]
    assert [type(event) for event in works.heard.events][-1] is InstanceEnded
    assert len(works.heard.of(TaskCompleted)) == len(works.heard.of(TaskCreated)) == 2


def test_the_answer_names_only_what_the_caller_may_do_next(works: Works) -> None:
    route = bpmn(
        "route",
        user("draft"),
        user("approve", assigned("position", "head")),
        flows="start>draft draft>approve approve>end",
    )
    case = works.deploy(route).start()
    assert case.task("draft").complete()["next"] == []
    assert case.task("approve").row.candidates == [
        {"kind": "position", "id": "head", "name": "head"}
    ]


def test_whoever_acts_for_a_post_completes_under_the_instrument(works: Works) -> None:
    route = bpmn(
        "route", user("approve", assigned("position", "head")), flows="start>approve approve>end"
    )
    case = works.deploy(route).start()
    case.task("approve").claimed_by("deputy").complete()
    row = case.task("approve").row
    assert (row.on_behalf_of, row.instrument_id.int) == ("position:head", 77)
    told = next(event for event in case.events if event.type == "task.completed")
    assert told.on_behalf_of == "position:head"


def test_a_stranger_may_neither_claim_nor_complete(works: Works) -> None:
    task = works.deploy(ROUTE).start().task("draft")
    for attempt in (lambda: task.claimed_by("stranger"), task.by("stranger").complete):
        with pytest.raises(Forbidden) as refused:
            attempt()
        assert refused.value.code == "not_candidate"


def test_a_task_claimed_by_another_is_theirs(works: Works) -> None:
    route = bpmn("route", user("a", assigned("unit", "desk")), flows="start>a a>end")
    task = works.deploy(route).start().task("a").claimed_by("malee")
    with pytest.raises(Conflict) as refused:
        task.by("somchai").complete()
    assert refused.value.code == "task_claimed_by_other"
    task.unclaim()
    assert task.by("somchai").complete()["task"]["completed_by"] == "somchai"


def test_a_completed_task_is_not_completed_again(works: Works) -> None:
    task = works.deploy(ROUTE).start().task("draft")
    task.complete()
    with pytest.raises(Conflict) as refused:
        task.complete()
    assert refused.value.code == "task_not_open"


def test_separation_of_duties_bars_a_person_in_whatever_post(works: Works) -> None:
    route = bpmn(
        "route",
        user("draft"),
        user("check", assigned("unit", "desk"), excluding("performer", "draft")),
        flows="start>draft draft>check check>end",
    )
    case = works.deploy(route).start()
    assert case.task("draft").complete()["next"] == []
    with pytest.raises(Forbidden) as refused:
        case.task("check").by("somchai").complete()
    assert refused.value.code == "excluded"
    case.task("check").by("malee").complete()
    assert case.status == "completed"


def test_an_outcome_is_one_of_those_offered_with_a_reason_where_asked(works: Works) -> None:
    route = bpmn(
        "route",
        user("a", outcomes("pass", "reject", reason_for=["reject"])),
        gateway("g"),
        user("b"),
        flows='start>a a>g g>b[=outcome="pass"] g>end!  b>end',
    )
    task = works.deploy(route).start().task("a")
    for outcome, comment, field in (
        (None, None, "outcome"),
        ("x", None, "outcome"),
        ("reject", " ", "comment"),
    ):
        with pytest.raises(Invalid) as refused:
            task.complete(outcome, comment)
        assert [error.path for error in refused.value.errors] == [field]
    task.complete("reject", "not like this")
    assert task.case.status == "completed"
    assert task.row.outcome == "reject"


def test_another_agency_finds_nothing(works: Works) -> None:

    task = works.deploy(ROUTE).start().task("draft")
    with pytest.raises(NotFound):
        task.by(works.actor("somchai", OTHER_AGENCY)).complete()
    with pytest.raises(NotFound):
        works.start(who=works.actor("somchai", OTHER_AGENCY))


def test_a_form_cleans_what_is_entered_and_names_what_is_wrong(works: Works) -> None:
    route = bpmn("route", user("a", '<saraban:form key="leave"/>'), flows="start>a a>end")
    form = b'{"fields": ["days", "note"], "required": ["days"]}'
    case = works.deploy(route, leave__form__json=form).start()
    for variables, field in (({}, "days"), ({"days": 1, "extra": 2}, "extra")):
        with pytest.raises(Invalid) as refused:
            case.task("a").complete(**variables)
        assert [error.path for error in refused.value.errors] == [field]
    case.task("a").complete(days=2)
    assert case.variables == {"days": 2}


def test_an_act_is_not_replaced_by_a_plain_completion(works: Works) -> None:
    route = bpmn("route", user("sign", '<saraban:act kind="sign"/>'), flows="start>sign sign>end")
    task = works.deploy(route).start().task("sign")
    with pytest.raises(Conflict) as refused:
        task.complete()
    assert refused.value.code == "authorization_required"
    works.run(CompleteTask(task.id, authorization=ActPerformed("sign", "s1")), "somchai")
    assert task.case.status == "completed"


def test_an_answer_to_be_confirmed_needs_its_proof_and_is_kept_with_it(works: Works) -> None:
    asked = '<saraban:act kind="confirm"/><saraban:skip samePerson="true"/>'
    route = bpmn("route", user("a"), user("b", asked), flows="start>a a>b b>end")
    case = works.deploy(route).start()
    case.task("a").complete()
    task = case.task("b")  # the same person, and yet it does not pass by itself
    for proof in (None, ActPerformed("sign", "s1")):
        with pytest.raises(Conflict) as refused:
            works.run(CompleteTask(task.id, authorization=proof), "somchai")
        assert refused.value.code == "confirmation_required"
    works.run(CompleteTask(task.id, authorization=ActPerformed("confirm", "pop")), "somchai")
    assert case.status == "completed"
    ends = [row for row in case.events if row.type == "task.completed"]
    first, second = (json.loads(row.data) for row in ends)
    assert "confirmed" not in first
    assert second["confirmed"] == "pop"
