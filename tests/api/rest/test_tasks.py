"""/tasks and /process-instances: a case goes its way through the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from support.builders import assigned, bpmn, user
from support.diagrams import each

from engine import jsonio


def items(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def test_a_case_goes_from_start_to_end(world: Any) -> None:
    case = world.start(subject="ขอใช้รถ")
    (task,) = case["next"]
    assert (task["name"], task["state"], task["element_id"]) == ("ร่าง", "open", "draft")
    done = world.post(
        f"/tasks/{task['id']}/complete", {"outcome": "pass", "variables": {"amount": 5}}
    )
    assert done.status_code == 200
    assert (done.json["task"]["state"], done.json["instance_status"]) == ("completed", "active")
    assert done.json["next"] == []  # the next step is the head's
    (check,) = items(world.get("/tasks?view=claimable&q=ขอใช้รถ", as_="boss"))
    end = world.post(f"/tasks/{check['id']}/complete", {"outcome": "pass"}, as_="boss")
    assert end.json["instance_status"] == "completed"
    one = world.get(f"/process-instances/{case['id']}").json
    assert (one["status"], one["title"], one["variables"]["amount"]) == ("completed", "ขอใช้รถ", 5)
    assert {t["element_id"] for t in one["tasks"]} == {"draft", "check"}


def test_claim_unclaim_and_who_may_complete(world: Any) -> None:
    task = world.task(subject="จอง")
    claimed = world.post(f"/tasks/{task}/claim")
    assert claimed.json["task"]["assignee"] == "clerk"
    assert world.post(f"/tasks/{task}/claim", as_="colleague").status_code == 409
    assert world.post(f"/tasks/{task}/complete", {}, as_="colleague").status_code == 409
    assert world.post(f"/tasks/{task}/unclaim", as_="colleague").status_code in {403, 409}
    assert world.post(f"/tasks/{task}/unclaim").json["task"]["assignee"] is None
    assert (
        world.post(f"/tasks/{task}/complete", {"outcome": "pass"}, as_="colleague").status_code
        == 200
    )


def test_two_complete_one_task_and_one_of_them_is_told(world: Any) -> None:
    task = world.task(subject="สองคน")
    first = world.post(f"/tasks/{task}/complete", {"outcome": "pass"})
    second = world.post(f"/tasks/{task}/complete", {"outcome": "pass"}, as_="colleague")
    assert (first.status_code, second.status_code) == (200, 409)
    assert (second.json["code"], second.json["reason"]) == ("rejected", "task_not_open")


VERBS = {
    "claim": {}, "unclaim": {}, "complete": {"outcome": "pass"}, "delegate": {"to": "colleague"},
    "reassign": {"to": "colleague", "reason": "x"}, "return": {"to": "draft", "reason": "x"},
    "comments": {"text": "x"},
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_another_agencys_task_does_not_exist(world: Any, verb: str) -> None:
    task = world.task(subject="ของเรา")
    answer = world.post(f"/tasks/{task}/{verb}", VERBS[verb], as_="stranger")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert world.get(f"/tasks/{task}", as_="stranger").status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_who_has_nothing_to_do_with_a_task_is_forbidden(world: Any, verb: str) -> None:
    task = world.task(subject="ไม่เกี่ยว")
    assert world.post(f"/tasks/{task}/{verb}", VERBS[verb], as_="outsider").status_code == 403
    assert world.get(f"/tasks/{task}", as_="outsider").status_code == 403


@pytest.mark.parametrize("verb", VERBS)
def test_a_task_that_is_over_can_only_be_talked_about(world: Any, verb: str) -> None:
    task = world.task(subject="จบแล้ว")
    assert world.post(f"/tasks/{task}/complete", {"outcome": "pass"}).status_code == 200
    answer = world.post(f"/tasks/{task}/{verb}", VERBS[verb])
    assert answer.status_code == (201 if verb == "comments" else 409)


def test_wrong_data_is_422_by_field(world: Any) -> None:
    task = world.task(subject="ผิด")
    data = {"subject": "ก" * 81, "amount": "many", "due": "2026-02-30", "colour": "red"}
    answer = world.post(f"/tasks/{task}/complete", {"outcome": "pass", "variables": data})
    assert answer.status_code == 422
    assert {(e["field"].rpartition(".")[2], e["code"]) for e in answer.json["errors"]} == {
        ("subject", "too_long"),
        ("amount", "number"),
        ("due", "date"),
        ("colour", "unknown"),
    }
    assert world.get(f"/tasks/{task}").json["state"] == "open"


def test_an_outcome_that_the_task_does_not_have_is_422(world: Any) -> None:
    answer = world.post(f"/tasks/{world.task(subject='x')}/complete", {"outcome": "explode"})
    assert answer.status_code == 422


def test_numbers_are_exact_both_ways(world: Any) -> None:
    exact = {
        "subject": "เลข",
        "amount": Decimal("0.10"),
        "big": 12345678901234567890,
        "small": Decimal("1234567890.123456789012345"),
        "list": [Decimal("2.5"), 3],
    }
    case = world.start(**exact)
    body = world.get(f"/process-instances/{case['id']}").data
    assert jsonio.loads(body)["variables"] == exact
    assert b'"amount":0.10' in body


def test_a_date_field_takes_thai_dates_and_keeps_iso(world: Any) -> None:
    case = world.start(subject="วัน")
    task = case["next"][0]["id"]
    done = world.post(
        f"/tasks/{task}/complete", {"outcome": "pass", "variables": {"due": "๑/๑๒/๒๕๖๙"}}
    )
    assert done.status_code == 200
    found = world.get(f"/process-instances/{case['id']}").json["variables"]["due"]
    assert found == "2026-12-01"


def test_return_goes_along_paths_that_the_diagram_has(world: Any) -> None:
    case = world.start(subject="ส่งคืน")
    world.post(f"/tasks/{case['next'][0]['id']}/complete", {"outcome": "pass"})
    (check,) = items(world.get("/tasks?view=claimable&q=ส่งคืน", as_="boss"))
    path = f"/tasks/{check['id']}/return"
    assert world.post(path, {"to": "done", "reason": "x"}, as_="boss").status_code == 409
    assert world.post(path, {"to": "draft"}, as_="boss").status_code == 422
    back = world.post(path, {"to": "draft", "reason": "แก้วันที่"}, as_="boss")
    assert back.status_code == 200
    assert back.json["instance_status"] == "active"
    (again,) = items(world.get("/tasks?view=claimable&q=ส่งคืน"))
    assert (again["because"], again["because_reason"]) == ("returned", "แก้วันที่")


def test_delegate_reassign_and_comment(world: Any) -> None:
    task = world.task(subject="ฝาก")
    world.post(f"/tasks/{task}/claim")
    given = world.post(f"/tasks/{task}/delegate", {"to": "colleague", "reason": "ลา"})
    assert given.json["task"]["assignee"] == "colleague"
    said = world.post(f"/tasks/{task}/comments", {"text": "ฝากด้วย"})
    assert (said.status_code, said.json["comment"]["author"]) == (201, "clerk")
    moved = world.post(
        f"/tasks/{task}/reassign", {"to": "clerk", "reason": "กลับมาแล้ว"}, as_="admin"
    )
    assert moved.json["task"]["assignee"] == "clerk"
    assert world.post(f"/tasks/{task}/delegate", {"to": "nobody"}).status_code in {404, 422}


def test_the_inbox_has_views_pages_and_a_cursor(world: Any) -> None:
    for number in range(5):
        world.start(subject=f"หน้า {number}")
    first = world.get("/tasks?view=claimable&q=หน้า&page_size=2&sort=new")
    second = world.get(
        f"/tasks?view=claimable&q=หน้า&page_size=2&sort=new&after={first.json['next']}"
    )
    assert first.json["total"] == 5
    names = [t["title"] for page in (first, second) for t in page.json["items"]]
    assert names == ["หน้า 4", "หน้า 3", "หน้า 2", "หน้า 1"]
    other = world.get(f"/tasks?view=claimable&sort=due&after={first.json['next']}")
    assert other.status_code == 422
    assert world.get("/tasks?view=everything").status_code == 422


def test_an_etag_stays_until_something_changes(world: Any) -> None:
    task = world.task(subject="etag")
    tag = world.get(f"/tasks/{task}").headers["ETag"]
    assert world.get(f"/tasks/{task}", headers={"If-None-Match": tag}).status_code == 304
    world.post(f"/tasks/{task}/claim")
    assert world.get(f"/tasks/{task}", headers={"If-None-Match": tag}).status_code == 200


def test_history_tells_in_order_who_did_what(world: Any) -> None:
    case = world.start(subject="ประวัติ")
    world.post(f"/tasks/{case['next'][0]['id']}/complete", {"outcome": "pass"})
    events = items(world.get(f"/process-instances/{case['id']}/history"))
    assert [e["seq"] for e in events] == sorted(e["seq"] for e in events)
    assert [e["type"] for e in events].count("task.completed") == 1
    completed = next(e for e in events if e["type"] == "task.completed")
    assert (completed["actor"], completed["element_id"]) == ("clerk", "draft")
    page = world.get(f"/process-instances/{case['id']}/history?page_size=2").json
    rest = world.get(f"/process-instances/{case['id']}/history?after={page['next']}").json
    assert [*page["items"], *rest["items"]] == events


def test_starting_what_is_not_there(world: Any) -> None:
    assert world.post("/process-instances", {"definition_key": "nothing"}).status_code == 404
    assert (
        world.post("/process-instances", {"definition_key": "review", "version": 99}).status_code
        == 404
    )
    known = {"definition_key": "review"}
    wrong = [
        {"version": "1"}, {"version": 0}, {"variables": []}, {"business_key": "x" * 256},
        {"business_key": "a\tb\x07"}, {"definition_key": ""}, {"definition_key": 5},
        {"definition_key": None},
    ]  # fmt: skip
    for change in wrong:
        assert world.post("/process-instances", {**known, **change}).status_code == 422, change


def test_cancelling(world: Any) -> None:
    case = world.start(subject="ยกเลิก")
    path = f"/process-instances/{case['id']}/cancel"
    assert world.post(path, {}).status_code == 422
    assert world.post(path, {"reason": "x"}, as_="stranger").status_code == 404
    assert world.post(path, {"reason": "x"}, as_="outsider").status_code == 403
    assert world.post(path, {"reason": "เปลี่ยนใจ"}).json["status"] == "cancelled"
    assert world.post(path, {"reason": "เปลี่ยนใจ"}).status_code == 409
    assert world.get(f"/tasks/{case['next'][0]['id']}").json["state"] == "cancelled"


def test_filters_of_instances(world: Any) -> None:
    key = str(uuid4())
    world.post("/process-instances", {"definition_key": "review", "business_key": key,
                                      "variables": {"subject": "x"}})  # fmt: skip
    assert len(items(world.get(f"/process-instances?business_key={key}&status=active"))) == 1
    assert items(world.get(f"/process-instances?business_key={key}&status=completed")) == []
    assert items(world.get(f"/process-instances?business_key={key}", as_="stranger")) == []
    assert (
        items(world.get(f"/process-instances?business_key={key}&started_by=boss", as_="admin"))
        == []
    )
    assert world.get("/process-instances?status=nonsense").status_code == 422


def test_a_list_that_is_gone_through_changes(world: Any) -> None:
    key = f"round-{uuid4().hex[:8]}"
    review = user("review", assigned("expression", "=one"), inner=each("reviewers", "one"))
    world.deploy({"round.bpmn": bpmn(key, review, flows="start>review review>end")})
    body = {"definition_key": key, "variables": {"reviewers": ["person:clerk", "person:colleague"]}}
    case = world.post("/process-instances", body).json["id"]
    (task,) = items(world.get(f"/tasks?view=claimable&definition_key={key}"))
    path, late = f"/tasks/{task['id']}/list", {"add": ["person:outsider"], "reason": "นิติกร"}
    assert world.post(path, late).status_code == 403
    assert world.post(path, {**late, "reason": ""}, as_="admin").status_code == 422
    changed = world.post(path, {**late, "withdraw": ["person:colleague"]}, as_="admin")
    assert changed.json == {"task_id": task["id"], "added": 1, "withdrawn": 1}
    again = world.post(path, {"withdraw": ["person:colleague"], "reason": "x"}, as_="admin")
    assert (again.status_code, again.json["reason"]) == (409, "not_in_list")
    for who in ("outsider", "clerk"):
        (mine,) = items(world.get(f"/tasks?view=claimable&definition_key={key}", as_=who))
        assert world.post(f"/tasks/{mine['id']}/complete", {}, as_=who).status_code == 200
    assert world.get(f"/process-instances/{case}").json["status"] == "completed"
