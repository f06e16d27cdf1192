"""Service tasks that call another system through the agency's connector, from diagram to answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.diagrams import bpmn, element, end, flow, path, process, start
from support.far_system import FarSystem, far_system
from support.letter_story import work_off
from support.world import World

from api.pages import guide
from engine import jsonio
from engine.actor import Actor, system_actor
from engine.commands.variables import SetVariables
from engine.db import reading
from engine.errors import DeploymentRefused, Forbidden, Invalid, Stale
from engine.models.job import job
from office.connectors import queries
from office.connectors.calling import HIDDEN
from office.connectors.commands import RemoveConnector, SaveConnector
from office.connectors.outgoing import Outgoing
from office.connectors.settings import ConnectorSettings
from office.people import queries as people

SECRET = "kept-apart-2569"
INPUTS = {
    "connector": "rates", "method": "POST", "path": "/rates/{code}",
    "parameters": "={code: currency}", "query": '={"on": "today"}', "body": "={amount: amount}",
}  # fmt: skip
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def called(
    key: str, inputs: dict[str, str] | None = None, *, outputs: str = "", boundary: str = ""
) -> dict[str, bytes]:
    """start, the call, end; `boundary`: an error code that leads to an end of its own."""
    given = "".join(
        f'<saraban:input name="{name}" value="{_quoted(value)}"/>'
        for name, value in (INPUTS if inputs is None else inputs).items()
    )
    result = "" if outputs else "answer"
    action = f'<saraban:action name="http.call" resultVariable="{result}">{given}{outputs}'
    action = action.replace(' resultVariable=""', "") + "</saraban:action>"
    call = element("serviceTask", "call", extensions=action)
    caught = ""
    if boundary:
        caught = element("boundaryEvent", "no", "<bpmn:errorEventDefinition errorRef='E'/>",
                         attachedToRef="call") + end("refused") + flow("no", "refused")  # fmt: skip
    model = bpmn(
        element("error", "E", errorCode=boundary or "http.none"),
        process(key, start("s"), call, end("e"), path("s", "call", "e"), caught),
    )
    return {f"{key}.bpmn": model}


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


@pytest.fixture(scope="module")
def far() -> Iterator[FarSystem]:
    with far_system() as running:
        yield running


@pytest.fixture
def house(sqlite_world: World, far: FarSystem) -> Iterator[World]:
    """A world whose installation lets this machine be called."""
    world = sqlite_world
    extra: Any = world.system.services.extra
    before = extra["connectors"]
    extra["connectors"] = ConnectorSettings(before.secret, Outgoing(LOOPBACK))
    far.asked.clear()
    far.answers, far.more = [(200, {"rate": 35.10, "who": "bank"})], {}
    yield world
    with reading(world.system.engine) as db:
        left = queries.connectors(db, world.home.id)
    for one in left:
        world.system.bus.execute(
            RemoveConnector(one.name, one.version), system_actor(world.home.id)
        )
    extra["connectors"] = before


def add(house: World, far: FarSystem, **more: Any) -> dict[str, Any]:
    given = {
        "name": "rates", "title": "อัตราแลกเปลี่ยน", "base_url": far.url, "methods": ["POST"],
        "paths": ["/rates/{code}"], "processes": ["asks"], "auth": "bearer", "secret": SECRET,
    } | more  # fmt: skip
    return house.system.bus.execute(SaveConnector(**given), system_actor(house.home.id))


def begin(house: World, key: str = "asks", **variables: Any) -> str:
    values = {"currency": "USD", "amount": 100} | variables
    body = {"definition_key": key, "variables": values}
    answer = house.post("/process-instances", body, as_="admin")
    assert answer.status_code == 201, answer.text
    work_off(house)
    return str(answer.json["id"])


def case(house: World, instance: str) -> dict[str, Any]:
    found: dict[str, Any] = jsonio.loads(
        house.get(f"/process-instances/{instance}", as_="admin").data
    )
    return found


def incident(house: World, instance: str) -> dict[str, Any]:
    page = house.get("/incidents?page_size=100", as_="admin").json["items"]
    (found,) = [one for one in page if one["instance_id"] == instance]
    return dict(found)


def test_a_call_goes_out_with_what_the_diagram_says(house: World, far: FarSystem) -> None:
    add(house, far, headers={"X-Client": "saraban"})
    house.deploy(called("asks"))
    done = case(house, begin(house))
    assert done["status"] == "completed"
    assert done["variables"]["answer"] == {
        "status": 200, "body": {"rate": Decimal("35.10"), "who": "bank"},
    }  # fmt: skip
    (asked,) = far.asked
    assert (asked.method, asked.path, asked.json) == (
        "POST",
        "/rates/USD?on=today",
        {"amount": 100},
    )
    assert asked.headers["Authorization"] == f"Bearer {SECRET}"
    assert asked.headers["X-Client"] == "saraban"
    with reading(house.system.engine) as db:
        row = db.execute(sa.select(job).where(job.c.instance_id == UUID(done["id"]))).one()
    assert asked.headers["Idempotency-Key"] == str(row.id)
    assert SECRET not in jsonio.dumps(row.payload)


def test_outputs_take_what_they_name_out_of_the_answer(house: World, far: FarSystem) -> None:
    add(house, far)
    outputs = '<saraban:output name="rate" value="=body.rate * amount"/>'
    house.deploy(called("asks", outputs=outputs))
    variables = case(house, begin(house))["variables"]
    assert variables["rate"] == Decimal("3510.0")
    assert {"status", "body", "answer"}.isdisjoint(variables)


def test_an_output_that_cannot_be_worked_out_is_tried_again_without_another_call(
    house: World, far: FarSystem
) -> None:
    add(house, far)
    outputs = '<saraban:output name="total" value="=body.rate * factor"/>'
    house.deploy(called("asks", outputs=outputs))
    instance = begin(house)
    stuck = incident(house, instance)
    assert (stuck["element_id"], stuck["code"]) == ("call", "feel_unknown_variable")
    house.system.bus.execute(
        SetVariables(UUID(instance), {"factor": 2}),
        Actor(house.home.id, None, "system", rights=frozenset({"operate"})),
    )
    house.post(f"/incidents/{stuck['id']}/retry", as_="admin")
    assert case(house, instance)["variables"]["total"] == Decimal("70.20")
    assert len(far.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refusal_is_an_incident_at_once(house: World, far: FarSystem, status: int) -> None:
    add(house, far)
    house.deploy(called("asks"))
    far.answers = [(status, {"error": "no"})]
    instance = begin(house)
    found = incident(house, instance)
    assert (found["code"], len(far.asked)) == ("http_refused", 1)
    assert str(status) in found["message"]
    far.answers = [(200, {})]
    house.post(f"/incidents/{found['id']}/retry", as_="admin")
    work_off(house)
    assert case(house, instance)["status"] == "completed"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_may_pass_is_tried_again_by_the_ladder(
    house: World, far: FarSystem, status: int
) -> None:
    add(house, far, attempts=3)
    house.deploy(called("asks"))
    far.answers = [(status, ""), (200, {"rate": 1})]
    instance = begin(house)
    assert case(house, instance)["status"] == "active"
    house.clock.advance(timedelta(minutes=10))
    work_off(house)
    assert case(house, instance)["status"] == "completed"
    keys = {one.headers["Idempotency-Key"] for one in far.asked}
    assert (len(far.asked), len(keys)) == (2, 1)


def test_tries_used_up_make_an_incident_with_its_cause(house: World, far: FarSystem) -> None:
    add(house, far, attempts=2)
    house.deploy(called("asks"))
    far.answers = [(503, "")]
    instance = begin(house)
    house.clock.advance(timedelta(minutes=10))
    work_off(house)
    assert (incident(house, instance)["code"], len(far.asked)) == ("http_down", 2)


@pytest.mark.parametrize(
    ("code", "status", "attempts"), [("http.404", 404, 5), ("http.503", 503, 1)]
)
def test_a_boundary_event_catches_a_status(
    house: World, far: FarSystem, code: str, status: int, attempts: int
) -> None:
    add(house, far, attempts=attempts)
    house.deploy(called("asks", boundary=code))
    far.answers = [(status, "")]
    done = case(house, begin(house))
    assert done["status"] == "completed"
    assert done["variables"]["error_code"] == code


def test_a_status_that_was_not_drawn_is_not_caught(house: World, far: FarSystem) -> None:
    add(house, far)
    house.deploy(called("asks", boundary="http.404"))
    far.answers = [(410, "")]
    assert incident(house, begin(house))["code"] == "http_refused"


def test_nobody_answers(house: World, far: FarSystem) -> None:
    add(house, far, base_url="http://127.0.0.1:9", attempts=1)
    house.deploy(called("asks", boundary="http.unreachable"))
    assert case(house, begin(house))["variables"]["error_code"] == "http.unreachable"


@pytest.mark.parametrize(
    ("answer", "code"), [((200, b"{broken"), "http_answer"), ((301, ""), "http_redirected"),
                         ((200, {"x": "y" * 3000}), "http_too_large")],
)  # fmt: skip
def test_an_answer_that_is_none(
    house: World, far: FarSystem, answer: tuple[int, Any], code: str
) -> None:
    add(house, far, max_bytes=2000)
    house.deploy(called("asks"))
    far.answers = [answer]
    assert incident(house, begin(house))["code"] == code


@pytest.mark.parametrize("value", ["../admin", "a\r\nX-Evil: 1", "", None, ["a"]])
def test_a_value_that_would_change_the_call_stops_it(
    house: World, far: FarSystem, value: Any
) -> None:
    add(house, far)
    house.deploy(called("asks"))
    assert incident(house, begin(house, currency=value))["code"] == "http_input"
    assert far.asked == []


def test_the_address_is_judged_when_the_call_is_made(house: World, far: FarSystem) -> None:
    add(house, far)
    house.deploy(called("asks"))
    extra: Any = house.system.services.extra
    extra["connectors"] = ConnectorSettings(extra["connectors"].secret, Outgoing())
    assert incident(house, begin(house))["code"] == "http_address"
    assert far.asked == []


def test_a_secret_is_nowhere_but_in_the_request(house: World, far: FarSystem) -> None:
    """Even where the other side answers with what it was sent."""
    add(house, far, auth="basic", auth_name="us")
    house.deploy(called("asks"))
    far.answers = [(200, {"echo": f"pw={SECRET}", "head": "Basic dXM6a2VwdC1hcGFydC0yNTY5"})]
    instance = begin(house)
    assert case(house, instance)["variables"]["answer"]["body"] == {
        "echo": f"pw={HIDDEN}", "head": f"Basic {HIDDEN}",
    }  # fmt: skip
    with reading(house.system.engine) as db:
        for table in job.metadata.sorted_tables:
            for row in db.execute(sa.select(table)):
                assert SECRET not in str(tuple(row)), table.name
                assert "kept-apart" not in repr(row)


def test_a_grant_that_was_taken_back_stops_what_runs(house: World, far: FarSystem) -> None:
    add(house, far)
    house.deploy(called("asks"))
    add(house, far, processes=[], secret=None, expected=1)
    assert incident(house, begin(house))["code"] == "http_not_allowed"
    assert far.asked == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"connector": "nothing"}, "connector_unknown"),
        ({"connector": "=name"}, "connector_computed"),
        ({"method": "DELETE"}, "connector_method"),
        ({"path": "/admin"}, "connector_path"),
        ({"path": '="/rates/" + code'}, "connector_computed"),
        ({"parameters": ""}, "connector_parameters"),
    ],
)
def test_the_linter_says_what_the_connector_does_not_allow(
    house: World, far: FarSystem, change: dict[str, str], code: str
) -> None:
    add(house, far)
    inputs = {name: value for name, value in (INPUTS | change).items() if value}
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(called("asks", inputs))
    (problem,) = refused.value.problems
    assert (problem.code, problem.element, problem.severity) == (code, "call", "error")


def test_the_linter_says_that_the_process_is_not_granted(house: World, far: FarSystem) -> None:
    add(house, far)
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(called("other"))
    assert [one.code for one in refused.value.problems] == ["connector_not_granted"]
    add(house, far, active=False, secret=None, expected=1)
    with pytest.raises(DeploymentRefused) as closed:
        house.deploy(called("asks"))
    assert [one.code for one in closed.value.problems] == ["connector_closed"]


def test_the_neighbour_has_none_of_it(house: World, far: FarSystem) -> None:
    add(house, far)
    with reading(house.system.engine) as db:
        assert queries.find(db, house.foreign.id, "rates") is None
        kept = queries.one(db, house.home.id, "rates")
        assert queries.sealed_secret(db, house.foreign.id, kept.id) is None


# -- keeping them -----------------------------------------------------------------------------


def test_a_secret_does_not_follow_the_address(house: World, far: FarSystem) -> None:
    """Who may change a connector must not read its secret by sending it elsewhere."""
    add(house, far)
    with pytest.raises(Invalid) as refused:
        add(house, far, base_url="http://127.0.0.1:1", secret=None, expected=1)
    assert refused.value.errors[0].code == "secret_again"
    with pytest.raises(Invalid):
        add(house, far, auth="header", auth_name="X-Key", secret=None, expected=1)
    assert add(house, far, title="x", secret=None, expected=1)["version"] == 2


def test_two_who_change_one(house: World, far: FarSystem) -> None:
    add(house, far)
    add(house, far, secret=None, expected=1)
    with pytest.raises(Stale):
        add(house, far, secret=None, expected=1)


def test_only_who_keeps_connectors_changes_them(house: World, far: FarSystem) -> None:
    rights = frozenset({"deploy", "people", "accounts"})
    clerk = Actor(house.home.id, house.home.persons["clerk"], "clerk", rights=rights)
    command = SaveConnector("x", "x", far.url, ["GET"], ["/"])
    with pytest.raises(Forbidden):
        house.system.bus.execute(command, clerk)


# -- by REST ----------------------------------------------------------------------------------


def written(far: FarSystem, **more: Any) -> dict[str, Any]:
    return {
        "title": "อัตราแลกเปลี่ยน", "base_url": far.url, "methods": ["GET"],
        "paths": ["/rates/{code}"], "processes": ["asks"], "auth": "header",
        "auth_name": "X-Key", "secret": SECRET,
    } | more  # fmt: skip


def test_a_connector_is_kept_by_rest(house: World, far: FarSystem) -> None:
    made = house.post("/connectors", {"name": "bank", **written(far)}, as_="admin")
    assert (made.status_code, made.json) == (201, {"name": "bank", "version": 1})
    again = house.post("/connectors", {"name": "bank", **written(far)}, as_="admin")
    assert again.status_code == 409
    read = house.get("/connectors/bank", as_="admin")
    assert read.json["has_secret"]
    assert SECRET not in read.text + house.get("/connectors", as_="admin").text
    change = written(far, title="ธนาคาร")
    del change["secret"]
    stale = house.call(
        "PUT", "/connectors/bank", as_="admin", json=change, headers={"If-Match": '"7"'}
    )
    assert stale.status_code == 412
    tag = {"If-Match": read.headers["ETag"]}
    done = house.call("PUT", "/connectors/bank", as_="admin", json=change, headers=tag)
    assert done.json == {"name": "bank", "version": 2}
    gone = house.post("/connectors/bank/remove", {}, as_="admin", headers={"If-Match": '"2"'})
    assert gone.json == {"name": "bank"}
    assert house.get("/connectors/bank", as_="admin").status_code == 404
    assert house.get("/connectors", as_="clerk").status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"base_url": "http://api.example.go.th"}, "base_url"),
        ({"methods": ["TRACE"]}, "methods"),
        ({"paths": ["/../x"]}, "paths"),
        ({"headers": {"Host": "x"}}, "headers"),
        ({"secret": None}, "secret"),
    ],
)
def test_what_cannot_be_a_connector_is_told_by_field(
    house: World, far: FarSystem, change: dict[str, Any], field: str
) -> None:
    answer = house.post("/connectors", {"name": "bank", **written(far), **change}, as_="admin")
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {field}


def test_trying_tells_what_came_back_and_is_remembered(house: World, far: FarSystem) -> None:
    add(house, far, methods=["GET"], processes=[], active=False)
    far.answers = [(404, {"error": f"no {SECRET}"})]
    call = {"method": "GET", "path": "/rates/{code}", "parameters": {"code": "THB"}}
    tried = house.post("/connectors/rates/try", call, as_="admin").json
    assert (tried["status"], tried["body"]) == (404, {"error": f"no {HIDDEN}"})
    wrong = house.post("/connectors/rates/try", {**call, "path": "/admin"}, as_="admin").json
    assert (wrong["status"], wrong["code"]) == (None, "http_not_allowed")
    assert house.post("/connectors/rates/try", call, as_="clerk").status_code == 403
    with reading(house.system.engine) as db:
        kept = queries.one(db, house.home.id, "rates")
        events = people.events_of(db, house.home.id, kept.id)
    assert [e.data["result"] for e in events if e.type == "connector.tried"] == [
        "http_not_allowed", "404",
    ]  # fmt: skip


def test_the_guides_example_runs(house: World, far: FarSystem) -> None:
    add(house, far, methods=["GET"])
    call, _, declared = guide.CALLING.partition("<bpmn:error id=")
    model = bpmn(
        f"<bpmn:error id={declared}",
        process(
            "asks", start("s"), call, end("e"), end("no"), path("s", "ask", "e"),
            flow("unknown_currency", "no"),
        ),
    )  # fmt: skip
    house.deploy({"asks.bpmn": model})
    variables = case(house, begin(house))["variables"]
    assert (variables["rate"], variables["total"]) == (Decimal("35.1"), Decimal("3510.0"))
    assert far.asked[-1].path.startswith("/rates/USD?on=20")
