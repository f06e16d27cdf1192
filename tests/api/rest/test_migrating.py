"""Taking a running instance to another version over HTTP, asking first, and back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from support.versions import deploy


@pytest.fixture
def key() -> str:
    return f"trip-{uuid4().hex[:8]}"


def start(world: Any, key: str) -> str:
    return str(world.post("/process-instances", {"definition_key": key}).json["id"])


def migrate(world: Any, id_: str, target: str, as_: str = "admin", **more: Any) -> Any:
    body = {"target_definition_id": target, **more}
    return world.post(f"/process-instances/{id_}/migrate", body, as_=as_)


def test_asking_doing_and_undoing(world: Any, key: str) -> None:
    first = deploy(world, key, "a", "b")
    id_ = start(world, key)
    second = deploy(world, key, "a", "legal", "b")
    asked = migrate(world, id_, second, dry_run=True)
    assert asked.status_code == 200, asked.text
    assert (asked.json["possible"], asked.json["definition_version"]) == (True, 2)
    assert asked.json["tokens"] == [
        {"instance_id": id_, "element_id": "a", "target_element_id": "a", "outcome": "kept",
         "changes": [], "code": None, "message": None}
    ]  # fmt: skip
    assert world.get(f"/process-instances/{id_}").json["definition_id"] == first
    done = migrate(world, id_, second)
    assert (done.status_code, done.json["definition_id"]) == (200, second)
    assert world.get(f"/process-instances/{id_}").json["definition_id"] == second
    history = world.get(f"/process-instances/{id_}/history").json["items"]
    assert [e["data"]["to"] for e in history if e["type"] == "instance.migrated"] == [second]
    undone = world.post(f"/process-instances/{id_}/undo-migration", as_="admin")
    assert (undone.status_code, undone.json["definition_id"]) == (200, first)
    again = world.post(f"/process-instances/{id_}/undo-migration", as_="admin")
    assert (again.status_code, again.json["reason"]) == (409, "not_migrated")


def test_a_refusal_says_why_for_each_token(world: Any, key: str) -> None:
    deploy(world, key, "a")
    id_ = start(world, key)
    target = deploy(world, key, "z")
    refused = migrate(world, id_, target)
    assert (refused.status_code, refused.json["code"]) == (409, "rejected")
    assert refused.json["reason"] == "migration_refused"
    (why,) = refused.json["errors"]
    assert (why["element"], why["code"]) == ("a", "element_removed")
    asked = migrate(world, id_, target, dry_run=True)
    assert (asked.status_code, asked.json["possible"]) == (200, False)
    assert asked.json["tokens"][0]["outcome"] == "refused"
    mapped = migrate(world, id_, target, mapping={"a": "z"})
    assert (mapped.status_code, mapped.json["tokens"][0]["target_element_id"]) == (200, "z")


def test_a_repeated_request_is_one_migration(world: Any, key: str) -> None:
    deploy(world, key, "a")
    id_ = start(world, key)
    body = {"target_definition_id": deploy(world, key, "a", "b")}
    sent = {"as_": "admin", "headers": {"Idempotency-Key": str(uuid4())}}
    first, second = (
        world.post(f"/process-instances/{id_}/migrate", body, **sent) for _ in range(2)
    )
    assert (first.status_code, first.json) == (200, second.json)


def test_who_may_and_what_is_there(world: Any, key: str) -> None:
    deploy(world, key, "a")
    id_ = start(world, key)
    target = deploy(world, key, "a", "b")
    theirs = deploy(world, key, "a", as_="stranger")
    assert migrate(world, id_, target, as_="clerk").status_code == 403
    assert migrate(world, id_, target, as_="stranger").status_code == 404
    assert migrate(world, id_, theirs).status_code == 404
    assert migrate(world, str(uuid4()), target).status_code == 404
    for wrong in ({"mapping": {"no": "a"}}, {"mapping": {"a": 1}}, {"dry_run": "yes"}):
        answer = migrate(world, id_, target, **wrong)
        assert answer.status_code == 422, answer.text
    path = f"/process-instances/{id_}/undo-migration"
    assert world.post(path, as_="clerk").status_code == 403
