"""Idempotency-Key: the same request again is the same answer, another under its key is refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from engine import jsonio


def test_the_same_request_again_is_the_same_answer(world: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"definition_key": "review", "variables": {"subject": "ครั้งเดียว"}}
    first = world.post("/process-instances", body, headers=key)
    again = world.post("/process-instances", body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert jsonio.loads(first.data) == jsonio.loads(again.data)
    assert world.get("/process-instances?q=ครั้งเดียว").json["total"] == 1


def test_a_repeated_completion_is_replayed_and_no_conflict(world: Any) -> None:
    task, key = world.task(subject="ซ้ำ"), {"Idempotency-Key": str(uuid4())}
    answers = [
        world.post(f"/tasks/{task}/complete", {"outcome": "pass"}, headers=key) for _ in "ab"
    ]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].data == answers[1].data


def test_another_body_under_the_key_is_422(world: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    world.post("/process-instances", {"definition_key": "review"}, headers=key)
    other = world.post(
        "/process-instances", {"definition_key": "review", "business_key": "x"}, headers=key
    )
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")
    elsewhere = world.post(f"/tasks/{uuid4()}/claim", headers=key)
    assert elsewhere.status_code == 422


def test_keys_of_two_people_do_not_meet(world: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"definition_key": "review", "variables": {"subject": "x"}}
    mine = world.post("/process-instances", body, headers=key)
    theirs = world.post("/process-instances", body, headers=key, as_="colleague")
    assert (mine.status_code, theirs.status_code) == (201, 201), theirs.text
    assert mine.json["id"] != theirs.json["id"]


def test_what_was_refused_may_be_sent_again_mended(world: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    assert (
        world.post("/process-instances", {"definition_key": "no"}, headers=key).status_code == 404
    )
    good = {"definition_key": "review", "variables": {"subject": "x"}}
    assert world.post("/process-instances", good, headers=key).status_code == 201
