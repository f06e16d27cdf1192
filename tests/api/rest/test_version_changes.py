"""What differs between two versions, for machines: facts by element and file, in both languages."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import pytest

from office.modeling.rules import template


def deploy(world: Any, files: dict[str, bytes], note: str) -> str:
    """The id of the version that came of it."""
    data = {"files": [(io.BytesIO(content), name) for name, content in files.items()], "name": note}
    made = world.call(
        "POST", "/deployments", data=data, content_type="multipart/form-data", as_="admin"
    )
    assert made.status_code == 201, made.text
    return str(made.json["definitions"][0]["id"])


def form(**rules: Any) -> bytes:
    field = {"type": "number", "key": "days", "label": "จำนวนวัน", "validate": rules}
    return json.dumps({"components": [field]}).encode()


@pytest.fixture
def versions(world: Any) -> list[str]:
    """The first; the second with another form and a new end; and another process."""
    key = f"v{uuid4().hex[:8]}"
    first = template(key, "ขอลา")
    second = first.replace('"end"', '"ended"').replace("ดำเนินการ", "ตรวจ")
    return [
        deploy(world, {"a.bpmn": first.encode(), "leave.form.json": form(max=30)}, "รุ่นแรก"),
        deploy(world, {"a.bpmn": second.encode(), "leave.form.json": form(max=60)}, "แก้ตามมติ"),
        deploy(world, {"a.bpmn": template(f"{key}x", "อื่น").encode()}, "อื่น"),
    ]


def test_each_difference_has_its_element_or_file_and_words(world: Any, versions: list[str]) -> None:
    first, second, _other = versions
    found = world.get(f"/process-definitions/{second}/changes?against={first}").json
    assert (found["version"], found["against_version"], found["against_id"]) == (2, 1, first)
    told = {one["element_id"] or one["file"]: one for one in found["differences"]}
    assert {at: (one["verb"], one["kind"]) for at, one in told.items()} == {
        "ended": ("added", "endEvent"), "end": ("removed", "endEvent"),
        "work": ("changed", "userTask"), "to_end": ("changed", "sequenceFlow"),
        "leave.form.json": ("changed", "form"),
    }  # fmt: skip
    assert told["work"]["file"] is None
    assert told["work"]["words"] == {
        "th": "เปลี่ยน งานของคน “ตรวจ”", "en": "Changed User task “ตรวจ”",
    }  # fmt: skip
    assert told["to_end"]["changes"] == [
        {"what": "targetRef", "at": "", "before": "end", "after": "ended",
         "words": {"th": "ไปต่อที่: เสร็จ → เสร็จ", "en": "Goes on to: เสร็จ → เสร็จ"}}
    ]  # fmt: skip
    (limit,) = told["leave.form.json"]["changes"]
    assert (limit["what"], limit["at"], limit["before"], limit["after"]) == (
        "most", "จำนวนวัน", "30", "60",
    )  # fmt: skip
    assert limit["words"]["en"] == "“จำนวนวัน”: Maximum: 30 → 60"


def test_without_another_it_is_the_version_before(world: Any, versions: list[str]) -> None:
    first, second, _other = versions
    found = world.get(f"/process-definitions/{second}/changes").json
    assert (found["against_id"], len(found["differences"])) == (first, 5)
    back = world.get(f"/process-definitions/{first}/changes?against={second}").json
    assert {one["verb"] for one in back["differences"]} == {"added", "removed", "changed"}
    assert world.get(f"/process-definitions/{first}/changes").status_code == 404


def test_only_versions_of_one_process_are_compared(world: Any, versions: list[str]) -> None:
    first, _second, other = versions
    refused = world.get(f"/process-definitions/{first}/changes?against={other}")
    assert refused.status_code == 422
    assert "against" in str(refused.json["errors"][0])
    unknown = world.get(f"/process-definitions/{first}/changes?against={uuid4()}")
    assert unknown.status_code == 404


def test_a_draft_is_compared_with_what_it_stands_on_or_with_another(
    world: Any, versions: list[str]
) -> None:
    first, second, other = versions
    draft = world.post("/model-drafts/open", {"definition_id": second}, as_="admin").json["id"]
    at = f"/model-drafts/{draft}"
    assert world.get(f"{at}/changes", as_="clerk").status_code == 403
    assert world.get(f"{at}/changes", as_="admin").json["differences"] == []
    xml = world.get(at, as_="admin").json["xml"].replace("ตรวจ", "ทาน")
    world.call("PUT", at, as_="admin", json={"xml": xml}, headers={"If-Match": '"1"'})
    found = world.get(f"{at}/changes", as_="admin").json
    assert (found["revision"], found["against_id"], found["against_version"]) == (2, second, 2)
    assert [one["element_id"] for one in found["differences"]] == ["work"]
    older = world.get(f"{at}/changes?against={first}", as_="admin").json
    assert (older["against_version"], len(older["differences"])) == (1, 5)
    assert world.get(f"{at}/changes?against={other}", as_="admin").status_code == 422
    new = world.post("/model-drafts", {"name": "ใหม่"}, as_="admin").json["id"]
    assert world.get(f"/model-drafts/{new}/changes", as_="admin").status_code == 404


def test_another_agencys_versions_are_not_told(world: Any, versions: list[str]) -> None:
    first, second, _other = versions
    path = f"/process-definitions/{second}/changes?against={first}"
    assert world.get(path, as_="stranger").status_code == 404
    (theirs,) = world.get("/process-definitions?key=review", as_="stranger").json["items"]
    mixed = f"/process-definitions/{second}/changes?against={theirs['id']}"
    assert world.get(mixed).status_code == 404


def test_a_definition_says_who_published_it_and_why(world: Any, versions: list[str]) -> None:
    first, second, _other = versions
    told = [world.get(f"/process-definitions/{one}").json for one in (first, second)]
    assert [one["note"] for one in told] == ["รุ่นแรก", "แก้ตามมติ"]
    assert {one["deployed_by"] for one in told} == {"admin"}
    (listed,) = world.get(f"/process-definitions?key={told[0]['key']}").json["items"]
    assert (listed["note"], listed["version"]) == ("แก้ตามมติ", 2)
