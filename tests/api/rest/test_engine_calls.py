"""Deployments, definitions, messages and incidents."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from support.diagrams import condition

from engine.actor import system_actor
from office.modeling.commands import DiscardModel, OpenModel

REVIEW = Path(__file__).parents[1] / "review"


def deploy(world: Any, *files: tuple[str, bytes], **more: Any) -> Any:
    data = {"files": [(io.BytesIO(content), name) for name, content in files], "name": "t"}
    return world.call("POST", "/deployments", data=data, content_type="multipart/form-data",
                      **{"as_": "admin", **more})  # fmt: skip


def own(key: str) -> bytes:
    source = (REVIEW / "review.bpmn").read_bytes()
    return source.replace(b'id="review"', f'id="{key}"'.encode())


FORM = (REVIEW / "draft.form.json").read_bytes()


def test_a_deployment_makes_a_version_and_its_bytes_come_back(world: Any) -> None:
    key = f"own-{uuid4().hex[:8]}"
    made = deploy(world, ("a.bpmn", own(key)), ("draft.form.json", FORM))
    assert made.status_code == 201, made.text
    (definition,) = made.json["definitions"]
    assert (definition["key"], definition["version"]) == (key, 1)
    assert world.get(f"/process-definitions/{definition['id']}").json["key"] == key
    xml = world.get(f"/process-definitions/{definition['id']}/xml")
    assert (xml.data, xml.mimetype) == (own(key), "application/xml")
    (listed,) = world.get(f"/process-definitions?key={key}").json["items"]
    assert listed["id"] == definition["id"]
    assert world.get(f"/process-definitions?key={key}&version=2").json["items"] == []
    assert world.get("/process-definitions?version=2").status_code == 422


def test_what_runs_but_is_doubtful_is_told_with_its_place(world: Any) -> None:
    key = f"doubt-{uuid4().hex[:8]}"
    theirs = b'<bpmn:userTask xmlns:c="http://camunda.org/schema/1.0/bpmn" c:assignee="demo" '
    source = own(key).replace(b"<bpmn:userTask ", theirs, 1)
    for _ in range(2):  # a repeated deployment answers alike
        made = deploy(world, ("a.bpmn", source), ("draft.form.json", FORM))
        assert made.status_code == 201, made.text
        warning = next(w for w in made.json["warnings"] if w["attribute"] == "assignee")
        assert (warning["file"], warning["severity"]) == ("a.bpmn", "warning")
        assert warning["line"] > 1


def test_a_form_with_a_field_that_is_none_is_refused(world: Any) -> None:
    data = {"files": [(io.BytesIO(own("closed")), "a.bpmn")], "nmae": "ตรวจเรื่อง"}
    made = world.call("POST", "/deployments", data=data, content_type="multipart/form-data",
                      as_="admin")  # fmt: skip
    assert made.status_code == 422
    assert [error["field"] for error in made.json["errors"]] == ["nmae"]
    assert world.get("/process-definitions?key=closed").json["items"] == []


def test_what_is_wrong_is_located_and_nothing_is_deployed(world: Any) -> None:
    key = f"bad-{uuid4().hex[:8]}"
    broken = own(key).replace(b'targetRef="check"', b'targetRef="nowhere"')
    answer = deploy(world, ("a.bpmn", broken), ("draft.form.json", b'{"components": [{}]}'))
    assert answer.status_code == 422
    assert {"file", "line", "element", "attribute", "code", "message", "mend"} <= set(
        answer.json["errors"][0]
    )
    assert {"a.bpmn", "draft.form.json"} == {e["file"] for e in answer.json["errors"]}
    assert world.get(f"/process-definitions?key={key}").json["items"] == []


def test_deploying_needs_the_right(world: Any) -> None:
    answer = deploy(world, ("a.bpmn", own("x")), ("draft.form.json", FORM), as_="clerk")
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_uploads_that_are_none(world: Any) -> None:
    def post(**data: Any) -> int:
        return int(
            world.call("POST", "/deployments", as_="admin", data=data,
                       content_type="multipart/form-data").status_code
        )  # fmt: skip

    assert post(name="no file") == 422
    assert post(files=[]) == 422
    assert post(files=[(io.BytesIO(b"x"), "..")]) == 422
    assert post(files=[(io.BytesIO(b"x"), "a.bpmn"), (io.BytesIO(b"y"), "dir/a.bpmn")]) == 422
    assert post(files=[(io.BytesIO(b"x"), f"{n}.bpmn") for n in range(201)]) == 422
    assert deploy(world, ("a.bpmn", b"no xml at all")).status_code == 422


def test_another_agencys_definition_does_not_exist(world: Any) -> None:
    (ours,) = world.get("/process-definitions?key=review").json["items"]
    (theirs,) = world.get("/process-definitions?key=review", as_="stranger").json["items"]
    assert ours["id"] != theirs["id"]
    for path in ("", "/xml"):
        assert world.get(f"/process-definitions/{theirs['id']}{path}").status_code == 404


def waiting(world: Any) -> str:
    """A case that waits for the message `answered`; answers its business key."""
    key = str(uuid4())
    body = {"definition_key": "review", "business_key": key, "variables": {"subject": "รอ"}}
    case = world.post("/process-instances", body).json
    done = world.post(f"/tasks/{case['next'][0]['id']}/complete", {"outcome": "ask"})
    assert done.status_code == 200
    return key


def test_a_message_wakes_the_one_that_waits(world: Any) -> None:
    key = waiting(world)
    sent = world.post("/messages", {"name": "answered", "correlation_key": key,
                                    "variables": {"answer": 42}}, as_="admin")  # fmt: skip
    assert sent.status_code == 200, sent.text
    (instance,) = sent.json["instances"]
    one = world.get(f"/process-instances/{instance}").json
    assert one["variables"]["answer"] == 42
    assert "check" in {t["element_id"] for t in one["tasks"]}


def test_a_message_for_nobody(world: Any) -> None:
    body = {"name": "answered", "correlation_key": str(uuid4())}
    assert world.post("/messages", body, as_="admin").status_code == 404
    kept = world.post("/messages", {**body, "ttl": "PT1H"}, as_="admin")
    assert kept.status_code == 202
    ends = world.clock.now() + timedelta(hours=1)
    assert kept.json["expires_at"][:19] == ends.isoformat()[:19]
    for ttl in ("", "1 hour", "P", "PT", "-PT1H", "PT0S", "P2000D", 60, "P1Y"):
        assert world.post("/messages", {**body, "ttl": ttl}, as_="admin").status_code == 422, ttl


def test_a_message_does_not_cross_the_fence(world: Any) -> None:
    key = waiting(world)
    body = {"name": "answered", "correlation_key": key}
    assert world.post("/messages", body, as_="stranger").status_code == 404


def test_an_incident_tells_its_cause_and_can_be_tried_again(world: Any) -> None:
    case = world.start(subject="เสีย")
    done = world.post(f"/tasks/{case['next'][0]['id']}/complete", {"outcome": "break"})
    assert (done.status_code, done.json["instance_status"]) == (200, "incident")
    found = world.get("/incidents?page_size=100", as_="admin").json["items"]
    (incident,) = [one for one in found if one["instance_id"] == case["id"]]
    assert incident["element_id"] == "divide"
    assert "nowhere_to_be_found" in incident["message"]
    path = f"/incidents/{incident['id']}"
    assert world.get(path, as_="admin").json["state"] == "open"
    assert world.get(path, as_="stranger").status_code == 404
    assert world.post(f"{path}/retry", as_="clerk").status_code == 403
    assert world.post(f"{path}/retry", as_="stranger").status_code == 404
    again = world.post(f"{path}/retry", as_="admin")
    assert (again.status_code, again.json["instance_status"]) == (200, "incident")
    assert world.post(f"{path}/retry", as_="admin").status_code == 409


def _as_read(world: Any, path: str, tag: str = "") -> dict[str, str]:
    return {"If-Match": tag or world.get(path, as_="admin").headers["ETag"]}


def change(world: Any, path: str, act: str, body: Any, as_: str = "admin", tag: str = "") -> Any:
    """An act on a version as it was read now, or as `tag` says."""
    return world.post(f"{path}/{act}", body, as_=as_, headers=_as_read(world, path, tag))


def delete(world: Any, path: str, query: str = "") -> Any:
    return world.call("DELETE", path + query, as_="admin", headers=_as_read(world, path))


def test_a_withdrawn_version_starts_nothing_until_it_is_restored(world: Any) -> None:
    key = f"old-{uuid4().hex[:8]}"
    ids = []
    for name in (key, f"{key} 2"):
        source = own(key).replace(b"<bpmn:process ", f"<!-- {name} --><bpmn:process ".encode())
        made = deploy(world, ("a.bpmn", source), ("draft.form.json", FORM))
        ids.append(made.json["definitions"][0]["id"])
    first, second = (f"/process-definitions/{one}" for one in ids)
    tag = world.get(first).headers["ETag"]
    body = {"reason": "ผิดระเบียบ"}
    assert world.post(f"{first}/withdraw", body, as_="admin").status_code == 428
    assert change(world, first, "withdraw", body, as_="clerk").status_code == 403
    assert change(world, first, "withdraw", body).json["versions"] == [1]
    stale = change(world, first, "withdraw", body, tag=tag)
    assert (stale.status_code, stale.json["code"]) == (412, "stale")
    told = world.get(first)
    assert told.json["withdrawn_at"]
    assert told.headers["ETag"] != tag
    start = {"definition_key": key, "version": 1, "variables": {"subject": "ก"}}
    refused = world.post("/process-instances", start)
    assert (refused.status_code, refused.json["reason"]) == (409, "definition_withdrawn")
    assert world.post("/process-instances", {**start, "version": 2}).status_code == 201
    newest = change(world, second, "withdraw", body)
    assert (newest.status_code, newest.json["reason"]) == (409, "newest_version")
    all_gone = change(world, second, "withdraw", {**body, "whole_key": True})
    assert all_gone.json["versions"] == [2]
    assert world.get(f"/process-definitions?key={key}").json["items"] == []
    listed = world.get(f"/process-definitions?key={key}&withdrawn=true").json["items"]
    assert [one["version"] for one in listed] == [2, 1]
    query = f"/process-definitions?key={key}&version=1&withdrawn=true"
    assert world.get(query).status_code == 422
    assert change(world, first, "restore", body).json["withdrawn_at"] is None
    assert world.post("/process-instances", start).status_code == 201
    (used,) = world.get(f"/process-definitions?key={key}").json["items"]
    assert used["id"] == ids[0]


def test_a_draft_keeps_the_version_that_it_stands_on(world: Any) -> None:
    key = f"kept-{uuid4().hex[:8]}"
    made = deploy(world, ("a.bpmn", own(key)), ("draft.form.json", FORM)).json["definitions"][0]
    path, gone = f"/process-definitions/{made['id']}", {"reason": "x", "whole_key": True}
    assert delete(world, path).json["reason"] == "delete_in_use"
    assert change(world, path, "withdraw", gone).status_code == 200
    bus, admin = world.system.bus, system_actor(world.home.id)
    draft = bus.execute(OpenModel(UUID(made["id"])), admin)
    refused = delete(world, path)
    assert (refused.status_code, refused.json["reason"]) == (409, "definition_in_use")
    assert refused.json["errors"] == [{"field": "drafts", "message": "1", "code": "in_use"}]
    bus.execute(DiscardModel(UUID(str(draft["id"])), draft["revision"]), admin)
    answer = delete(world, path, "?reason=x")
    assert answer.json["deployment_deleted"] is True
    assert world.get(path).status_code == 404


def test_facts_begin_the_process_whose_condition_comes_true(world: Any) -> None:
    key = f"flood_{uuid4().hex[:8]}"
    begins = f"</bpmn:outgoing>{condition(f'rainfall_of_{key} > 90')}</bpmn:startEvent>"
    plain = b"</bpmn:outgoing></bpmn:startEvent>"
    diagram = own(key).replace(plain, begins.encode())
    made = deploy(world, (f"{key}.bpmn", diagram), ("draft.form.json", FORM))
    assert made.status_code == 201, made.text
    told = {f"rainfall_of_{key}": 95}
    assert world.post("/conditions", {"variables": told}, as_="clerk").status_code == 403
    assert world.post("/conditions", {"variables": told}, as_="stranger").json == {"conditions": []}
    answer = world.post("/conditions", {"variables": told}, as_="admin")
    assert (answer.status_code, answer.json) == (200, {"conditions": [{
        "definition_key": key, "element_id": "begin", "holds": True, "starts": True,
        "problem": None,
    }]})  # fmt: skip
    again = world.post("/conditions", {"variables": told}, as_="admin").json["conditions"]
    assert [one["starts"] for one in again] == [False]
    refused = world.post("/conditions", {"variables": {"__x": 1, **told}}, as_="admin")
    assert refused.status_code == 422
