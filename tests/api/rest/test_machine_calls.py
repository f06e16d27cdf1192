"""What stands on the operator's page and on a person's, by calls: the same acts, told the same."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from support import troubles

HISTORY = "/admin-history"


def told(world: Any, kind: str, subject: str = "") -> list[dict[str, Any]]:
    asked = f"&subject_id={subject}" if subject else ""
    found = world.get(f"{HISTORY}?type={kind}{asked}", as_="admin")
    assert found.status_code == 200, found.json
    return list(found.json["items"])


def test_a_late_timer_is_listed_and_fired_once(world: Any) -> None:
    case = troubles.late_timer(world)
    listed = world.get("/timers/late?page_size=100", as_="admin").json["items"]
    (row,) = [one for one in listed if one["instance_id"] == case]
    assert world.get("/timers/late").status_code == 403
    path = f"/timers/{row['id']}/fire"
    assert world.post(path).status_code == 403
    assert world.post(path, as_="admin").json == {"id": row["id"]}
    (after,) = world.get(f"/process-instances/{case}", as_="admin").json["tasks"]
    assert after["element_id"] == "after"
    assert world.post(path, as_="admin").status_code in {404, 409}


def test_a_reserved_number_is_settled_or_crossed_out_and_told(ministry: Any) -> None:
    (past, text), (now, other) = (troubles.reserved_number(ministry, days) for days in (1, 0))
    listed = ministry.get("/registers/numbers/reserved?page_size=100", as_="admin").json["items"]
    assert {past, now} <= {one["id"] for one in listed}
    path = "/registers/numbers"
    assert ministry.post(f"{path}/{past}/settle", as_="thotsop").status_code == 403
    assert ministry.post(f"{path}/{now}/void", {"cause": "x"}, as_="thotsop").status_code == 403
    assert ministry.post(f"{path}/{past}/settle", as_="admin").json == {"settled": True}
    assert ministry.post(f"{path}/{past}/settle", as_="admin").json == {"settled": False}
    (event,) = told(ministry, "number.settled", past)
    assert (event["actor"], event["data"]) == ("admin", {"number": text})
    refused = ministry.post(f"{path}/{now}/void", {"cause": ""}, as_="admin")
    assert [one["field"] for one in refused.json["errors"]] == ["cause"]
    voided = ministry.post(f"{path}/{now}/void", {"cause": "พิมพ์ผิดเล่ม"}, as_="admin")
    assert voided.json == {"number": other}
    (event,) = told(ministry, "number.voided", now)
    assert event["data"] == {"number": other, "note": "พิมพ์ผิดเล่ม"}
    assert ministry.post(f"{path}/{now}/void", {"cause": "อีก"}, as_="admin").status_code == 409
    assert ministry.post(f"{path}/{uuid4()}/void", {"cause": "x"}, as_="admin").status_code == 404


def test_a_key_is_retired_told_and_its_owner_too(ministry: Any) -> None:
    key = troubles.expiring_key(ministry, 10)
    listed = ministry.get("/people/signing-keys/ending", as_="admin").json["items"]
    owner = next(one["username"] for one in listed if one["id"] == key)
    path = f"/people/{owner}/signing-keys"
    assert ministry.get(path, as_="thotsop").status_code == 403
    assert ministry.post(f"{path}/{key}/retire", as_="thotsop").status_code == 403
    assert ministry.post(f"/people/admin/signing-keys/{key}/retire", as_="admin").status_code == 404
    assert ministry.post(f"{path}/{key}/retire", as_="admin").json == {"id": key}
    person = ministry.get(f"/people/{owner}", as_="admin").json["person"]["id"]
    assert len(told(ministry, "key.retired", person)) == 1
    assert ministry.post(f"{path}/{key}/retire", as_="admin").status_code == 200
    assert len(told(ministry, "key.retired", person)) == 1  # nothing changed the second time
    refused = ministry.post(f"{path}/{key}/revoke", {"reason": " "}, as_="admin")
    assert refused.status_code == 422
    assert ministry.post(f"{path}/{key}/revoke", {"reason": "หาย"}, as_="admin").json == {"id": key}
    (state,) = [one["state"] for one in ministry.get(path, as_="admin").json["items"]
                if one["id"] == key]  # fmt: skip
    assert state == "revoked"


def test_one_session_of_a_person_is_ended_and_no_other(own_world: Any) -> None:
    path = "/people/clerk/sessions"
    known = {one["id"] for one in own_world.get(path, as_="admin").json["items"]}
    own_world.session("clerk")
    own_world.session("clerk")
    live = {one["id"] for one in own_world.get(path, as_="admin").json["items"]} - known
    assert len(live) == 2
    first, second = sorted(live)
    assert own_world.get(path).status_code == 403
    assert own_world.call("DELETE", f"{path}/{first}").status_code == 403
    other = own_world.call("DELETE", f"/people/admin/sessions/{first}", as_="admin")
    assert other.status_code == 404
    ended = own_world.call("DELETE", f"{path}/{first}", as_="admin")
    assert ended.json == {"username": "clerk"}
    left = {one["id"] for one in own_world.get(path, as_="admin").json["items"]}
    assert (first in left, second in left) == (False, True)
    events = told(own_world, "session.revoked", str(own_world.home.persons["clerk"]))
    assert any(one["data"].get("session_id") == first for one in events)


def test_who_had_a_link_for_a_password_sent_is_told(own_world: Any) -> None:
    own_world.post("/people/clerk/account", as_="admin")
    sent = own_world.post("/people/clerk/mail-reset", as_="admin")
    assert sent.status_code == 200
    person = str(own_world.home.persons["clerk"])
    assert told(own_world, "account.reset_requested", person)[0]["actor"] == "admin"


def test_whoever_has_due_cases_archived_is_told(own_world: Any) -> None:
    policy = {"keep_days": 400, "reason": "ตามระเบียบ"}
    assert own_world.post("/archived-instances/policies", policy, as_="admin").status_code == 201
    assert own_world.post("/archived-instances/runs", as_="admin").status_code == 202
    (event,) = told(own_world, "archive.asked")
    assert event["actor"] == "admin"


@pytest.mark.parametrize("verb", ["acknowledge", "note"])
def test_a_line_that_is_not_there_is_not_found(world: Any, verb: str) -> None:
    body = {"handling": "ส่งแล้ว"} if verb == "note" else {}
    answer = world.post(f"/registers/entries/{uuid4()}/{verb}", body, as_="admin")
    assert answer.status_code == 404
