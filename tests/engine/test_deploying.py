"""Deploying: versions are immutable, and a bad file changes nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from support.builders import OTHER_AGENCY, ROUTE, Works, bpmn, user

from engine.commands.deployments import Deploy
from engine.commands.instances import CancelInstance, StartInstance
from engine.db import reading
from engine.errors import DeploymentRefused, Forbidden, NotFound
from engine.models.deployment import deployment, process_definition
from engine.queries import definitions

GOOD = bpmn("good", user("draft"), flows="start>draft draft>end")
CHANGED = bpmn("route", user("draft"), flows="start>draft draft>end")


def test_versions_count_up_and_running_instances_stay(works: Works) -> None:
    old = works.deploy(ROUTE).start()
    works.deploy(CHANGED)
    new = works.start()
    for case in (old, new):
        case.task("draft").complete()
    assert (old.open(), new.status) == (["review"], "completed")
    third = works.run(StartInstance("route", version=1), "somchai")
    assert third["status"] == "active"


def test_the_same_files_are_the_same_deployment(works: Works) -> None:
    first = works.run(Deploy({"r.bpmn": ROUTE}))
    assert works.run(Deploy({"r.bpmn": ROUTE})) == first
    assert first["definitions"][0]["version"] == 1
    second = works.run(Deploy({"r.bpmn": CHANGED}))
    back = works.run(Deploy({"r.bpmn": ROUTE}))
    versions = [answer["definitions"][0]["version"] for answer in (second, back)]
    assert versions == [2, 3]


def test_an_error_in_one_file_deploys_nothing(works: Works) -> None:
    bad = ROUTE.replace(b'targetRef="end"', b'targetRef="nowhere"')
    with pytest.raises(DeploymentRefused) as refused:
        works.run(Deploy({"good.bpmn": GOOD, "bad.bpmn": bad}))
    errors = [found for found in refused.value.problems if found.severity == "error"]
    assert {found.file for found in errors} == {"bad.bpmn"}
    assert works.rows(deployment) == works.rows(process_definition) == []


def test_deploying_and_starting_need_their_rights(works: Works) -> None:
    with pytest.raises(Forbidden):
        works.run(Deploy({"r.bpmn": ROUTE}), "somchai")
    barred = ROUTE.replace(
        b"<bpmn:startEvent",
        b'<bpmn:extensionElements><saraban:start role="officer"/></bpmn:extensionElements>'
        b"<bpmn:startEvent",
    )
    works.deploy(barred)
    with pytest.raises(Forbidden):
        works.start(who="stranger")
    assert works.start(who="somchai").status == "active"
    with pytest.raises(NotFound):
        works.start("unknown")
    with pytest.raises(NotFound):
        works.run(StartInstance("route", version=9))


INTERNAL = ROUTE.replace(
    b"<bpmn:startEvent",
    b'<bpmn:extensionElements><saraban:start internal="true"/></bpmn:extensionElements>'
    b"<bpmn:startEvent",
)


def test_nobody_starts_an_internal_process_themselves(works: Works) -> None:
    works.deploy(ROUTE)
    works.deploy(INTERNAL)
    for who in ("somchai", "admin"):
        for version in (None, 2, 1):  # the version before it was internal is no way in either
            with pytest.raises(Forbidden) as refused:
                works.run(StartInstance("route", version), who)
            assert refused.value.code == "internal_process"
    startable = {row.version: row.startable for row in works.rows(process_definition)}
    assert startable == {1: True, 2: False}


def test_another_command_starts_an_internal_process(works: Works) -> None:
    works.deploy(INTERNAL)
    handlers = {
        **works.bus.handlers,
        CancelInstance: lambda _command, ctx: ctx.run(StartInstance("route")),
    }
    bus = replace(works.bus, handlers=handlers)
    answer = bus.execute(CancelInstance(uuid4(), "x"), works.actor("somchai"))
    assert answer["status"] == "active"


def test_definitions_are_read_as_they_were_deployed(works: Works) -> None:
    answer = works.run(Deploy({"r.bpmn": ROUTE}))
    works.run(Deploy({"r.bpmn": CHANGED}))
    works.run(Deploy({"r.bpmn": ROUTE}), works.actor("admin", OTHER_AGENCY))
    agency = works.actor("admin").agency_id
    with reading(works.engine) as db:
        newest = definitions.latest(db, agency)
        assert [(row.key, row.version) for row in newest] == [("route", 2)]
        first = definitions.latest(db, agency, "route", 1)[0]
        assert first.id == answer["definitions"][0]["id"]
        assert definitions.xml(db, agency, UUID(first.id)) == ROUTE
        assert definitions.one(db, agency, UUID(first.id)) == first
        assert definitions.files(db, agency, UUID(first.id)) == {"r.bpmn": ROUTE}
        for look in (definitions.one, definitions.xml, definitions.files):
            with pytest.raises(NotFound):
                look(db, OTHER_AGENCY, UUID(first.id))
