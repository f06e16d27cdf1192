"""/model-drafts by a program: begun, brought in, mended, published; and who may not."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from support.world import World

import bpmn

DRAFTING = Path(bpmn.path()) / "drafting"
#: as other tools write it: whoever does the work is somebody of theirs
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">
  <process id="{key}" name="ขออนุมัติ" isExecutable="true">
    <startEvent id="begin"/><sequenceFlow id="f1" sourceRef="begin" targetRef="approve"/>
    <userTask id="approve" name="พิจารณา"/>
    <sequenceFlow id="f2" sourceRef="approve" targetRef="file"/>
    <serviceTask id="file" name="เก็บ"/><sequenceFlow id="f3" sourceRef="file" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>"""
ASSIGNED = (
    '<userTask id="approve" name="พิจารณา"><extensionElements>'
    '<s:assignment xmlns:s="urn:saraban:bpmn:1.0" kind="starter"/></extensionElements></userTask>'
)


def own(stem: str) -> str:
    return f"{stem}-{uuid4().hex[:8]}"


def send(
    world: World, path: str, files: dict[str, bytes], tag: str = "", as_: str = "admin"
) -> Any:
    data = {"files": [(BytesIO(content), name) for name, content in files.items()]}
    headers = {"If-Match": tag} if tag else {}
    return world.call(
        "POST", path, as_=as_, data=data, content_type="multipart/form-data", headers=headers
    )


def tag(world: World, draft: str) -> str:
    return str(world.get(f"/model-drafts/{draft}", as_="admin").headers["ETag"])


def publish(world: World, draft: str, tag: str, as_: str = "admin", **body: Any) -> Any:
    return world.post(
        f"/model-drafts/{draft}/publish", {"note": "รุ่นแรก", **body}, as_=as_,
        headers={"If-Match": tag},
    )  # fmt: skip


def put(world: World, draft: str, xml: str, tag: str) -> Any:
    return world.call(
        "PUT", f"/model-drafts/{draft}", as_="admin", json={"xml": xml}, headers={"If-Match": tag}
    )


def needs(world: World, draft: str) -> Any:
    return world.get(f"/model-drafts/{draft}/checklist", as_="admin").json


def test_a_foreign_file_is_brought_in_mended_published_and_started(world: World) -> None:
    key = own("foreign")
    made = send(world, "/model-drafts/import", {"a.bpmn": FOREIGN.format(key=key).encode()})
    assert (made.status_code, made.json["key"], made.json["revision"]) == (201, key, 1)
    draft = made.json["id"]
    found = needs(world, draft)
    assert (found["elements"], found["errors"]) == (4, 1)
    said = {(one["element"], one["kind"], one["name"]) for one in found["items"]}
    assert {("approve", "userTask", "พิจารณา"), ("file", "serviceTask", "เก็บ")} <= said
    assert all(one["mend"] and one["thai"] for item in found["items"] for one in item["findings"])
    refused = publish(world, draft, '"1"')
    assert (refused.status_code, refused.json["code"]) == (422, "deployment_refused")
    assert [one["element"] for one in refused.json["errors"]] == ["file", "approve"]
    exported = world.get(f"/model-drafts/{draft}/xml", as_="admin")
    assert exported.text == FOREIGN.format(key=key)
    assert "a.bpmn" in exported.headers["Content-Disposition"]
    mended = exported.text.replace('<userTask id="approve" name="พิจารณา"/>', ASSIGNED).replace(
        '<serviceTask id="file" name="เก็บ"/>', '<manualTask id="file" name="เก็บ"/>'
    )
    assert put(world, draft, mended, '"1"').status_code == 200
    assert needs(world, draft)["errors"] == 0
    done = publish(world, draft, '"2"')
    assert (done.status_code, done.json["key"], done.json["version"]) == (200, key, 1)
    row = world.get(f"/model-drafts/{draft}", as_="admin").json
    assert (row["base_definition_id"], row["changed"]) == (done.json["id"], False)
    case = world.post("/process-instances", {"definition_key": key})
    assert [one["element_id"] for one in case.json["next"]] == ["approve"]


