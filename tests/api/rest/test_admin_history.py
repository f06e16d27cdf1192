"""/admin-history: what the page of the same name tells, for other systems."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

HISTORY = "/admin-history"


def granted(world: Any) -> tuple[str, dict[str, Any]]:
    name = f"h{uuid4().hex[:8]}"
    body = {"code": name, "name": "บทบาทเดิม", "rights": ["audit"]}
    assert world.post("/roles", body, as_="admin").status_code == 201
    tag = world.get(f"/roles/{name}", as_="admin").headers["ETag"]
    changed = world.call(
        "PUT", f"/roles/{name}", as_="admin", json={"name": "บทบาทใหม่"},
        headers={"If-Match": tag},
    )  # fmt: skip
    assert changed.status_code == 200, changed.json
    (event,) = world.get(f"{HISTORY}?type=role.changed&page_size=1", as_="admin").json["items"]
    return name, event


def test_an_event_says_who_what_and_what_it_had_been(world: Any) -> None:
    _name, event = granted(world)
    assert (event["actor"], event["type"]) == ("admin", "role.changed")
    assert event["data"] == {"name": "บทบาทใหม่", "was": {"name": "บทบาทเดิม"}}
    path = f"{HISTORY}?subject_id={event['subject_id']}"
    both = world.get(path, as_="admin").json
    assert [one["type"] for one in both["items"]] == ["role.changed", "role.added"]
    assert both["total"] == 2
    assert world.get(f"{path}&actor=clerk", as_="admin").json["items"] == []


def test_a_cursor_goes_on_where_the_page_before_ended(world: Any) -> None:
    _name, event = granted(world)
    path = f"{HISTORY}?subject_id={event['subject_id']}&page_size=1"
    first = world.get(path, as_="admin").json
    second = world.get(f"{path}&after={first['next']}", as_="admin").json
    assert [one["type"] for one in second["items"]] == ["role.added"]
    assert second["next"] is None
    assert world.get(f"{path}&after=x", as_="admin").json["code"] == "bad_cursor"


def test_only_who_keeps_people_or_audits_reads_it_and_only_their_agency(world: Any) -> None:
    assert world.get(HISTORY, as_="clerk").status_code == 403
    _name, event = granted(world)
    foreign = world.get(f"{HISTORY}?subject_id={event['subject_id']}", as_="stranger")
    assert foreign.status_code == 403 or foreign.json["items"] == []


def test_coming_in_is_no_part_of_it(world: Any) -> None:
    assert world.get(f"{HISTORY}?type=session.opened", as_="admin").json["items"] == []


def test_bad_input_is_located(world: Any) -> None:
    for asked, field in (("subject_id=x", "subject_id"), ("page=0", "page"), ("who=x", "who")):
        answer = world.get(f"{HISTORY}?{asked}", as_="admin")
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == field
