"""/permissions/grants: a process started and its cases seen by whoever was granted it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from support.world import REVIEW

GRANTS = "/permissions/grants"
UNADMINISTERED = "/permissions/unadministered"


def grant(world: Any, principal: str, matter: str = "see", **more: Any) -> Any:
    body = {"process": more.pop("process", "review"), "matter": matter, "principal": principal}
    return world.post(GRANTS, body, **{"as_": "admin", **more})


@pytest.fixture(autouse=True)
def _tidy(world: Any) -> Iterator[None]:
    yield
    for one in world.get(GRANTS, as_="admin").json["items"]:
        assert world.call("DELETE", f"{GRANTS}/{one['id']}", as_="admin").status_code == 200


def test_cases_of_the_process_alone_are_seen_until_it_ends(world: Any) -> None:
    case = world.start(subject="ขอดู")["id"]
    path = f"/process-instances/{case}"
    seen = "/process-instances?definition_key=review"
    assert world.get(path, as_="outsider").status_code == 403
    assert world.get(seen, as_="outsider").json["items"] == []
    made = grant(world, "person:outsider")
    assert made.status_code == 201
    assert world.get(path, as_="outsider").status_code == 200
    assert world.get(f"{path}/history", as_="outsider").status_code == 200
    assert case in {one["id"] for one in world.get(seen, as_="outsider").json["items"]}
    told = world.get("/permissions?process=review", as_="outsider").json["items"]
    (why,) = (one for one in told if one["matter"] == "see_cases")
    assert (why["may"], why["why"], why["grants"]) == (True, "grant", ["person:outsider"])
    (event,) = world.get("/admin-history?type=permission.granted&page_size=1", as_="admin").json[
        "items"
    ]
    assert event["data"] == {"key": "review", "matter": "see", "principal": "person:outsider"}
    end = f"{GRANTS}/{made.json['id']}"
    assert world.call("DELETE", end, as_="outsider").status_code == 403
    assert world.call("DELETE", end, as_="admin").status_code == 200
    assert world.call("DELETE", end, as_="admin").status_code == 409
    assert world.get(path, as_="outsider").status_code == 403
    assert world.get(seen, as_="outsider").json["items"] == []


@pytest.mark.parametrize("principal", ["position:head", "unit:central"])
def test_who_holds_the_post_has_what_it_was_granted(world: Any, principal: str) -> None:
    key = _by_role(world)
    assert _begin(world, key, "boss").status_code == 403
    assert grant(world, principal, "start", process=key).status_code == 201
    assert _begin(world, key, "boss").status_code == 201
    assert _begin(world, key, "outsider").status_code == 403


def test_a_grant_to_start_adds_to_the_role_of_the_diagram(world: Any) -> None:
    key = _by_role(world)
    assert _begin(world, key, "outsider").json["code"] == "not_starter"
    assert grant(world, "person:outsider", "start", process=key).status_code == 201
    assert _begin(world, key, "outsider").status_code == 201
    assert _begin(world, key, "colleague").status_code == 201  # by the role, as before
    assert grant(world, "person:boss", "see", process=key).status_code == 201
    assert _begin(world, key, "boss").status_code == 403  # sight is no leave to start


def _by_role(world: Any) -> str:
    key = f"r{uuid4().hex[:8]}"
    text = (REVIEW / "review.bpmn").read_text().replace('id="review"', f'id="{key}"')
    named = '<saraban:title value="=subject"/>'
    text = text.replace(named, f'{named}<saraban:start role="clerks"/>')
    form = REVIEW / "draft.form.json"
    world.deploy({f"{key}.bpmn": text.encode(), form.name: form.read_bytes()})
    return key


def _begin(world: Any, key: str, username: str) -> Any:
    body = {"definition_key": key, "variables": {"subject": "เริ่ม"}}
    return world.post("/process-instances", body, as_=username)


def test_what_cannot_be_granted_is_refused(world: Any) -> None:
    assert grant(world, "person:outsider", as_="clerk").status_code == 403
    for own in ("person:admin", "role:admin"):
        refused = grant(world, own)
        assert (refused.status_code, refused.json["code"]) == (403, "own_grant")
    assert grant(world, "person:nobody").status_code == 404
    assert grant(world, "person:outsider", process="nothing").status_code == 404
    for bad in ("outsider", "group:x", "person:"):
        answer = grant(world, bad)
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "principal")
    assert grant(world, "person:outsider", "publish").status_code == 422
    assert grant(world, "person:outsider").status_code == 201
    assert grant(world, "person:outsider").status_code == 409
    assert world.get(GRANTS, as_="clerk").status_code == 403
    assert world.get(GRANTS, as_="stranger").json["items"] == []


def test_who_keeps_people_is_told_which_processes_nobody_administers(world: Any) -> None:
    def left() -> set[str]:
        return set(world.get(UNADMINISTERED, as_="admin").json["processes"])

    assert world.get(UNADMINISTERED, as_="clerk").status_code == 403
    assert "review" in left(), "whoever may everything does not count"
    code = f"p{uuid4().hex[:8]}"
    post = {"code": code, "name": "x", "unit": "central", "level": "officer"}
    assert world.post("/positions", post, as_="admin").status_code == 201
    assert grant(world, f"position:{code}", "administer").status_code == 201
    assert grant(world, "person:outsider", "see").status_code == 201
    assert "review" in left(), "nobody holds the post, and to see is not to administer"
    made = grant(world, "person:outsider", "administer")
    assert "review" not in left()
    world.call("DELETE", f"{GRANTS}/{made.json['id']}", as_="admin")
    assert "review" in left()
    role = {"code": f"r{uuid4().hex[:8]}", "name": "x", "rights": ["operate"]}
    assert world.post("/roles", role, as_="admin").status_code == 201
    holder = {"username": "outsider", "first_day": "2026-01-01"}
    held = world.post(f"/roles/{role['code']}/grants", holder, as_="admin")
    assert held.status_code == 201, held.text
    assert left() == set()
    ended = world.post(f"/roles/grants/{held.json['id']}/end", as_="admin")
    assert ended.status_code == 200, ended.text
    # a role of operators whom nobody is would stand for them in the tests that share this house
    at = f"/roles/{role['code']}"
    tag = {"If-Match": world.get(at, as_="admin").headers["ETag"]}
    assert world.call("PUT", at, as_="admin", json={"rights": []}, headers=tag).status_code == 200
