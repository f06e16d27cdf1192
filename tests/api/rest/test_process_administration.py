"""A process granted to administer: its cases are kept going, and no others, whatever is guessed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from support.builders import bpmn
from support.troubles import dead_job
from support.versions import deploy as versioned
from support.world import REVIEW

from engine import jobs
from engine.db import reading
from office.notices import queries as told

GRANTS = "/permissions/grants"
#: who administers, and belongs to no case
KEEPER = "outsider"


@pytest.fixture(autouse=True)
def _tidy(world: Any) -> Iterator[None]:
    yield
    for one in world.get(GRANTS, as_="admin").json["items"]:
        assert world.call("DELETE", f"{GRANTS}/{one['id']}", as_="admin").status_code == 200


def deploy(world: Any) -> str:
    """A process like the review, under a key of its own."""
    key = f"kept{uuid4().hex[:8]}"
    text = (REVIEW / "review.bpmn").read_text().replace('id="review"', f'id="{key}"')
    form = REVIEW / "draft.form.json"
    world.deploy({f"{key}.bpmn": text.encode(), form.name: form.read_bytes()})
    return key


def start(world: Any, key: str) -> Any:
    body = {"definition_key": key, "variables": {"subject": "ขอวัสดุ"}}
    return world.post("/process-instances", body).json


def stuck(world: Any, key: str) -> str:
    """A case with an incident."""
    case = start(world, key)
    body = {"variables": {"subject": "ขอวัสดุ"}, "outcome": "break"}
    done = world.post(f"/tasks/{case['next'][0]['id']}/complete", body)
    assert done.status_code == 200, done.text
    return str(case["id"])


def administer(world: Any, key: str, principal: str = f"person:{KEEPER}", **more: Any) -> Any:
    body = {"process": key, "matter": "administer", "principal": principal}
    return world.post(GRANTS, body, **{"as_": "admin", **more})


def incident(world: Any, case: str, as_: str = "admin") -> Any:
    return world.get(f"/incidents?instance_id={case}", as_=as_)


@pytest.fixture
def mine(world: Any) -> str:
    """A process that the keeper administers."""
    key = deploy(world)
    assert administer(world, key).status_code == 201
    return key


@pytest.fixture
def others(world: Any) -> str:
    return deploy(world)


def test_its_cases_are_seen_and_cancelled_and_no_others(world: Any, mine: str, others: str) -> None:
    case, other = (start(world, key)["id"] for key in (mine, others))
    path, elsewhere = f"/process-instances/{case}", f"/process-instances/{other}"
    assert world.get(path, as_=KEEPER).json["verbs"] == ["cancel"]
    assert world.get(elsewhere, as_=KEEPER).status_code == 403
    reason = {"reason": "เริ่มผิด"}
    assert world.post(f"{elsewhere}/cancel", reason, as_=KEEPER).status_code == 403
    cancelled = world.post(f"{path}/cancel", reason, as_=KEEPER)
    assert (cancelled.status_code, cancelled.json["status"]) == (200, "cancelled")
    assert world.get(path, as_=KEEPER).json["verbs"] == []
    assert world.get(elsewhere, as_="admin").json["status"] == "active"


def test_its_tasks_are_given_to_others(world: Any, mine: str, others: str) -> None:
    task, other = (start(world, key)["next"][0]["id"] for key in (mine, others))
    seen = world.get(f"/tasks/{task}", as_=KEEPER).json["verbs"]
    assert sorted(seen) == ["comment", "reassign"]
    body = {"to": "boss", "reason": "ลา"}
    assert world.post(f"/tasks/{other}/reassign", body, as_=KEEPER).status_code == 403
    assert world.post(f"/tasks/{task}/comments", {"text": "ดูอยู่"}, as_=KEEPER).status_code < 300
    given = world.post(f"/tasks/{task}/reassign", body, as_=KEEPER)
    assert (given.status_code, given.json["task"]["assignee"]) == (200, "boss")
    assert world.post(f"/tasks/{task}/unclaim", as_=KEEPER).status_code == 200
    # care of a case is no leave to do its work
    done = world.post(f"/tasks/{task}/complete", {"variables": {}}, as_=KEEPER)
    assert done.status_code == 403


def test_what_is_stuck_in_it_is_tried_again(world: Any, mine: str, others: str) -> None:
    case, other = stuck(world, mine), stuck(world, others)
    (trouble,) = incident(world, case, KEEPER).json["items"]
    (elsewhere,) = incident(world, other).json["items"]
    again = world.post(f"/incidents/{elsewhere['id']}/retry", as_=KEEPER)
    assert again.status_code == 403
    assert incident(world, other).json["items"] == [elsewhere]
    again = world.post(f"/incidents/{trouble['id']}/retry", as_=KEEPER)
    assert (again.status_code, again.json["state"]) == (200, "resolved")
    assert world.post(f"/incidents/{uuid4()}/retry", as_=KEEPER).status_code == 404
    # who keeps nothing is not told what there is
    assert world.post(f"/incidents/{uuid4()}/retry", as_="clerk").status_code == 403


def test_it_ends_with_the_grant(world: Any) -> None:
    key = deploy(world)
    made = administer(world, key, "position:head").json["id"]
    case = stuck(world, key)
    (trouble,) = incident(world, case).json["items"]
    ended = world.call("DELETE", f"{GRANTS}/{made}", as_="admin")
    assert ended.status_code == 200
    assert world.post(f"/incidents/{trouble['id']}/retry", as_="boss").status_code == 403
    assert world.get(f"/process-instances/{case}", as_="boss").status_code == 403
    assert administer(world, key, "unit:central").status_code == 201
    assert world.post(f"/incidents/{trouble['id']}/retry", as_="boss").status_code == 200


def test_why_is_told_and_history_has_it(world: Any, mine: str, others: str) -> None:
    told = world.get(f"/permissions?process={mine}", as_=KEEPER).json["items"]
    by_grant = {one["matter"] for one in told if one["why"] == "grant"}
    assert by_grant == {"see_cases", "reassign", "administer", "migrate"}
    assert {tuple(one["grants"]) for one in told if one["why"] == "grant"} == {
        (f"person:{KEEPER}",)
    }
    (publish,) = (one for one in told if one["matter"] == "publish")
    assert (publish["may"], publish["why"]) == (False, "missing")
    elsewhere = world.get(f"/permissions?process={others}", as_=KEEPER).json["items"]
    assert not any(one["why"] == "grant" for one in elsewhere)
    recorded = world.get("/admin-history?type=permission.granted&page_size=1", as_="admin")
    (event,) = recorded.json["items"]
    assert event["data"]["matter"] == "administer"


def test_only_who_operates_gives_it_and_never_to_oneself(world: Any, others: str) -> None:
    assert administer(world, others, "person:admin").json["code"] == "own_grant"
    assert administer(world, others, as_="clerk").status_code == 403
    keeper = f"keeper{uuid4().hex[:6]}"
    made = world.post(
        "/roles", {"code": keeper, "name": "ดูแลคน", "rights": ["people"]}, as_="admin"
    )
    assert made.status_code == 201, made.text
    given = {"username": "colleague", "first_day": "2026-11-01"}
    held = world.post(f"/roles/{keeper}/grants", given, as_="admin")
    assert held.status_code == 201, held.text
    assert administer(world, others, as_="colleague").status_code == 403
    ended = world.post(f"/roles/grants/{held.json['id']}/end", as_="admin")
    assert ended.status_code == 200, ended.text


def test_its_incidents_alone_are_listed(world: Any, mine: str, others: str) -> None:
    case, other = stuck(world, mine), stuck(world, others)
    listed = world.get("/incidents?page_size=100", as_=KEEPER)
    assert [one["root_instance_id"] for one in listed.json["items"]] == [case]
    assert listed.json["total"] == 1
    (elsewhere,) = incident(world, other).json["items"]
    assert incident(world, other, KEEPER).status_code == 403
    assert world.get(f"/incidents/{elsewhere['id']}", as_=KEEPER).status_code == 403
    (trouble,) = listed.json["items"]
    assert world.get(f"/incidents/{trouble['id']}", as_=KEEPER).json == trouble
    assert world.get("/incidents", as_="clerk").status_code == 403
    assert {case, other} <= {
        one["root_instance_id"]
        for one in world.get("/incidents?page_size=100", as_="admin").json["items"]
    }


def test_its_dead_jobs_alone_are_listed_tried_again_and_skipped(world: Any) -> None:
    first, second, other = dead_job(world), dead_job(world), dead_job(world)
    for one in (first, second):
        case = world.get(f"/process-instances/{one.case}", as_="admin").json
        assert administer(world, case["definition_key"]).status_code == 201
    listed = world.get("/jobs/dead", as_=KEEPER).json["items"]
    assert {row["id"] for row in listed} == {first.job, second.job}
    assert world.get(first.path, as_=KEEPER).json["id"] == first.job
    assert world.get(other.path, as_=KEEPER).status_code == 403
    assert world.get(f"/jobs/{uuid4()}", as_=KEEPER).status_code == 404
    assert world.get("/jobs/at-work", as_=KEEPER).status_code == 403
    reason = {"reason": "ส่งทางไปรษณีย์แล้ว"}
    for act, body in (("retry", {}), ("skip", reason)):
        assert world.post(f"{other.path}/{act}", body, as_=KEEPER).status_code == 403
    assert world.post(f"{first.path}/retry", as_=KEEPER).json["state"] == "waiting"
    assert world.post(f"{second.path}/skip", reason, as_=KEEPER).json["state"] == "cancelled"


# -- versions -------------------------------------------------------------------------------------


def work_off(world: Any) -> None:
    turns = jobs.Turns()
    while turns.run_next(world.system.bus, uuid4()):
        pass


@pytest.fixture
def versions(world: Any) -> Any:
    """Processes of two versions with a case in the first: (key, target, case)."""

    def make(*, granted: bool) -> tuple[str, str, str]:
        key = f"many{uuid4().hex[:8]}"
        versioned(world, key, "a", "b")
        case = str(world.post("/process-instances", {"definition_key": key}).json["id"])
        target = versioned(world, key, "a", "c")
        if granted:
            assert administer(world, key).status_code == 201
        return key, target, case

    return make


def test_its_running_cases_are_migrated_and_taken_back(world: Any, versions: Any) -> None:
    key, target, case = versions(granted=True)
    other_key, elsewhere, other = versions(granted=False)
    body = {"target_definition_id": elsewhere}
    assert world.post("/migrations", body, as_=KEEPER).status_code == 403
    theirs = world.post("/migrations", body, as_="admin").json["id"]
    asked = world.post("/migrations", {"target_definition_id": target}, as_=KEEPER)
    assert asked.status_code == 202, asked.text
    work_off(world)
    path = f"/migrations/{asked.json['id']}"
    assert world.get(path, as_=KEEPER).json["counts"] == {"possible": 1}
    (fate,) = world.get(f"{path}/instances", as_=KEEPER).json["items"]
    assert fate["instance_id"] == case
    for act in ("carry-out", "undo"):
        assert world.post(f"{path}/{act}", as_=KEEPER).status_code == 202
        work_off(world)
    assert world.get(path, as_=KEEPER).json["state"] == "undone"
    assert world.get(f"/migrations?key={key}", as_=KEEPER).json["total"] == 1
    for address in (f"/migrations/{theirs}", f"/migrations/{theirs}/instances",
                    f"/migrations?key={other_key}"):  # fmt: skip
        assert world.get(address, as_=KEEPER).status_code == 403, address
    for act in ("carry-out", "undo"):
        assert world.post(f"/migrations/{theirs}/{act}", as_=KEEPER).status_code == 403
    assert world.get(f"/process-instances/{other}", as_="admin").json["status"] == "active"


def test_what_its_cases_are_called_is_told_of_its_batches(world: Any, mine: str) -> None:
    case = start(world, mine)["id"]
    text = (REVIEW / "review.bpmn").read_text().replace('id="review"', f'id="{mine}"')
    form = REVIEW / "draft.form.json"
    world.deploy({f"{mine}.bpmn": f"{text}\n".encode(), form.name: form.read_bytes()})
    (newest,) = world.get(f"/process-definitions?key={mine}", as_=KEEPER).json["items"]
    asked = world.post("/migrations", {"target_definition_id": newest["id"]}, as_=KEEPER)
    assert asked.status_code == 202, asked.text
    work_off(world)
    found = world.get(f"/migrations/{asked.json['id']}/instances", as_=KEEPER).json["items"]
    assert [(one["instance_id"], one["title"]) for one in found] == [(case, "ขอวัสดุ")]


def test_one_of_its_cases_is_migrated_and_taken_back(world: Any, versions: Any) -> None:
    _key, target, case = versions(granted=True)
    _other, elsewhere, other = versions(granted=False)
    for id_, to, status in ((case, target, 200), (other, elsewhere, 403)):
        path = f"/process-instances/{id_}"
        for dry in (True, False):
            body = {"target_definition_id": to, "dry_run": dry}
            assert world.post(f"{path}/migrate", body, as_=KEEPER).status_code == status
        assert world.post(f"{path}/undo-migration", as_=KEEPER).status_code == status


def test_publishing_stays_with_designers(world: Any, mine: str) -> None:
    text = (REVIEW / "review.bpmn").read_text().replace('id="review"', f'id="{mine}"')
    files = [(io.BytesIO(text.encode()), "a.bpmn")]
    sent = {"data": {"files": files}, "content_type": "multipart/form-data"}
    assert world.call("POST", "/deployments", as_=KEEPER, **sent).status_code == 403
    (one,) = world.get(f"/process-definitions?key={mine}", as_=KEEPER).json["items"]
    path = f"/process-definitions/{one['id']}"
    read = {"If-Match": world.get(path, as_=KEEPER).headers["ETag"]}
    withdrawn = world.post(f"{path}/withdraw", {"reason": "x"}, as_=KEEPER, headers=read)
    assert withdrawn.status_code == 403


# -- heat and archive -----------------------------------------------------------------------------


def test_its_heat_is_told(world: Any, mine: str, others: str) -> None:
    for key, status in ((mine, 200), (others, 403)):
        start(world, key)
        (one,) = world.get(f"/process-definitions?key={key}", as_="admin").json["items"]
        told = world.get(f"/process-definitions/{one['id']}/heat", as_=KEEPER)
        assert told.status_code == status
    assert world.get(f"/process-definitions/{uuid4()}/heat", as_=KEEPER).status_code == 404


@pytest.mark.parametrize("matter", ["administer", "see"])
def test_its_archived_cases_alone_are_listed(world: Any, matter: str) -> None:
    keys, cases = [f"gone{uuid4().hex[:8]}" for _ in range(2)], []
    for key in keys:
        world.deploy({"a.bpmn": bpmn(key, flows="start>end")})
        begun = world.post("/process-instances", {"definition_key": key}, as_="admin")
        cases.append(begun.json["id"])
        policy = {"definition_key": key, "keep_days": 0, "reason": "ระเบียบ"}
        made = world.post("/archived-instances/policies", policy, as_="admin")
        assert made.status_code == 201, made.text
    body = {"process": keys[0], "matter": matter, "principal": f"person:{KEEPER}"}
    assert world.post(GRANTS, body, as_="admin").status_code == 201
    world.clock.advance(timedelta(seconds=1))
    asked = world.post("/archived-instances/runs", {}, as_="admin")
    assert jobs.run_job(world.system.bus, UUID(asked.json["job_id"]))
    listed = world.get("/archived-instances", as_=KEEPER).json["items"]
    assert [one["id"] for one in listed] == [cases[0]]
    assert world.get(f"/archived-instances/{cases[0]}", as_=KEEPER).status_code == 200
    assert world.get(f"/archived-instances/{cases[1]}", as_=KEEPER).status_code == 403
    query = {"definition_key": keys[1]}
    assert world.get("/archived-instances", query_string=query, as_=KEEPER).json["items"] == []
    # its evidence holds all that was ever said: that is for auditors
    assert world.get(f"/archived-instances/{cases[0]}/evidence", as_=KEEPER).status_code == 403


def test_a_grant_ends_with_whoever_leaves_and_does_not_return(world: Any) -> None:
    key, name = deploy(world), f"passing-{uuid4().hex[:6]}"
    assert (
        world.post("/people", {"username": name, "given_name": "ผ่าน"}, as_="admin").status_code
        == 201
    )
    assert administer(world, key, f"person:{name}").status_code == 201
    assert world.post(f"/people/{name}/let-go", {"reason": "ย้าย"}, as_="admin").status_code == 200
    tag = world.get(f"/people/{name}", as_="admin").headers["ETag"]
    back = world.call(
        "PUT", f"/people/{name}", as_="admin", json={"active": True}, headers={"If-Match": tag}
    )
    assert back.status_code == 200, back.text
    found = world.get(f"{GRANTS}?process={key}", as_="admin").json["items"]
    assert f"person:{name}" not in {one["principal"] for one in found}


def notices(world: Any, name: str = KEEPER) -> list[Any]:
    with reading(world.system.engine) as db:
        found = told.recent(db, world.home.id, world.home.persons[name], limit=100)
    return [one for one in found if one.kind == "incident" and one.read_at is None]


def test_who_administers_hears_of_what_is_stuck_once_an_hour(
    world: Any, mine: str, others: str
) -> None:
    first, page = stuck(world, mine), f"/incidents?process={mine}"
    stuck(world, others)
    (heard,) = [one for one in notices(world) if one.page == page]
    assert (str(heard.instance_id), heard.title, heard.task_id) == (first, "ขอวัสดุ", None)
    assert others not in {one.task_name for one in notices(world)}
    assert mine not in {one.task_name for one in notices(world, "boss")}
    stuck(world, mine)  # as many as a system that is down leaves behind
    assert len([one for one in notices(world) if one.page == page]) == 1
    world.clock.advance(timedelta(hours=1, minutes=1))
    stuck(world, mine)
    assert len([one for one in notices(world) if one.page == page]) == 2


def test_whoever_meets_it_themselves_is_not_told(world: Any, mine: str) -> None:
    case = stuck(world, mine)
    before = len(notices(world))
    (row,) = incident(world, case, KEEPER).json["items"]
    world.clock.advance(timedelta(hours=2))
    again = world.post(f"/incidents/{row['id']}/retry", as_=KEEPER)
    assert again.json["instance_status"] == "incident"
    assert len(notices(world)) == before


def test_incidents_of_one_process_are_listed(world: Any, mine: str, others: str) -> None:
    case, _other = stuck(world, mine), stuck(world, others)
    for who in (KEEPER, "admin"):
        listed = world.get(f"/incidents?process={mine}", as_=who).json["items"]
        assert [one["instance_id"] for one in listed] == [case]
    assert world.get(f"/incidents?process={others}", as_=KEEPER).json["items"] == []
