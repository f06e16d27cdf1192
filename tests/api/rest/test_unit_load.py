"""The load of a unit over HTTP: who sees it, what it counts, and tasks handed on by the head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from office.documents.models import document

BPMN = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 xmlns:saraban="urn:saraban:bpmn:1.0" targetNamespace="urn:t">
 <bpmn:process id="{key}" name="ขอใช้รถ" isExecutable="true">
 <bpmn:extensionElements><saraban:title value="=subject"/></bpmn:extensionElements>
 <bpmn:startEvent id="s"/>
 <bpmn:userTask id="do" name="จัดรถ"><bpmn:extensionElements>
 <saraban:assignment kind="unit" value="general"/><saraban:exclude kind="person" value="sommut"/>
 <saraban:due value="P1D"/></bpmn:extensionElements></bpmn:userTask>
 <bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="do"/>
 <bpmn:sequenceFlow id="g" sourceRef="do" targetRef="e"/></bpmn:process></bpmn:definitions>"""


@pytest.fixture
def task(ministry: Any) -> str:
    """A fresh task that the general administration group may claim."""
    key = f"car-{uuid4().hex[:8]}"
    ministry.deploy({"a.bpmn": BPMN.format(key=key).encode()})
    body = {"definition_key": key, "variables": {"subject": f"รถ {key}"}}
    case = ministry.post("/process-instances", body, as_="thotsop")
    assert case.status_code == 201, case.text
    return str(case.json["tasks"][0]["id"])


def load(ministry: Any, as_: str) -> Mapping[str, Any]:
    answer = ministry.get("/unit-load", as_=as_)
    assert answer.status_code == 200, answer.text
    found: Mapping[str, Any] = answer.json
    return found


def of(ministry: Any, as_: str, who: str) -> int:
    return next(int(p["tasks"]) for p in load(ministry, as_)["people"] if p["username"] == who)


def listed(ministry: Any, as_: str, query: str = "") -> Mapping[str, Any]:
    answer = ministry.get(f"/unit-load/tasks?page_size=100{query}", as_=as_)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json["items"]}


def reassign(ministry: Any, task: str, to: str, as_: str = "tuayang") -> Any:
    body = {"to": to, "reason": "ช่วยกัน"}
    return ministry.post(f"/unit-load/tasks/{task}/reassign", body, as_=as_)


def test_a_head_sees_the_unit_and_all_beneath(ministry: Any, task: str) -> None:
    free = load(ministry, "tuayang")["unclaimed"]["tasks"]
    assert free >= 1
    assert {p["username"] for p in load(ministry, "tuayang")["people"]} == {
        "tuayang", "sommut", "thotsop", "phuchuai",
    }  # fmt: skip
    assert {"faem", "phuchuai"} < {p["username"] for p in load(ministry, "phatsadu")["people"]}
    before = of(ministry, "tuayang", "thotsop")
    assert task in listed(ministry, "tuayang", "&who=-")
    assert ministry.post(f"/tasks/{task}/claim", as_="thotsop").status_code == 200
    assert of(ministry, "tuayang", "thotsop") == before + 1
    assert of(ministry, "phatsadu", "thotsop") == before + 1
    assert load(ministry, "tuayang")["unclaimed"]["tasks"] == free - 1
    assert task in listed(ministry, "tuayang", "&who=thotsop")
    assert task not in listed(ministry, "tuayang", "&who=-")


def test_who_acts_for_a_head_is_one(ministry: Any) -> None:
    (unit,) = [one["code"] for one in load(ministry, "somying")["units"] if one["code"] == "ops"]
    away = {p["username"]: p["away"] for p in load(ministry, "somying")["people"]}
    assert (unit, away["somchai"], away["wichan"]) == ("ops", True, False)


@contextmanager
def order(ministry: Any, **limits: Any) -> Iterator[str]:
    """Thotsop acts for the head of general administration, within these limits."""
    today = ministry.clock.now().date().isoformat()
    body = {
        "mode": "delegated", "username": "thotsop", "position": "general-head",
        "order_ref": "คำสั่ง ที่ ๙/๒๕๖๙", "order_date": today, "first_day": today, **limits,
    }  # fmt: skip
    made = ministry.post("/delegations", body, as_="admin")
    assert made.status_code == 201, made.text
    yield made.json["id"]
    ministry.post(f"/delegations/{made.json['id']}/revoke", {"reason": "จบ"}, as_="admin")


@pytest.mark.parametrize("limits", [{"kinds": ["EXT"]}, {"subjects": ["งบประมาณ"]}])
def test_an_order_with_limits_makes_no_head(ministry: Any, task: str, limits: Any) -> None:
    with order(ministry, **limits):
        me = ministry.get("/people/me", as_="thotsop").json["principals"]
        assert "position:general-head" in me
        for path in ("/unit-load", "/unit-load/tasks"):
            answer = ministry.get(path, as_="thotsop")
            assert (answer.status_code, answer.json["code"]) == (403, "not_head")
        refused = reassign(ministry, task, "phuchuai", "thotsop")
        assert (refused.status_code, refused.json["code"]) == (403, "not_head")
        with order(ministry):
            assert load(ministry, "thotsop")["units"], "another order lends all of it"


def test_history_says_for_whom_a_task_was_handed_on(ministry: Any, task: str) -> None:
    with order(ministry, kinds=["EXT"]), order(ministry) as whole:
        given = reassign(ministry, task, "phuchuai", "thotsop")
    case = given.json["task"]["instance_id"]
    history = ministry.get(f"/process-instances/{case}/history", as_="admin").json["items"]
    (told,) = [event for event in history if event["type"] == "task.reassigned"]
    found = (told["actor"], told["on_behalf_of"], told["instrument_id"])
    assert found == ("thotsop", "position:general-head", whole)


