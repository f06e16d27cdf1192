"""What a diagram hides at a step is hidden from those who do it, wherever they look."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from support.builders import Works, assigned, bpmn, extension, user

from engine.db import reading
from engine.errors import Invalid
from engine.models.instance import process_instance
from engine.queries import instances, tasks

PAY = bpmn(
    "pay",
    user("check", assigned("person", "malee"), extension("hide", variable="salary")),
    user("look", assigned("person", "malee")),
    user("settle", assigned("person", "director"), extension("hide", variable="salary"),
         extension("hide", variable="reason")),
    flows="start>check check>look look>settle settle>end",
)  # fmt: skip


def seen(works: Works, case: Any, who: str) -> tuple[set[str], set[str], set[str]]:
    """Of whoever looks: the variables of the case, of its newest task, and of its history."""
    with reading(works.engine) as db:
        actor = works.actor(who)
        view = instances.one(db, actor, case.id)
        task = tasks.one(db, actor, UUID(view.tasks[0].id))
        events = [
            *instances.history(db, actor, case.id),
            *instances.latest_events(db, actor, case.id),
        ]
        told = {name for event in events for name in event.data.get("variables", {})}
        return set(view.variables), set(task.variables), told


def test_a_hidden_variable_is_in_no_answer(works: Works) -> None:
    works.deploy(PAY)
    case = works.start("pay", "somchai", salary=70_000, reason="ประจำปี", name="ก")
    everything, but = {"salary", "reason", "name"}, {"reason", "name"}
    assert seen(works, case, "somchai") == (everything,) * 3
    assert seen(works, case, "malee") == (but,) * 3
    case.task("check").by("malee").complete()
    assert seen(works, case, "malee") == (everything,) * 3
    case.task("look").by("malee").complete()
    assert seen(works, case, "director") == ({"name"},) * 3
    row = works.rows(process_instance, process_instance.c.id == case.id)[0]
    assert set(row.variables) == everything


def test_who_may_see_every_case_sees_every_variable(works: Works) -> None:
    works.deploy(PAY)
    case = works.start("pay", "somchai", salary=70_000, reason="ประจำปี", name="ก")
    with reading(works.engine) as db:
        found = instances.one(db, works.actor("admin"), case.id)
    assert "salary" in found.variables


def test_what_a_step_hides_cannot_be_written_there(works: Works) -> None:
    works.deploy(PAY)
    case = works.start("pay", "somchai", salary=70_000, reason="ประจำปี", name="ก")
    with pytest.raises(Invalid) as refused:
        case.task("check").by("malee").complete(salary=70_000)
    assert [(one.path, one.code) for one in refused.value.errors] == [("salary", "hidden")]
    case.task("check").by("malee").complete(name="ข")
    assert (case.variables["salary"], case.variables["name"]) == (70_000, "ข")
