"""Versions that are withdrawn start nothing more, and what runs in them goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from support.builders import AGENCY, OTHER_AGENCY, ROUTE, Works, bpmn, user

from engine.commands.definitions import RestoreDefinition, WithdrawDefinition
from engine.commands.deleting import DeleteDefinition
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.messages import SendMessage
from engine.db import reading
from engine.errors import (
    Conflict,
    DefinitionInUse,
    DeploymentRefused,
    Forbidden,
    Invalid,
    NotFound,
    Rejected,
)
from engine.models.deployment import definition_event, deployed_file, deployment, process_definition
from engine.models.starting import start_event
from engine.queries import definitions

CHANGED = bpmn("route", user("draft"), flows="start>draft draft>end")
EVENTS = '<bpmn:message id="m" name="asked"/>'


def listening(key: str, element: str = "heard") -> bytes:
    """A process that a message starts, and each day a timer."""
    starts = (
        f'<bpmn:startEvent id="{element}"><bpmn:messageEventDefinition messageRef="m"/>'
        "</bpmn:startEvent>"
        '<bpmn:startEvent id="daily"><bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D'
        "</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    flows = f"start>draft {element}>draft daily>draft draft>end"
    return bpmn(key, starts, user("draft"), flows=flows, extra=EVENTS)


def deployed(works: Works, source: bytes) -> UUID:
    (made,) = works.run(Deploy({"r.bpmn": source}))["definitions"]
    return UUID(str(made["id"]))


def refused(
    works: Works, command: object, kind: type[Rejected] = Conflict, who="admin"
) -> Rejected:
    with pytest.raises(kind) as found:
        works.run(command, who)
    return found.value


def test_an_older_version_starts_nothing_more_and_what_runs_goes_on(works: Works) -> None:
    old = deployed(works, ROUTE)
    case = works.start()
    deployed(works, CHANGED)
    answer = works.run(WithdrawDefinition(old, "ผิดระเบียบ"))
    assert (answer["version"], answer["versions"]) == (1, [1])
    error = refused(works, StartInstance("route", 1))
    assert error.code == "definition_withdrawn"
    assert "version 1" in error.message
    assert "restore" in error.message
    case.task("draft").complete()
    assert case.open() == ["review"]
    assert works.start().status == "active"


def test_the_newest_goes_only_with_the_whole_process(works: Works) -> None:
    first = deployed(works, ROUTE)
    newest = deployed(works, CHANGED)
    assert refused(works, WithdrawDefinition(newest, "x")).code == "newest_version"
    older = WithdrawDefinition(first, "x", whole_key=True)
    assert refused(works, older).code == "not_newest", "who saw an older page takes nothing along"
    assert works.rows(definition_event) == []
    case = works.start()
    answer = works.run(WithdrawDefinition(newest, "เลิกใช้", whole_key=True))
    assert answer["versions"] == [1, 2]
    error = refused(works, StartInstance("route"))
    assert error.code == "definition_withdrawn"
    assert "all are withdrawn" in error.message
    case.task("draft").complete()
    assert case.status == "completed"
    again = works.run(Deploy({"r.bpmn": CHANGED}))["definitions"][0]
    assert again["version"] == 3, "the same files are a version of their own once withdrawn"
    assert works.start().status == "active"


def test_a_restored_version_is_started_again(works: Works) -> None:
    first, second = deployed(works, ROUTE), deployed(works, CHANGED)
    works.run(WithdrawDefinition(second, "x", whole_key=True))
    works.run(RestoreDefinition(first, "ยังใช้ได้"))
    assert works.start().open() == ["draft"]
    assert refused(works, StartInstance("route", 2)).code == "definition_withdrawn"
    assert refused(works, WithdrawDefinition(first, "x")).code == "newest_version"
    works.run(RestoreDefinition(second, "y"))
    started = works.run(StartInstance("route"), "somchai")
    assert UUID(str(started["definition_id"])) == second


def test_what_is_done_already_is_told(works: Works) -> None:
    first, _ = deployed(works, ROUTE), deployed(works, CHANGED)
    assert refused(works, RestoreDefinition(first, "x")).code == "not_withdrawn"
    works.run(WithdrawDefinition(first, "x"))
    assert refused(works, WithdrawDefinition(first, "x")).code == "already_withdrawn"
    for command in (WithdrawDefinition(first, " "), RestoreDefinition(first, "")):
        refused(works, command, Invalid)


def test_only_those_who_deploy_and_only_at_home(works: Works) -> None:
    first, _ = deployed(works, ROUTE), deployed(works, CHANGED)
    for command in (WithdrawDefinition(first, "x"), RestoreDefinition(first, "x")):
        refused(works, command, Forbidden, "somchai")
        refused(works, command, NotFound, works.actor("admin", OTHER_AGENCY))
        refused(works, replace(command, definition_id=uuid4()), NotFound)
    assert {row.withdrawn_at for row in works.rows(process_definition)} == {None}


def test_messages_and_moments_start_it_no_more_until_it_is_restored(works: Works) -> None:
    only = deployed(works, listening("route"))
    works.run(WithdrawDefinition(only, "x", whole_key=True))
    assert works.rows(start_event) == []
    with pytest.raises(NotFound):
        works.run(SendMessage("asked", "k"))
    works.clock.advance(timedelta(days=2))
    works.run(RestoreDefinition(only, "y"))
    assert {row.element_id for row in works.rows(start_event)} == {"heard", "daily"}
    assert min(row.due_at for row in works.rows(start_event) if row.due_at) > works.clock.now()
    assert works.run(SendMessage("asked", "k"))["instances"]


def test_an_older_version_restored_leaves_the_newest_listening(works: Works) -> None:
    first = deployed(works, listening("route"))
    second = deployed(works, listening("route", "called"))
    works.run(WithdrawDefinition(first, "x"))
    works.run(RestoreDefinition(first, "y"))
    assert {row.definition_id for row in works.rows(start_event)} == {second}


def test_a_message_that_starts_another_meanwhile_is_no_longer_free(works: Works) -> None:
    first = deployed(works, listening("route"))
    works.run(WithdrawDefinition(first, "x", whole_key=True))
    deployed(works, listening("other"))
    error = refused(works, RestoreDefinition(first, "y"), DeploymentRefused)
    assert "other" in error.message
    (row,) = [row for row in works.rows(process_definition) if row.id == first]
    assert row.withdrawn_at is not None


def test_of_several_in_a_file_one_is_restored_alone(works: Works) -> None:
    """The others of its deployment listen already: their messages are taken by themselves."""
    files = {"a.bpmn": listening("route"), "b.bpmn": CHANGED.replace(b'"route"', b'"plain"')}
    made = works.run(Deploy(files))["definitions"]
    ids = {one["key"]: UUID(str(one["id"])) for one in made}
    works.run(WithdrawDefinition(ids["plain"], "x", whole_key=True))
    works.run(RestoreDefinition(ids["plain"], "y"))
    assert works.start("plain").status == "active"
    assert works.rows(start_event)


def test_a_withdrawn_process_is_not_called_by_what_is_deployed_later(works: Works) -> None:
    caller = bpmn(
        "caller", '<bpmn:callActivity id="c" calledElement="route"/>', flows="start>c c>end"
    )
    only = deployed(works, ROUTE)
    deployed(works, caller)
    works.run(WithdrawDefinition(only, "x", whole_key=True))
    assert works.start("caller").status == "active", "a call is pinned when it is deployed"
    refused(works, Deploy({"c.bpmn": caller.replace(b'"caller"', b'"later"')}), DeploymentRefused)


def test_lists_and_history_tell_it(works: Works) -> None:
    first, second = deployed(works, ROUTE), deployed(works, CHANGED)
    works.run(WithdrawDefinition(first, "เก่า"))
    with reading(works.engine) as db:
        assert [row.id for row in definitions.latest(db, AGENCY)] == [str(second)]
        (one,) = definitions.withdrawn(db, AGENCY)
        assert (one.id, one.withdrawn_at) == (str(first), works.clock.now())
        assert definitions.latest(db, AGENCY, "route", 1) == [one]
        assert [row.version for row in definitions.versions(db, AGENCY, "route")] == [2, 1]
        (event,) = definitions.events(db, AGENCY, "route")
        assert (event.actor, event.type, event.version, event.reason) == (
            "admin", "definition.withdrawn", 1, "เก่า",
        )  # fmt: skip
        for look in (definitions.versions, definitions.events, definitions.withdrawn):
            assert look(db, OTHER_AGENCY, "route") == []
    works.run(WithdrawDefinition(second, "เลิก", whole_key=True))
    with reading(works.engine) as db:
        assert definitions.latest(db, AGENCY) == definitions.latest(db, AGENCY, "route") == []
        assert [row.version for row in definitions.withdrawn(db, AGENCY, "route")] == [2, 1]


def test_nothing_refers_to_it_so_it_goes_with_its_files(works: Works) -> None:
    first, second = deployed(works, ROUTE), deployed(works, CHANGED)
    assert refused(works, DeleteDefinition(first)).code == "delete_in_use"
    works.run(WithdrawDefinition(second, "x", whole_key=True))
    refused(works, DeleteDefinition(second), Forbidden, "somchai")
    refused(works, DeleteDefinition(second), NotFound, works.actor("admin", OTHER_AGENCY))
    assert works.run(DeleteDefinition(second, "ผิด"))["deployment_deleted"]
    assert [row.id for row in works.rows(process_definition)] == [first]
    assert len(works.rows(deployment)) == len(works.rows(deployed_file)) == 1
    refused(works, DeleteDefinition(second), NotFound)
    again = works.run(Deploy({"r.bpmn": CHANGED}))["definitions"][0]
    assert again["version"] == 3, "a number is not given twice"
    with reading(works.engine) as db:
        told = definitions.events(db, AGENCY, "route")[0]
    assert (told.type, told.version, told.reason) == ("definition.deleted", 2, "ผิด")


def test_what_has_run_in_it_keeps_it_and_is_counted(works: Works) -> None:
    only = deployed(works, ROUTE)
    works.start().task("draft").complete()
    works.start()
    works.run(WithdrawDefinition(only, "x", whole_key=True))
    error = refused(works, DeleteDefinition(only), DefinitionInUse)
    assert error.claims == {"instances": 2, "tasks": 3}
    assert "2 instances, 3 tasks" in error.message


def test_what_calls_it_keeps_it(works: Works) -> None:
    call = '<bpmn:callActivity id="c" calledElement="route"/>'
    caller = bpmn("caller", call, flows="start>c c>end")
    beside = works.run(Deploy({"a.bpmn": ROUTE, "b.bpmn": caller}))["definitions"]
    ids = {one["key"]: UUID(str(one["id"])) for one in beside}
    works.run(WithdrawDefinition(ids["route"], "x", whole_key=True))
    assert refused(works, DeleteDefinition(ids["route"]), DefinitionInUse).claims == {"callers": 1}
    works.run(WithdrawDefinition(ids["caller"], "x", whole_key=True))
    assert not works.run(DeleteDefinition(ids["caller"]))["deployment_deleted"]
    assert works.run(DeleteDefinition(ids["route"]))["deployment_deleted"]
    alone = deployed(works, ROUTE)
    deployed(works, caller)
    works.run(WithdrawDefinition(alone, "x", whole_key=True))
    assert refused(works, DeleteDefinition(alone), DefinitionInUse).claims == {"callers": 1}
