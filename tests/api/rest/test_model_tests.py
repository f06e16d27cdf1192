"""/model-drafts/<id>/tests: written, run with their results and coverage, and held to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from support.world import World

from office.modeling import blank


def begun(world: World) -> tuple[str, str]:
    key = f"tested-{uuid4().hex[:8]}"
    made = world.post("/model-drafts", {"name": "ขอลา", "key": key}, as_="admin")
    return made.json["id"], key


def case(**more: Any) -> dict[str, Any]:
    return {"name": "เดินจนจบ", "answers": [{"element": "work"}], **more}


def write(world: World, draft: str, items: Any, tag: str, as_: str = "admin") -> Any:
    return world.call(
        "PUT", f"/model-drafts/{draft}/tests", as_=as_, json={"items": items},
        headers={"If-Match": tag},
    )  # fmt: skip


def run(world: World, draft: str, as_: str = "admin") -> Any:
    return world.post(f"/model-drafts/{draft}/tests/run", as_=as_)


def listed(world: World, draft: str, as_: str = "admin") -> Any:
    return world.get(f"/model-drafts/{draft}/tests", as_=as_)


def test_red_tests_are_told_one_by_one_and_refuse_publishing(world: World) -> None:
    draft, key = begun(world)
    empty = listed(world, draft)
    assert empty.json == {"file": None, "items": [], "unreadable": None}
    assert run(world, draft).json == {"green": True, "items": []}
    red = case(
        end="begin", path=["begin", "work", "end"], start={"days": "3"}, starter="malee"
    )  # fmt: skip
    saved = write(world, draft, [red, case(name="ยังไม่ทำ", answers=[])], empty.headers["ETag"])
    assert (saved.status_code, saved.json["revision"]) == (200, 2)
    assert write(world, draft, [], empty.headers["ETag"]).status_code == 412
    found = listed(world, draft)
    assert (found.json["file"], found.headers["ETag"]) == (f"{key}.tests.json", '"2"')
    answer = {"element": "work", "outcome": "", "values": {}}
    assert found.json["items"][0] == {**red, "decision": "", "values": {}, "answers": [answer]}
    ran = run(world, draft).json
    (file,) = ran["items"]
    assert (ran["green"], file["green"], file["flows"], file["missed"]) == (False, False, 2, [])
    assert [one["green"] for one in file["items"]] == [False, True]
    (failure,) = file["items"][0]["failures"]
    assert failure == {"code": "end", "at": "begin", "expected": "begin", "found": "end"}
    assert file["items"][1]["steps"] == ["begin", "to_work", "work"]
    assert listed(world, draft).headers["ETag"] == '"2"'  # nothing is kept
    refused = publish(world, draft, '"2"')
    assert (refused.status_code, refused.json["code"]) == (422, "deployment_refused")
    (error,) = refused.json["errors"]
    assert (error["code"], error["file"]) == ("tests_failed", f"{key}.tests.json")
    assert not world.get(f"/process-definitions?key={key}", as_="admin").json["items"]
    write(world, draft, [case(end="end")], '"2"')
    assert run(world, draft).json["green"] is True
    assert publish(world, draft, '"3"').json["version"] == 1


def publish(world: World, draft: str, tag: str) -> Any:
    return world.post(
        f"/model-drafts/{draft}/publish", {"note": "รุ่นแรก"}, as_="admin",
        headers={"If-Match": tag},
    )  # fmt: skip


def test_what_no_test_takes_and_which_rules_answer_is_counted(world: World) -> None:
    draft, _key = begun(world)
    file, content = blank.file("decision", "วงเงิน", "limit")
    put(world, draft, file, content.decode(), '"1"')
    decided = {"name": "ตาราง", "decision": "limit", "start": {"amount": "1"}}
    write(world, draft, [decided], '"2"')
    (ran,) = run(world, draft).json["items"]
    missed = [{"id": "to_work", "source": "begin", "target": "work"},
              {"id": "to_end", "source": "work", "target": "end"}]  # fmt: skip
    assert (ran["flows"], ran["missed"]) == (2, missed)
    (table,) = ran["rules"]
    assert (table["file"], table["decision"], table["hits"]) == (file, "limit", [1])


def put(world: World, draft: str, name: str, content: str, tag: str) -> None:
    saved = world.call(
        "PUT", f"/model-drafts/{draft}/file", as_="admin",
        json={"name": name, "content": content}, headers={"If-Match": tag},
    )  # fmt: skip
    assert saved.status_code == 200


def test_what_cannot_be_read_or_cannot_run_is_said(world: World) -> None:
    draft, key = begun(world)
    put(world, draft, f"{key}.tests.json", '{"cases": 7}', '"1"')
    found = listed(world, draft).json
    assert (found["items"], "file of model tests" in found["unreadable"]) == ([], True)
    (ran,) = run(world, draft).json["items"]
    assert (ran["green"], ran["unreadable"]) == (False, found["unreadable"])
    assert publish(world, draft, '"2"').json["errors"][0]["code"] == "unreadable_tests"
    write(world, draft, [case()], '"2"')
    xml = world.get(f"/model-drafts/{draft}/xml", as_="admin").text
    broken = xml.replace('targetRef="end"', 'targetRef="gone"')
    world.call(
        "PUT", f"/model-drafts/{draft}", as_="admin", json={"xml": broken},
        headers={"If-Match": '"3"'},
    )  # fmt: skip
    refused = run(world, draft)
    assert (refused.status_code, refused.json["code"]) == (422, "deployment_refused")
    assert any("gone" in one["message"] for one in refused.json["errors"])


@pytest.mark.parametrize(
    ("item", "field"),
    [({}, "items.0.name"), ({"name": "x", "more": 1}, "items.0.more"),
     ({"name": "x", "start": {"a": "1" * 4_001}}, "items.0.start.a.value"),
     ({"name": "x", "answers": [{"outcome": "y"}]}, "items.0.answers.0.element")],
)  # fmt: skip
def test_a_test_of_another_shape_is_refused_where_it_stands(
    world: World, item: dict[str, Any], field: str
) -> None:
    draft, _key = begun(world)
    refused = write(world, draft, [item], '"1"')
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json["errors"]] == [field]
    many = write(world, draft, [case()] * 51, '"1"')
    assert many.status_code == 422


def test_tests_of_others_are_not_found_and_clerks_have_no_right(world: World) -> None:
    draft, _key = begun(world)
    for as_, status in (("stranger", 404), ("clerk", 403)):
        answers = [
            listed(world, draft, as_), write(world, draft, [], '"1"', as_),
            run(world, draft, as_),
        ]  # fmt: skip
        assert [one.status_code for one in answers] == [status] * 3, as_
