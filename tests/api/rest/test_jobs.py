"""Machine work that died, over HTTP: listed, tried again, or gone on without."""

from __future__ import annotations

from typing import Any

import pytest
from support.troubles import DeadJob, dead_job


@pytest.fixture
def dead(world: Any) -> DeadJob:
    return dead_job(world)


def _listed(world: Any, as_: str = "admin") -> dict[str, Any]:
    found = world.get("/jobs/dead?page_size=100", as_=as_)
    assert found.status_code == 200, found.text
    return {row["id"]: row for row in found.json["items"]}


def test_a_dead_job_is_listed_with_its_cause(world: Any, dead: DeadJob) -> None:
    row = _listed(world)[dead.job]
    assert (row["state"], row["last_error"], row["element_id"]) == ("dead", "no line", "send")
    assert row["instance_id"] == dead.case
    assert world.get(dead.path, as_="admin").json == row
    assert world.get("/jobs/dead", as_="clerk").status_code == 403
    assert world.get(dead.path, as_="clerk").status_code == 403
    assert dead.job not in _listed(world, "stranger")
    assert world.get(dead.path, as_="stranger").status_code == 404


def test_a_dead_job_is_tried_again_once(world: Any, dead: DeadJob) -> None:
    again = world.post(f"{dead.path}/retry", as_="admin")
    assert (again.status_code, again.json["state"]) == (200, "waiting")
    assert again.json["instance_status"] == "active"
    assert dead.job not in _listed(world)
    twice = world.post(f"{dead.path}/retry", as_="admin")
    assert (twice.status_code, twice.json["reason"]) == (409, "job_not_dead")


def test_a_dead_job_is_skipped_with_a_reason(world: Any, dead: DeadJob) -> None:
    path = f"{dead.path}/skip"
    assert world.post(path, as_="admin").status_code == 422
    for reason in ("", "   ", 7, None, "x" * 1_001):
        assert world.post(path, {"reason": reason}, as_="admin").status_code == 422, reason
    body = {"reason": "sent by post", "variables": {"ok": True}}
    skipped = world.post(path, body, as_="admin")
    assert (skipped.status_code, skipped.json["state"]) == (200, "cancelled")
    case = world.get(f"/process-instances/{dead.case}", as_="admin").json
    assert [task["element_id"] for task in case["tasks"]] == ["after"]
    assert case["variables"]["sent"] == {"ok": True}
    history = world.get(f"/process-instances/{dead.case}/history", as_="admin").json["items"]
    told = next(event for event in history if event["type"] == "job.skipped")
    assert (told["actor"], told["data"]["reason"]) == ("admin", "sent by post")
    assert world.post(path, body, as_="admin").json["reason"] == "job_not_dead"


@pytest.mark.parametrize("act", ["retry", "skip"])
def test_only_operators_of_the_agency_act(world: Any, dead: DeadJob, act: str) -> None:
    body = {"reason": "why"} if act == "skip" else {}
    for who, status in (("clerk", 403), ("stranger", 404)):
        assert world.post(f"{dead.path}/{act}", body, as_=who).status_code == status
    assert dead.job in _listed(world)
