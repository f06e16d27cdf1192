"""Ended cases put away by REST: policies, the run, what stays, and the evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from support.builders import bpmn

from api.archiving.commands import ARCHIVE_CASES
from api.evidence import examine
from engine import jobs
from engine.actor import system_actor
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.db import reading
from engine.models.job import job

AT = "/archived-instances"


@pytest.fixture
def case(world: Any) -> str:
    """A case that ended as it began, of a process of its own."""
    key, bus = f"short-{uuid4().hex[:8]}", world.system.bus
    source = bpmn(key, flows="start>end")
    bus.execute(Deploy({"a.bpmn": source}), system_actor(world.home.id))
    begun = bus.execute(StartInstance(key, business_key=key), system_actor(world.home.id))
    assert begun["status"] == "completed"
    return str(begun["id"])


def test_a_case_is_put_away_and_found_again(world: Any, case: str, tmp_path: Any) -> None:
    key = world.get(f"/process-instances/{case}", as_="admin").json["definition_key"]
    policy = {"definition_key": key, "keep_days": 0, "reason": "ระเบียบ"}
    assert world.post(f"{AT}/policies", policy, as_="admin").status_code == 201
    listed = world.get(f"{AT}/policies", as_="admin").json["items"]
    assert (listed[0]["definition_key"], listed[0]["keep_days"]) == (key, 0)
    world.clock.advance(timedelta(seconds=1))
    asked = world.post(f"{AT}/runs", {}, as_="admin")
    assert asked.status_code == 202
    assert jobs.run_job(world.system.bus, UUID(asked.json["job_id"]))
    assert world.get(f"/jobs/{asked.json['job_id']}", as_="admin").json["state"] == "done"
    assert world.get(f"/process-instances/{case}", as_="admin").status_code == 404

    stone = world.get(f"{AT}/{case}", as_="admin").json
    assert (stone["business_key"], stone["status"]) == (key, "completed")
    found = world.get(AT, query_string={"q": key, "definition_key": key}, as_="admin").json
    assert [one["id"] for one in found["items"]] == [case]
    sent = world.get(f"{AT}/{case}/evidence", as_="admin")
    assert sent.headers["ETag"].strip('"') == stone["seal"]
    file = tmp_path / "case.zip"
    file.write_bytes(sent.data)
    assert examine(file, [], world.clock.now(), seal=stone["seal"]).findings == []


def test_rights_and_limits(world: Any, case: str) -> None:
    assert world.get(AT, as_="clerk").json["items"] == []
    for path in (f"{AT}/policies", f"{AT}/{case}", f"{AT}/{case}/evidence"):
        status = 404 if case in path else 403
        assert world.get(path, as_="clerk").status_code == status, path
    for path, body in ((f"{AT}/policies", {"keep_days": 1, "reason": "x"}), (f"{AT}/runs", {})):
        assert world.post(path, body, as_="clerk").status_code == 403
    for days in (-1, 36_526, "1", 1.5):
        body = {"keep_days": days, "reason": "x"}
        assert world.post(f"{AT}/policies", body, as_="admin").status_code == 422, days


def test_no_policy_no_run(world: Any) -> None:
    world.post(f"{AT}/policies", {"keep_days": None, "reason": "x"}, as_="admin")
    with reading(world.system.engine) as db:
        before = len(db.execute(job.select().where(job.c.action == ARCHIVE_CASES)).all())
    answer = world.post(f"{AT}/runs", {}, as_="admin")
    if answer.status_code == 409:
        assert answer.json["reason"] == "no_policy"
        with reading(world.system.engine) as db:
            after = len(db.execute(job.select().where(job.c.action == ARCHIVE_CASES)).all())
        assert after == before


def test_a_case_is_held_and_destroyed_on_peoples_word(world: Any, case: str) -> None:
    key = world.get(f"/process-instances/{case}", as_="admin").json["definition_key"]
    policy = {"definition_key": key, "keep_days": 0, "reason": "ระเบียบ", "destroy_years": 10}
    assert world.post(f"{AT}/policies", policy, as_="admin").status_code == 201
    assert world.get(f"{AT}/policies", as_="admin").json["items"][0]["destroy_years"] == 10
    world.clock.advance(timedelta(seconds=1))
    assert jobs.run_job(
        world.system.bus, UUID(world.post(f"{AT}/runs", {}, as_="admin").json["job_id"])
    )
    why = {"reason": "คดี"}
    assert world.post(f"{AT}/{case}/hold", why, as_="admin").json == {"id": case}
    stone = world.get(f"{AT}/{case}", as_="admin").json
    assert (stone["held_by"], stone["hold_reason"], stone["destroyed_at"]) == ("admin", "คดี", None)
    assert world.post(f"{AT}/{case}/hold", why, as_="admin").status_code == 409
    assert world.post(f"{AT}/{case}/release", why, as_="admin").status_code == 200
    assert world.post(f"{AT}/{case}/release", why, as_="admin").status_code == 409
    assert world.post(f"{AT}/{case}/hold", why, as_="clerk").status_code == 403
    wish = {"committee": ["a", "b", "c"], "reason": "พื้นที่"}
    assert world.post(f"{AT}/destructions", wish, as_="clerk").status_code == 403
    unknown = world.post(f"{AT}/destructions", wish, as_="admin")
    assert (unknown.status_code, "committee" in unknown.text) == (422, True)
    assert (
        world.post(f"{AT}/destructions", wish | {"committee": ["a"]}, as_="admin").status_code
        == 422
    )
    assert world.get(f"{AT}/destructions/{uuid4()}", as_="admin").status_code == 404