def test_files_beside_are_listed_read_added_begun_and_taken_away(world: World) -> None:
    form = (DRAFTING / "letter-draft.form.json").read_bytes()
    made = world.post("/model-drafts", {"name": "ขอใช้รถ", "key": own("beside")}, as_="admin")
    draft = made.json["id"]
    files = f"/model-drafts/{draft}/files"
    added = send(world, files, {"ลา.form.json": form, "b.dmn": b"<a/>"}, '"1"')
    assert (added.status_code, added.json["revision"]) == (200, 2)
    listed = world.get(files, as_="admin")
    assert listed.headers["ETag"] == '"2"'
    assert {one["name"]: one["size"] for one in listed.json["items"]} == {
        "ลา.form.json": len(form), "b.dmn": 4,
    }  # fmt: skip
    one = world.get(f"{files}/{quote('ลา.form.json')}", as_="admin")
    assert (one.data, one.mimetype) == (form, "application/octet-stream")
    assert "attachment" in one.headers["Content-Disposition"]
    body = {"kind": "decision", "name": "วงเงิน", "key": "limit"}
    begun = world.post(f"{files}/begin", body, as_="admin", headers={"If-Match": '"2"'})
    assert (begun.status_code, begun.json["file"], begun.json["revision"]) == (201, "limit.dmn", 3)
    again = world.post(f"{files}/begin", body, as_="admin", headers={"If-Match": '"3"'})
    assert [error["field"] for error in again.json["errors"]] == ["key"]
    gone = world.call("DELETE", f"{files}/b.dmn", as_="admin", headers={"If-Match": '"3"'})
    assert (gone.status_code, gone.json["revision"]) == (200, 4)
    assert world.get(f"{files}/b.dmn", as_="admin").status_code == 404
    odd = send(world, files, {"a.exe": b"x"}, '"4"')
    assert (odd.status_code, odd.json["errors"][0]["code"]) == (422, "unknown_file")
    assert tag(world, draft) == '"4"'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.txt", b"a", "no_diagram"), ("a.bpmn", b"<a", "not_xml"), ("a.bpmn", b"<a/>", "not_bpmn"),
     ("a.bpmn", b"<!DOCTYPE a><a/>", "doctype_not_allowed"), ("a.bpmn", b"\xff", "not_utf8")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(world: World, name: str, content: bytes, code: str) -> None:
    refused = send(world, "/model-drafts/import", {name: content})
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json["errors"]] == [code]


def test_two_clients_at_one_draft(world: World) -> None:
    key = own("two")
    draft = world.post("/model-drafts", {"name": "สองคน", "key": key}, as_="admin").json["id"]
    seen = tag(world, draft)
    first = send(world, f"/model-drafts/{draft}/files", {"a.dmn": b"<a/>"}, seen)
    assert first.status_code == 200
    assert send(world, f"/model-drafts/{draft}/files", {"a.dmn": b"<b/>"}, seen).status_code == 412
    stale = [
        publish(world, draft, seen),
        world.call("DELETE", f"/model-drafts/{draft}", as_="admin", headers={"If-Match": seen}),
        world.call(
            "DELETE", f"/model-drafts/{draft}/files/a.dmn", as_="admin", headers={"If-Match": seen}
        ),
    ]
    assert [(one.status_code, one.json["code"]) for one in stale] == [(412, "stale")] * 3
    bare = world.post(f"/model-drafts/{draft}/publish", {"note": "x"}, as_="admin")
    assert bare.status_code == 428
    gone = world.call("DELETE", f"/model-drafts/{draft}", as_="admin", headers={"If-Match": '"2"'})
    assert gone.json == {"id": draft}
    assert world.get(f"/model-drafts/{draft}", as_="admin").status_code == 404


def test_a_version_that_came_meanwhile_is_not_replaced_unseen(world: World) -> None:
    key = own("newer")
    draft = world.post("/model-drafts", {"name": "รุ่น", "key": key}, as_="admin").json["id"]
    text = world.get(f"/model-drafts/{draft}", as_="admin").json["xml"]
    mine = world.post(f"/model-drafts/{draft}/copy", {"xml": text}, as_="admin").json["id"]
    first = publish(world, draft, '"1"')
    again = {"Idempotency-Key": own("k"), "If-Match": '"1"'}
    put(world, mine, text.replace("ดำเนินการ", "ตรวจ"), '"1"')
    refused = publish(world, mine, '"2"')
    assert (refused.status_code, refused.json["reason"]) == (409, "newer_version")
    assert publish(world, mine, '"2"', after=0).status_code == 409
    body = {"note": "ดูแล้ว", "after": first.json["version"]}
    done = [
        world.post(
            f"/model-drafts/{mine}/publish", body, as_="admin", headers={**again, "If-Match": '"2"'}
        )
        for _ in range(2)
    ]
    assert [one.json["version"] for one in done] == [2, 2]
    put(world, mine, text.replace("ดำเนินการ", "อนุมัติ"), '"3"')
    assert publish(world, mine, '"4"').json["version"] == 3


