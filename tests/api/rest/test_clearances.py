"""/clearances: granted and withdrawn by who keeps people, seen by auditors, never one's own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest


@pytest.fixture
def newcomer(world: Any) -> str:
    name = f"n{uuid4().hex[:8]}"
    assert world.post("/people", {"username": name, "given_name": "ใหม่"}, as_="admin").status_code
    return name


def wanted(username: str, **more: Any) -> dict[str, Any]:
    return {"username": username, "level": 2, "order_ref": "คำสั่งที่ 1", "first_day": "2026-01-01",
            **more}  # fmt: skip


def test_a_clearance_is_granted_seen_and_withdrawn(world: Any, newcomer: str) -> None:
    made = world.post("/clearances", wanted(newcomer), as_="admin")
    assert made.status_code == 201
    (row,) = world.get(f"/clearances?username={newcomer}", as_="admin").json["items"]
    assert (row["level"], row["state"], row["granted_by"]) == (2, "running", "admin")
    again = world.post("/clearances", wanted(newcomer, level=3), as_="admin")
    assert (again.status_code, again.json["reason"]) == (409, "cleared")
    path = f"/clearances/{made.json['id']}/withdraw"
    assert world.post(path, {}, as_="admin").status_code == 422
    assert world.post(path, {"reason": "ย้าย"}, as_="admin").status_code == 200
    (row,) = world.get(f"/clearances?username={newcomer}", as_="admin").json["items"]
    assert row["state"] == "ended"
    assert world.post(path, {"reason": "ย้าย"}, as_="admin").status_code == 409


def test_only_who_keeps_people_grants_and_nobody_to_themselves(world: Any, newcomer: str) -> None:
    made = world.post("/clearances", wanted(newcomer), as_="admin").json["id"]
    assert world.post("/clearances", wanted("boss"), as_="clerk").status_code == 403
    assert (
        world.post(f"/clearances/{made}/withdraw", {"reason": "x"}, as_="clerk").status_code == 403
    )
    assert world.get("/clearances", as_="clerk").status_code == 403
    own = world.post("/clearances", wanted("admin"), as_="admin")
    assert (own.status_code, own.json["code"]) == (403, "own_clearance")
    body = {"reason": "x"}
    assert world.post(f"/clearances/{made}/withdraw", body, as_="stranger").status_code in {
        403,
        404,
    }
    assert world.post("/clearances", wanted("nobody"), as_="admin").status_code == 404


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"level": 4}, "level"),
        ({"level": 1}, "level"),
        ({"level": "2"}, "level"),
        ({"order_ref": ""}, "order_ref"),
        ({"last_day": "2025-01-01"}, "last_day"),
        ({"first_day": "soon"}, "first_day"),
    ],
)
def test_what_is_wrong_is_named(world: Any, newcomer: str, more: dict[str, Any], path: str) -> None:
    answer = world.post("/clearances", wanted(newcomer, **more), as_="admin")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [path]
    assert world.get(f"/clearances?username={newcomer}", as_="admin").json["items"] == []
