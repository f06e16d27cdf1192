"""Incidents: what a process does wrong is visible, has a cause, and can be mended."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest
from support.builders import (
    OTHER_AGENCY,
    ROUTE,
    Works,
    assigned,
    bpmn,
    gateway,
    make_works,
    script,
    user,
)

from engine.commands.incidents import RetryIncident
from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, DeploymentRefused, NotFound, Problem
from engine.events import IncidentRaised, TaskCreated
from engine.models.deployment import deployed_file
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.twins import Seat

VACANT = bpmn("route", user("draft"), user("approve", assigned("position", "chief")),
              flows="start>draft draft>approve approve>end")  # fmt: skip


def _open(works: Works) -> list[Any]:
    return works.rows(incident, incident.c.state == "open")


def test_a_post_that_nobody_holds_is_an_incident_and_the_completion_stands(works: Works) -> None:
    case = works.deploy(VACANT).start()
    answer = case.task("draft").complete()
    assert answer["instance_status"] == "incident"
    found = _open(works)[0]
    assert (found.code, found.element_id) == ("nobody_can_act", "approve")
    assert "position:chief" in found.message
    assert works.heard.of(IncidentRaised)[0].incident_id == found.id
    with pytest.raises(Conflict):
        case.task("draft").complete()


def test_filling_the_post_mends_it(works: Works) -> None:
    case = works.deploy(VACANT).start()
    case.task("draft").complete()
    found = _open(works)[0]
    works.run(RetryIncident(found.id))
    assert case.status == "incident"  # still nobody: a new incident
    filled = make_works(works.engine, works.clock, people=[Seat("boss", ("position:chief",)),
                        Seat("admin", rights=frozenset({"everything"}))])  # fmt: skip
    answer = filled.run(RetryIncident(_open(works)[0].id))
    assert answer["instance_status"] == "active"
    told = filled.heard.of(TaskCreated)[0]
    assert [candidate.principal for candidate in told.candidates] == ["position:chief"]
    task = case.task("approve")
    filled.run(_complete(task), "boss")
    assert case.status == "completed"


def _complete(task: Any) -> Any:
    return CompleteTask(task.id)


def test_reassigning_mends_it_too(works: Works) -> None:
    case = works.deploy(VACANT).start()
    case.task("draft").complete()
    case.task("approve").by("admin").reassign("malee")
    assert (case.status, _open(works)) == ("active", [])
    case.task("approve").by("malee").complete()
    assert case.status == "completed"


def test_an_unknown_variable_is_an_incident_never_the_default_flow(works: Works) -> None:
    route = bpmn(
        "route", user("a"), gateway("g"), user("b"), flows="start>a a>g g>b[=amount>5] g>end! b>end"
    )
    case = works.deploy(route).start()
    answer = case.task("a").complete()
    assert (answer["instance_status"], answer["next"]) == ("incident", [])
    assert _open(works)[0].element_id == "g"


def test_the_other_branch_goes_on_beside_a_stuck_one(works: Works) -> None:
    route = bpmn(
        "route",
        gateway("split", "parallel"), script("count", "=missing + 1"), user("a"), user("b"),
        gateway("join", "parallel"),
        flows="start>split split>count count>join split>a a>b b>join join>end",
    )  # fmt: skip
    case = works.deploy(route).start()
    assert case.status == "incident"
    case.task("a").complete()
    assert case.open() == ["b"]
    case.task("b").complete()
    assert case.status == "incident"


def test_a_stuck_token_goes_on_once_its_variable_is_there(works: Works) -> None:
    route = bpmn(
        "route",
        gateway("split", "parallel"), script("count", "={ total: amount + 1 }"), user("a"),
        gateway("join", "parallel"),
        flows="start>split split>count count>join split>a a>join join>end",
    )  # fmt: skip
    case = works.deploy(route).start()
    assert case.status == "incident"
    case.task("a").complete(amount=4)
    answer = works.run(RetryIncident(_open(works)[0].id))
    assert answer["instance_status"] == "completed"
    assert case.variables["total"] == 5


def test_a_damaged_state_freezes_its_instance_alone(works: Works) -> None:
    case, other = works.deploy(ROUTE).start(), works.start()
    with works.engine.begin() as db:
        db.execute(
            process_instance.update()
            .where(process_instance.c.id == case.id)
            .values(state=case.row.state[:-5] + b"\0" * 5)
        )
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            case.task("draft").complete()
        assert refused.value.code == "state_damaged"
    assert (case.status, len(_open(works))) == ("incident", 1)
    assert case.open() == ["draft"]
    other.task("draft").complete()
    assert other.open() == ["review"]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> OrderedDict[str, Any]:
    """The deployments that this process has loaded: none, and none again once it is cleared."""
    none_yet: OrderedDict[str, Any] = OrderedDict()
    monkeypatch.setattr("engine.runtime.bundle._cache", none_yet)
    return none_yet


def test_a_stricter_rule_stops_no_running_case(
    works: Works, loaded: OrderedDict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = works.deploy(ROUTE).start()
    loaded.clear()
    finding = Problem("d0.bpmn", 1, "draft", None, "new_rule", "Expected more.", "Draw it anew.")
    monkeypatch.setattr("engine.runtime.bundle.lint", lambda *_: [finding])
    case.task("draft").complete()
    assert case.open() == ["review"]
    with pytest.raises(DeploymentRefused):
        works.deploy(ROUTE)


def test_a_deployment_that_was_altered_freezes_its_instances(
    works: Works, loaded: OrderedDict[str, Any]
) -> None:
    case = works.deploy(ROUTE).start()
    loaded.clear()
    _write_file(works, ROUTE.replace(b"</bpmn:definitions>", b"<!-- x --></bpmn:definitions>"))
    with pytest.raises(Conflict) as refused:
        case.task("draft").complete()
    assert refused.value.code == "deployment_damaged"
    assert (case.status, case.open()) == ("incident", ["draft"])
    _write_file(works, ROUTE)
    case.task("draft").complete()
    assert case.open() == ["review"]


def _write_file(works: Works, content: bytes) -> None:
    with works.engine.begin() as db:
        db.execute(deployed_file.update().values(content=content))


def test_the_state_of_another_instance_is_refused(works: Works) -> None:
    case, other = works.deploy(ROUTE).start(), works.start()
    with works.engine.begin() as db:
        db.execute(
            process_instance.update()
            .where(process_instance.c.id == case.id)
            .values(state=other.row.state)
        )
    with pytest.raises(Conflict) as refused:
        case.task("draft").complete()
    assert refused.value.code == "state_damaged"


def test_incidents_of_another_agency_are_not_found(works: Works) -> None:
    case = works.deploy(VACANT).start()
    case.task("draft").complete()
    with pytest.raises(NotFound):
        works.run(RetryIncident(_open(works)[0].id), works.actor("admin", OTHER_AGENCY))
