"""/files: a form's field takes files, and the case has them from then on."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from support.builders import assigned, bpmn, extension, outcomes, user

from engine import jsonio
from engine.db import reading
from office.files import commands, proofs
from office.files.commands import PATIENCE

ASK = {"components": [
    {"type": "textfield", "key": "subject", "label": "เรื่อง"},
    {"type": "filepicker", "key": "quotation", "label": "ใบเสนอราคา", "accept": ".pdf,.txt",
     "multiple": True, "validate": {"required": True}},
]}  # fmt: skip
CHECK = {"components": [
    {"type": "filepicker", "key": "quotation", "label": "ใบเสนอราคา", "readonly": True},
    {"type": "filepicker", "key": "contract", "label": "สัญญา"},
]}  # fmt: skip


_THERE: set[int] = set()


@pytest.fixture
def purchase(world: Any) -> str:
    """Somebody asks with files, the head looks at them, a colleague is kept from one field."""
    source = bpmn(
        "buy",
        user(
            "check",
            assigned("position", "head"),
            extension("form", key="check"),
            outcomes("ok", "no"),
        ),
        user("pay", assigned("person", "colleague"), extension("hide", variable="quotation")),
        flows="start>check check>pay pay>end",
        title="=subject",
    ).replace(b"<saraban:title ", b'<saraban:start form="ask"/><saraban:title ')
    if id(world) in _THERE:
        return "buy"
    forms = {f"{name}.form.json": jsonio.dumps(form).encode() for name, form in
             (("ask", ASK), ("check", CHECK))}  # fmt: skip
    world.deploy({"buy.bpmn": source, **forms})
    _THERE.add(id(world))
    return "buy"


def hand_in(world: Any, name: str, content: bytes, as_: str = "clerk", **headers: str) -> Any:
    data = {"file": (io.BytesIO(content), name)}
    return world.call("POST", "/files", as_=as_, data=data, headers=headers,
                      content_type="multipart/form-data")  # fmt: skip


def kept(world: Any, name: str = "ใบเสนอราคา.txt", as_: str = "clerk") -> dict[str, Any]:
    answer = hand_in(world, name, uuid4().hex.encode(), as_)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def begin(world: Any, key: str, quotation: Any, as_: str = "clerk", **more: Any) -> Any:
    body = {"definition_key": key, "variables": {"subject": "ซื้อ", "quotation": quotation}}
    return world.post("/process-instances", body, as_=as_, **more)


def wrong(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["message"] for one in answer.json["errors"]}


def test_a_case_has_what_its_forms_were_given(world: Any, purchase: str) -> None:
    first, second = kept(world), kept(world)
    content = uuid4().hex.encode()
    third = hand_in(world, "ราคา.txt", content).json
    assert third == {"id": third["id"], "name": "ราคา.txt", "type": "text/plain", "size": 32,
                     "sha256": hashlib.sha256(content).hexdigest()}  # fmt: skip
    case = begin(world, purchase, [first["id"], third["id"], first["id"]]).json
    read = world.get(f"/process-instances/{case['id']}").json
    assert read["variables"]["quotation"] == [first, third]
    # the task's form shows them, keeps them as they are, and takes others
    (task,) = [one["id"] for one in read["tasks"]]
    contract = kept(world, "สัญญา.txt", as_="boss")
    body = {"outcome": "ok", "variables": {"quotation": [second["id"]], "contract": contract["id"]}}
    assert "quotation" in wrong(world.post(f"/tasks/{task}/complete", body, as_="boss"))
    body["variables"]["quotation"] = world.get(f"/tasks/{task}", as_="boss").json["variables"][
        "quotation"
    ]
    done = world.post(f"/tasks/{task}/complete", body, as_="boss")
    assert done.status_code == 200, done.text
    listed = world.get(f"/process-instances/{case['id']}/files").json["items"]
    assert [(one["name"], one["field"], one["added_by"], one["task_id"]) for one in listed] == [
        ("ใบเสนอราคา.txt", "quotation", "clerk", None), ("ราคา.txt", "quotation", "clerk", None),
        ("สัญญา.txt", "contract", "boss", task)]  # fmt: skip
    file = world.get(f"/process-instances/{case['id']}/files/{third['id']}", as_="boss")
    assert (file.data, file.headers["X-Content-Type-Options"]) == (content, "nosniff")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Type"] == "application/octet-stream"
    # who has nothing to do with the case, and whoever's step hides the field, has none
    away = f"/process-instances/{case['id']}/files/{third['id']}"
    assert world.get(away, as_="outsider").status_code == 403
    assert world.get(away, as_="stranger").status_code == 404
    assert world.get(away, as_="colleague").status_code == 404
    seen = world.get(f"/process-instances/{case['id']}/files", as_="colleague").json["items"]
    assert [one["field"] for one in seen] == ["contract"]
    events = world.get(f"/process-instances/{case['id']}/history").json["items"]
    told = {e["type"]: e["data"]["variables"] for e in events if e["data"].get("variables")}
    assert told["instance.started"]["quotation"][1] == third
    assert told["task.completed"]["contract"] == [contract]


def test_only_ones_own_files_that_no_case_has_are_taken(world: Any, purchase: str) -> None:
    mine, theirs, strange = kept(world), kept(world, as_="boss"), kept(world, as_="stranger")
    lost = kept(world)
    assert world.call("DELETE", f"/files/{theirs['id']}").status_code == 404
    assert world.call("DELETE", f"/files/{lost['id']}").json == {"id": lost["id"]}
    assert world.call("DELETE", f"/files/{lost['id']}").status_code == 404
    for bad in (theirs, strange, lost, {"id": str(uuid4())}, {"id": "../../etc/passwd"}):
        assert "not here" in wrong(begin(world, purchase, [mine["id"], bad["id"]]))["quotation"]
    lie = {**theirs, "name": "x"}
    assert "not here" in wrong(begin(world, purchase, [lie]))["quotation"]
    assert wrong(begin(world, purchase, []))["quotation"] == "Fill in this field."
    for bad in (7, [[mine["id"]]], {"name": "a.txt"}):
        assert "quotation" in wrong(begin(world, purchase, bad))
    assert begin(world, purchase, mine).status_code == 201  # what the API said of it names it too
    assert "not here" in wrong(begin(world, purchase, [mine["id"]]))["quotation"]  # another case's
    assert world.call("DELETE", f"/files/{mine['id']}").status_code == 404


def test_a_retry_doubles_nothing(world: Any, purchase: str) -> None:
    key, content = str(uuid4()), uuid4().hex.encode()
    once, again = (hand_in(world, "a.txt", content, **{"Idempotency-Key": key}) for _ in range(2))
    assert once.json == again.json
    name = str(uuid4())
    cases = {begin(world, purchase, [once.json["id"]], headers={"Idempotency-Key": name}).json["id"]
             for _ in range(2)}  # fmt: skip
    assert len(cases) == 1
    (only,) = world.get(f"/process-instances/{cases.pop()}/files").json["items"]
    assert only["id"] == once.json["id"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.txt", b"", "empty"), ("a.exe", b"MZ", "type_not_allowed"),
     ("a.pdf", b"no", "content_differs_from_name"), ("a.html", b"<script>", "type_not_allowed")],
)  # fmt: skip
def test_what_is_no_file_of_an_office_is_refused(
    world: Any, name: str, content: bytes, code: str
) -> None:
    answer = hand_in(world, name, content)
    assert (answer.status_code, answer.json["code"]) == (422, code), answer.text


def test_a_field_says_which_files_it_takes(world: Any, purchase: str) -> None:
    table = hand_in(world, "ราคา.csv", b"a,b\n").json
    assert "ราคา.csv" in wrong(begin(world, purchase, [table["id"]]))["quotation"]
    assert hand_in(world, "..\\..\\a/<b> .txt", b"x").json["name"] == "<b> .txt"
    assert hand_in(world, "a\u202e.txt", b"x").status_code == 422
    many = [kept(world)["id"] for _ in range(21)]
    assert "at most 20" in wrong(begin(world, purchase, many))["quotation"]


def test_what_nobody_sends_is_let_go_of(world: Any, purchase: str) -> None:
    file, held = kept(world), kept(world)
    assert begin(world, purchase, [held["id"]]).status_code == 201
    now = world.clock.now()
    world.clock.advance(PATIENCE - timedelta(minutes=1))
    world.system.collect_files()
    assert hand_in(world, "b.txt", b"b").status_code == 201
    world.clock.advance(timedelta(minutes=2))
    try:
        world.system.collect_files()
    finally:
        world.clock.set(now)
    assert "not here" in wrong(begin(world, purchase, [file["id"]]))["quotation"]
    case = begin(world, purchase, [kept(world)["id"]]).json
    assert case["status"] == "active"


def test_nobody_fills_the_house_with_what_no_form_names(
    world: Any, purchase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "MOST_WAITING", 3)
    answers = [hand_in(world, "a.txt", uuid4().hex.encode(), as_="admin") for _ in range(4)]
    assert [one.status_code for one in answers] == [201, 201, 201, 409]
    assert answers[-1].json["reason"] == "too_many_uploads"
    assert begin(world, purchase, [answers[0].json["id"]], as_="admin").status_code == 201
    assert hand_in(world, "a.txt", b"y", as_="admin").status_code == 201


def test_changed_and_missing_bytes_are_found(world: Any, purchase: str) -> None:
    file = kept(world)
    assert begin(world, purchase, [file["id"]]).status_code == 201
    with reading(world.system.engine) as db:
        assert list(proofs.broken(db, world.system.storage)) == []
        place = world.system.storage._place(world.home.id, file["sha256"])
        whole = place.read_bytes()
        place.write_bytes(b"another")
        (found,) = proofs.broken(db, world.system.storage)
        assert f"{file['sha256']} was altered" in str(found)
        place.unlink()
        (found,) = proofs.broken(db, world.system.storage)
        assert f"{file['sha256']} is gone" in str(found)
    place.write_bytes(whole)