def test_a_deployed_version_becomes_a_draft(world: World) -> None:
    (review,) = world.get("/process-definitions?key=review", as_="admin").json["items"]
    body = {"definition_id": review["id"]}
    opened = world.post("/model-drafts/open", body, as_="admin").json
    assert opened == world.post("/model-drafts/open", body, as_="admin").json
    row = world.get(f"/model-drafts/{opened['id']}", as_="admin").json
    assert (row["base_definition_id"], row["changed"]) == (review["id"], False)
    seen = {"If-Match": f'"{opened["revision"]}"'}
    gone = world.call("DELETE", f"/model-drafts/{opened['id']}", as_="admin", headers=seen)
    assert gone.status_code == 200


def test_drafts_of_others_are_not_found_and_clerks_have_no_right(world: World) -> None:
    draft = world.post("/model-drafts", {"name": "ของเรา"}, as_="admin").json["id"]
    (review,) = world.get("/process-definitions?key=review", as_="admin").json["items"]
    at = f"/model-drafts/{draft}"
    seen = {"If-Match": '"1"'}
    for as_, status in (("stranger", 404), ("clerk", 403)):
        answers = [
            *(world.get(f"{at}{path}", as_=as_) for path in
              ("", "/xml", "/zip", "/history", "/checklist", "/files", "/files/a.dmn")),
            send(world, f"{at}/files", {"a.dmn": b"<a/>"}, '"1"', as_),
            world.post(f"{at}/files/begin", {"kind": "form", "name": "x"}, as_=as_, headers=seen),
            world.post("/model-drafts/open", {"definition_id": review["id"]}, as_=as_),
            publish(world, draft, '"1"', as_),
            world.call("DELETE", at, as_=as_, headers=seen),
            world.call("DELETE", f"{at}/files/a.dmn", as_=as_, headers=seen),
        ]  # fmt: skip
        assert [one.status_code for one in answers] == [status] * len(answers), as_
    assert world.post("/model-drafts", {"name": "x"}, as_="clerk").status_code == 403
    brought = send(world, "/model-drafts/import", {"a.bpmn": b"<a/>"}, as_="clerk")
    assert brought.status_code == 403
    assert tag(world, draft) == '"1"'


def test_a_name_is_asked_for_and_a_code_is_ones_own(world: World) -> None:
    for body, field in (({"name": ""}, "name"), ({"name": " "}, "name"), ({}, "name"),
                        ({"name": "x", "key": "A"}, "key"), ({"name": "x", "key": "review"}, "key"),
                        ({"name": "x", "more": 1}, "more")):  # fmt: skip
        refused = world.post("/model-drafts", body, as_="admin")
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field), body
    draft = world.post("/model-drafts", {"name": "x"}, as_="admin").json["id"]
    assert publish(world, draft, '"1"', note=" ").status_code == 422


def zipped(answer: Any) -> dict[str, bytes]:
    """The files of a ZIP that was answered, in their order."""
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    with zipfile.ZipFile(BytesIO(answer.data)) as given:
        assert given.testzip() is None
        return {name: given.read(name) for name in given.namelist()}


def test_a_draft_goes_out_as_one_zip_and_comes_in_again(world: World) -> None:
    files = {one.name: one.read_bytes() for one in DRAFTING.glob("*.*")}
    draft = send(world, "/model-drafts/import", files).json["id"]
    out = world.get(f"/model-drafts/{draft}/zip", as_="admin")
    assert list(zipped(out).items()) == sorted(files.items())
    assert out.headers["Content-Disposition"].startswith("attachment; filename=official-letter.zip")
    assert world.get(f"/model-drafts/{draft}/zip", as_="admin").data == out.data
    again = send(world, "/model-drafts/import", {"ร่าง.zip": out.data})
    assert again.status_code == 201, again.text
    back = world.get(f"/model-drafts/{again.json['id']}/zip", as_="admin")
    assert back.data == out.data


