"""Variables set from outside: by operators, and by rooms as part of their own commands."""

from __future__ import annotations

import pytest
from support.builders import Works, assigned, bpmn, user

from engine.commands.variables import SetVariables
from engine.errors import Conflict, Forbidden, NotFound
from engine.ids import new_id

TITLED = bpmn(
    "titled", user("draft", assigned("starter")), flows="start>draft draft>end", title="=subject"
)


def test_the_title_follows_its_variable(works: Works) -> None:
    case = works.deploy(TITLED).start("titled", subject="before")
    works.run(SetVariables(case.id, {"subject": "after", "more": 1}), "admin")
    assert (case.row.title, case.variables["more"]) == ("after", 1)
    assert "variable.set" in [event.type for event in case.events]


def test_only_operators_ask_for_it_by_itself(works: Works) -> None:
    case = works.deploy(TITLED).start("titled", subject="before")
    with pytest.raises(Forbidden):
        works.run(SetVariables(case.id, {"subject": "after"}), "somchai")


def test_an_ended_case_stays_as_it_is(works: Works) -> None:
    case = works.deploy(TITLED).start("titled", subject="before")
    case.task("draft").complete()
    with pytest.raises(Conflict):
        works.run(SetVariables(case.id, {"subject": "after"}), "admin")


def test_there_must_be_such_a_case(works: Works) -> None:
    with pytest.raises(NotFound):
        works.run(SetVariables(new_id(), {}), "admin")
