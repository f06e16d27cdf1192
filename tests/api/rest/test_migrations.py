"""All running instances to another version over HTTP: asked, carried out behind it, taken back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from support.versions import deploy

from engine import jobs


@pytest.fixture
def key() -> str:
    return f"many-{uuid4().hex[:8]}"


def start(world: Any, key: str) -> str:
    return str(world.post("/process-instances", {"definition_key": key}).json["id"])


def work_off(world: Any) -> None:
    turns = jobs.Turns()
    while turns.run_next(world.system.bus, uuid4()):
        pass


def begin(world: Any, path: str, body: Any = None, as_: str = "admin") -> Any:
    made = world.post(path, body, as_=as_)
    assert made.status_code == 202, made.text
    work_off(world)
    return made.json


def test_asking_carrying_out_and_taking_back(world: Any, key: str) -> None:
    first = deploy(world, key, "a", "b")
    kept, moved = start(world, key), start(world, key)
    (task,) = world.get(f"/process-instances/{kept}").json["tasks"]
    assert world.post(f"/tasks/{task['id']}/complete").status_code == 200
    second = deploy(world, key, "a", "c")
    begun = begin(world, "/migrations", {"target_definition_id": second})
    assert (begun["key"], begun["state"], begun["wanted"]) == (key, "checking", 2)
    path = f"/migrations/{begun['id']}"
    asked = world.get(path, as_="admin").json
    assert (asked["state"], asked["counts"]) == ("checked", {"possible": 1, "refused": 1})
    (refused,) = world.get(f"{path}/instances?outcome=refused", as_="admin").json["items"]
    assert (refused["instance_id"], refused["code"]) == (kept, "element_removed")
    assert (refused["element_id"], refused["from_version"]) == ("b", 1)
    begin(world, f"{path}/carry-out")
    done = world.get(path, as_="admin").json
    assert (done["state"], done["done"], done["carried_by"]) == ("migrated", 1, "admin")
    assert world.get(f"/process-instances/{moved}").json["definition_id"] == second
    begin(world, f"{path}/undo")
    assert world.get(path, as_="admin").json["state"] == "undone"
    assert world.get(f"/process-instances/{moved}").json["definition_id"] == first
    (listed,) = world.get(f"/migrations?key={key}", as_="admin").json["items"]
    assert listed == world.get(path, as_="admin").json
    again = world.post(f"{path}/undo", as_="admin")
    assert (again.status_code, again.json["reason"]) == (409, "migration_elsewhere")


def test_only_those_that_are_chosen(world: Any, key: str) -> None:
    deploy(world, key, "a")
    one, other = start(world, key), start(world, key)
    second = deploy(world, key, "a", "c")
    path = f"/migrations/{begin(world, '/migrations', {'target_definition_id': second})['id']}"
    made = world.post(f"{path}/choose", {"instances": [one]}, as_="admin")
    assert (made.status_code, made.json["possible"], made.json["unchosen"]) == (200, 1, 1)
    wrong = world.post(f"{path}/carry-out", {"instances": [one, str(uuid4())]}, as_="admin")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "chosen.1")
    begin(world, f"{path}/carry-out", {"instances": [other]})
    assert world.get(path, as_="admin").json["counts"] == {"migrated": 1, "unchosen": 1}
    assert world.get(f"/process-instances/{other}").json["definition_id"] == second
    assert world.get(f"/process-instances/{one}").json["definition_id"] != second


def test_only_who_may_publish(world: Any, key: str) -> None:
    deploy(world, key, "a")
    start(world, key)
    second = deploy(world, key, "a", "c")
    body = {"target_definition_id": second}
    assert world.post("/migrations", body, as_="clerk").status_code == 403
    path = f"/migrations/{begin(world, '/migrations', body)['id']}"
    for other, status in (("clerk", 403), ("stranger", 404)):
        for act, sent in (("carry-out", {}), ("undo", {}), ("choose", {"instances": []})):
            assert world.post(f"{path}/{act}", sent, as_=other).status_code == status
    assert world.get(path, as_="clerk").status_code == 403
    assert world.get(f"{path}/instances", as_="clerk").status_code == 403
    assert world.get(f"/migrations?key={key}", as_="clerk").status_code == 403


def test_a_mapping_and_a_source_that_cannot_be_meant(world: Any, key: str) -> None:
    deploy(world, key, "a")
    target = deploy(world, key, "a", "c")
    for more in ({"mapping": {"a": "x"}}, {"source_definition_id": target}):
        refused = world.post("/migrations", {"target_definition_id": target, **more}, as_="admin")
        assert refused.status_code == 422, refused.text
    assert (
        world.post("/migrations", {"target_definition_id": str(uuid4())}, as_="admin").json[
            "status"
        ]
        == 404
    )