def test_a_version_goes_out_as_one_zip_and_is_deployed_from_it(world: World) -> None:
    made = world.post("/model-drafts", {"name": "ขอใช้รถ", "key": own("whole")}, as_="admin").json
    at, form = f"/model-drafts/{made['id']}", (DRAFTING / "letter-head.form.json").read_bytes()
    names = ("../car.form.json", "CAR.form.json", "car.form.json")
    for number, name in enumerate(names, 1):
        body = {"name": name, "content": form.decode().replace("letter-head", f"car-{number}")}
        kept = world.call(
            "PUT", f"{at}/file", as_="admin", json=body, headers={"If-Match": f'"{number}"'}
        )
        assert kept.status_code == 200, kept.text
    version = publish(world, made["id"], '"4"').json
    out = world.get(f"/process-definitions/{version['id']}/zip", as_="admin")
    assert f"filename={made['key']}-1.zip" in out.headers["Content-Disposition"]
    # nothing leads out of the folder that it is unpacked in, nor falls on another of its files
    safe = ["_car.form.json", "CAR.form.json", "2-car.form.json", f"{made['key']}.bpmn"]
    assert list(zipped(out)) == safe
    again = send(world, "/deployments", {"a.zip": out.data})
    assert again.status_code == 201, again.text
    (second,) = again.json["definitions"]
    assert (second["key"], second["version"]) == (made["key"], 2)  # of other names
    back = world.get(f"/process-definitions/{second['id']}/zip", as_="admin")
    assert zipped(back) == zipped(out)
    same = send(world, "/deployments", {"a.zip": back.data}).json["definitions"]
    assert same == [second]
    for as_, status in (("clerk", 403), ("stranger", 404)):
        refused = world.get(f"/process-definitions/{second['id']}/zip", as_=as_)
        assert refused.status_code == status


def _zip(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files:
            made.writestr(name, content)
    return out.getvalue()


LOCKED = bytearray(_zip(("a.bpmn", b"<a/>")))
LOCKED[6] |= 1
LOCKED[LOCKED.index(b"PK\1\2") + 8] |= 1
WRONG = bytearray(_zip(("a.bpmn", b"<a/>"), method=zipfile.ZIP_STORED))
WRONG[WRONG.index(b"<a/>") + 1] = ord("b")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"PK", "bad_zip"), (bytes(LOCKED), "bad_zip"), (bytes(WRONG), "bad_zip"),
     (_zip(), "bad_zip"), (_zip(("a/", b"")), "bad_zip"),
     (_zip(("a.bpmn", b"<a/>"), method=zipfile.ZIP_LZMA), "bad_zip"),
     (_zip(("a.bpmn", bytes(17 << 20))), "too_many"),
     (_zip(*((f"{n}.dmn", b"") for n in range(201))), "too_many"),
     (_zip(*((f"{n}/", b"") for n in range(900))), "too_many"),
     (_zip(("a/x.bpmn", b"<a/>"), ("b/x.bpmn", b"<a/>")), "invalid"),
     (_zip(("a/..", b"<a/>")), "invalid")],
    ids=["cut", "locked", "changed", "empty", "folder", "method", "bomb", "files", "entries",
         "twice", "unnamed"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/deployments", "/model-drafts/import"])
def test_a_zip_that_is_no_set_of_files_is_refused(
    world: World, path: str, content: bytes, code: str
) -> None:
    answer = send(world, path, {"a.zip": content})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)
    assert answer.json["errors"][0]["field"] == "files"


def test_a_set_that_somebody_packed_as_a_folder_is_brought_in(world: World) -> None:
    xml = FOREIGN.format(key=own("folder")).encode()
    packed = _zip(
        ("ชุด/", b""), ("ชุด/a.bpmn", xml), ("ชุด/b.dmn", b"<b/>"), ("__MACOSX/ชุด/._a.bpmn", b"\0")
    )
    made = send(world, "/model-drafts/import", {"A.ZIP": packed})
    assert made.status_code == 201, made.text
    out = world.get(f"/model-drafts/{made.json['id']}/zip", as_="admin")
    assert zipped(out) == {"a.bpmn": xml, "b.dmn": b"<b/>"}
    several = send(world, "/model-drafts/import", {"a.zip": packed, "a.bpmn": xml})
    assert several.json["errors"][0]["code"] == "unknown_file"  # one, and nothing beside it