@pytest.mark.parametrize("who", ["thotsop", "admin", "truatsop"])
def test_others_do_not_see_it(ministry: Any, task: str, who: str) -> None:
    for path in ("/unit-load", "/unit-load/tasks"):
        answer = ministry.get(path, as_=who)
        assert (answer.status_code, answer.json["code"]) == (403, "not_head")
    assert reassign(ministry, task, "phuchuai", who).status_code == 403


def test_the_head_hands_a_task_on(ministry: Any, task: str) -> None:
    ministry.post(f"/tasks/{task}/claim", as_="thotsop")
    given = reassign(ministry, task, "phuchuai")
    assert (given.status_code, given.json["task"]["assignee"]) == (200, "phuchuai")
    case = given.json["task"]["instance_id"]
    history = ministry.get(f"/process-instances/{case}/history", as_="admin").json["items"]
    (told,) = [event for event in history if event["type"] == "task.reassigned"]
    assert (told["actor"], told["data"]["reason"]) == ("tuayang", "ช่วยกัน")
    assert (told["on_behalf_of"], told["instrument_id"]) == (None, None)
    wider = reassign(ministry, task, "faem", "phatsadu")
    assert wider.json["task"]["assignee"] == "faem", "a head further up reaches further"
    ministry.post(f"/tasks/{task}/complete", as_="faem")
    late = reassign(ministry, task, "phuchuai", "phatsadu")
    assert (late.status_code, late.json["reason"]) == (409, "task_not_open")


def test_what_a_head_may_not(ministry: Any, task: str) -> None:
    excluded = reassign(ministry, task, "sommut")
    assert (excluded.status_code, excluded.json["errors"][0]["code"]) == (422, "excluded")
    for to, as_ in (("faem", "tuayang"), ("faem", "thabian"), ("nobody", "tuayang")):
        answer = reassign(ministry, task, to, as_)
        assert (answer.status_code, answer.json["code"]) == (403, "not_of_unit"), (to, as_)
    ministry.post(f"/tasks/{task}/claim", as_="thotsop")
    assert reassign(ministry, task, "faem", "thabian").json["code"] == "not_of_unit"
    assert reassign(ministry, str(uuid4()), "phuchuai").status_code == 404


def test_many_are_handed_on_in_one_call_each_with_its_answer(ministry: Any, task: str) -> None:
    nothing, many = str(uuid4()), "/unit-load/reassignments"
    body = {"tasks": [task, nothing], "to": "phuchuai", "reason": "ช่วยกัน"}
    key = {"Idempotency-Key": f"many-{task}"}
    given = ministry.post(many, body, as_="tuayang", headers=key)
    assert (given.status_code, given.json["done"], given.json["refused"]) == (200, 1, 1)
    good, bad = given.json["items"]
    assert good == {"task_id": task, "done": True, "assignee": "phuchuai",
                    "code": None, "detail": None}  # fmt: skip
    assert (bad["task_id"], bad["done"], bad["code"]) == (nothing, False, "not_found")
    assert ministry.post(many, body, as_="tuayang", headers=key).json == given.json
    case = ministry.get(f"/tasks/{task}", as_="admin").json["instance_id"]
    history = ministry.get(f"/process-instances/{case}/history", as_="admin").json["items"]
    assert [event["type"] for event in history].count("task.reassigned") == 1
    (kept,) = ministry.post(many, {**body, "tasks": [task], "to": "sommut"}, as_="tuayang").json[
        "items"
    ]
    assert (kept["done"], kept["code"]) == (False, "excluded")
    for tasks in ([], [task, task], [str(uuid4()) for _ in range(51)], ["x"]):
        answer = ministry.post(many, {**body, "tasks": tasks}, as_="tuayang")
        assert answer.status_code == 422, tasks
    assert ministry.post(many, body, as_="thotsop").json["code"] == "not_head"


def test_late_ones_are_counted_and_come_first(ministry: Any, task: str) -> None:
    assert not listed(ministry, "tuayang")[task]["late"]
    assert task not in listed(ministry, "tuayang", "&late=true")
    ministry.clock.advance(timedelta(days=3))
    try:
        assert listed(ministry, "tuayang", "&late=true")[task]["late"]
        assert load(ministry, "tuayang")["unclaimed"]["late"] >= 1
    finally:
        ministry.clock.advance(timedelta(days=-3))


def test_a_secret_letter_shows_nothing_and_stays(ministry: Any, task: str) -> None:
    title = listed(ministry, "tuayang")[task]["title"]
    case = UUID(ministry.get(f"/tasks/{task}", as_="admin").json["instance_id"])
    assert title.startswith("รถ")
    with ministry.system.engine.begin() as db:
        db.execute(document.insert(), _letter(ministry, case))
    hidden = listed(ministry, "tuayang")[task]
    assert (hidden["secret"], hidden["title"]) == (True, "")
    refused = reassign(ministry, task, "phuchuai")
    assert (refused.status_code, refused.json["code"]) == (403, "not_reader")


def _letter(ministry: Any, case: UUID) -> dict[str, Any]:
    """The least that the row of a secret letter says."""
    now = ministry.clock.now()
    texts = {"kind": "INT", "subject": "ลับ", "state": "in_route", "owner_unit": "general",
             "drafter": "somchai", "signing_post": "permanent-secretary"}  # fmt: skip
    return {
        "id": uuid4(), "agency_id": ministry.home.id, "instance_id": case, **texts, "content": {},
        "secrecy": 2, "created_at": now, "updated_at": now,
    }  # fmt: skip
