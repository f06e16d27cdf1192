"""Reviewers who come in late or withdraw while a step goes round them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.builders import ROUTE, Case, TaskHandle, Works, assigned, bpmn, user
from support.diagrams import each

from engine.commands.tasks import ChangeList
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.events import TaskCreated, TaskWithdrawn
from engine.ids import new_id
from engine.models.task import task

ROUND = bpmn(
    "round",
    user(
        "review",
        assigned("expression", "=one"),
        inner=each("reviewers", "one", collect=("said", "opinion")),
    ),
    flows="start>review review>end",
)
PEOPLE = ["person:malee", "person:somchai"]


def going_round(works: Works) -> Case:
    return works.deploy(ROUND).start("round", reviewers=PEOPLE)


def task_of(case: Case, who: str) -> TaskHandle:
    mine = (task.c.root_id == case.id, task.c.state == "open")
    (row,) = [row for row in case.works.rows(task, *mine) if f"'{who}'" in str(row.candidates)]
    return TaskHandle(case, row.id, who)


def test_one_who_comes_late_is_asked_as_the_others(works: Works) -> None:
    case = going_round(works)
    answer = works.run(ChangeList(case.task("review").id, "ต้องมีนิติกร", add=["person:stranger"]))
    assert (answer["added"], answer["withdrawn"]) == (1, 0)
    assert case.open() == ["review"] * 3
    assert works.heard.of(TaskCreated)[-1].reason == "ต้องมีนิติกร"
    assert case.variables["reviewers"] == [*PEOPLE, "person:stranger"]
    task_of(case, "stranger").complete(opinion="ok")
    (event,) = [event for event in case.events if event.type == "list.changed"]
    assert event.actor == "admin"
    assert "ต้องมีนิติกร" in str(event.data)


def test_one_who_withdraws_has_no_task_any_more(works: Works) -> None:
    case = going_round(works)
    works.run(ChangeList(case.task("review").id, "ลา", withdraw=["person:somchai"]))
    assert case.open() == ["review"]
    assert "task.cancelled" in case.history
    (told,) = works.heard.of(TaskWithdrawn)
    assert [one.id for one in told.candidates] == ["somchai"]
    assert (told.reason, told.assignee, told.task.name) == ("ลา", None, "review")
    task_of(case, "malee").complete(opinion="ok")
    assert case.row.status == "completed"
    assert case.variables["said"] == ["ok"]


def test_the_last_who_is_left_may_withdraw_once_others_have_spoken(works: Works) -> None:
    case = going_round(works)
    task_of(case, "malee").complete(opinion="ok")
    works.run(ChangeList(task_of(case, "somchai").id, "ลา", withdraw=["person:somchai"]))
    assert case.row.status == "completed"


def test_who_may_change_it_and_how(works: Works) -> None:
    case = going_round(works)
    asked = case.task("review").id
    for who in ("malee", "stranger"):
        with pytest.raises(Forbidden):
            works.run(ChangeList(asked, "x", add=["person:stranger"]), who)
    above = replace(works.actor("malee"), rights=frozenset({"reassign"}))
    works.run(ChangeList(asked, "x", add=["person:stranger"]), above)
    for wrong in (
        ChangeList(asked, " ", add=["x"]),
        ChangeList(asked, "x"),
        ChangeList(asked, "x", add=["x"] * 1001),
    ):
        with pytest.raises(Invalid):
            works.run(wrong)
    with pytest.raises(NotFound):
        works.run(ChangeList(new_id(), "x", add=["x"]))
    assert case.open() == ["review"] * 3


def test_a_refusal_changes_nothing(works: Works) -> None:
    case = going_round(works)
    before = case.history
    with pytest.raises(Conflict) as refused:
        works.run(ChangeList(case.task("review").id, "x", ["person:stranger"], ["person:nobody"]))
    assert refused.value.code == "not_in_list"
    assert (case.history, case.open()) == (before, ["review"] * 2)
    plain = works.deploy(ROUTE).start()
    with pytest.raises(Conflict) as refused:
        works.run(ChangeList(plain.task("draft").id, "x", add=["x"]))
    assert refused.value.code == "no_list"


def test_an_item_may_be_what_only_the_language_has(works: Works) -> None:
    case = works.deploy(ROUND).start("round", reviewers=["person:malee"])
    works.run(ChangeList(case.task("review").id, "x", add=[date(2026, 11, 30)]))
    assert case.variables["reviewers"] == ["person:malee", date(2026, 11, 30)]
    works.run(ChangeList(case.task("review").id, "x", withdraw=[date(2026, 11, 30)]))
    assert case.open() == ["review"]


def test_all_at_once_cannot_withdraw(works: Works) -> None:
    case = going_round(works)
    with pytest.raises(Conflict) as refused:
        works.run(ChangeList(case.task("review").id, "x", withdraw=PEOPLE))
    assert refused.value.code == "last_in_list"
    assert case.open() == ["review"] * 2
