"""/documents: a letter from its first words to a signed file that verifies."""

from __future__ import annotations

import errno
import gc
import io
import tempfile
import warnings
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.samples import sample
from support.small_disk import small_disk
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from engine import jobs
from engine.db import reading
from engine.models.job import job

PIN = "583071"  # the printed PIN of somying, who acts for the permanent secretary
ROUTE = [("thotsop", "submit"), ("sommut", "pass"), ("tuayang", "pass"), ("phatsadu", "pass"),
         ("wichan", "pass")]  # fmt: skip


def new_letter(world: Any, **changes: Any) -> dict[str, Any]:
    answer = world.post("/documents", sample("S01", **changes), as_="thotsop")
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def open_task(world: Any, letter: dict[str, Any], who: str) -> str:
    found = world.get(f"/process-instances/{letter['instance_id']}", as_=who).json["tasks"]
    (task,) = [one["id"] for one in found if one["state"] in {"open", "claimed"}]
    return str(task)


def pass_on(world: Any, letter: dict[str, Any], who: str, outcome: str) -> Any:
    task = open_task(world, letter, who)
    answer = world.post(f"/tasks/{task}/complete", {"outcome": outcome}, as_=who)
    assert answer.status_code == 200, answer.text
    return answer.json


def to_the_signer(world: Any, letter: dict[str, Any]) -> str:
    for who, outcome in ROUTE:
        pass_on(world, letter, who, outcome)
    return open_task(world, letter, "somying")


def work_off(world: Any) -> None:
    for _ in range(20):
        with reading(world.system.engine) as db:
            due: list[UUID] = list(db.scalars(sa.select(job.c.id).where(job.c.state == "waiting")))
        if not sum(jobs.run_job(world.system.bus, one) for one in due):
            return


def sign(world: Any, task: str, code: str = PIN, **more: Any) -> Any:
    body = {"authorization": {"method": "pin", "code": code}, **more}
    return world.post(f"/tasks/{task}/complete", body, as_="somying")


def test_whoever_does_the_step_is_told_what_its_form_offers(ministry: Any) -> None:
    letter = new_letter(ministry)
    pass_on(ministry, letter, "thotsop", "submit")
    pass_on(ministry, letter, "sommut", "pass")
    task = open_task(ministry, letter, "tuayang")
    told = ministry.get(f"/tasks/{task}", as_="tuayang").json["variables"]
    assert {"value": "unit:finance", "label": "กลุ่มคลังและพัสดุ"} in told["unit_choices"]
    assert "unit_choices" not in ministry.get(f"/tasks/{task}", as_="thotsop").json["variables"]
    case = ministry.get(f"/process-instances/{letter['instance_id']}", as_="tuayang").json
    assert "unit_choices" not in case["variables"]


def test_nobody_starts_a_second_route_for_a_letter(ministry: Any) -> None:
    letter = new_letter(ministry)
    body = {"definition_key": "official-letter", "business_key": letter["id"]}
    for who in ("thotsop", "somying", "admin"):
        answer = ministry.post("/process-instances", body, as_=who)
        assert (answer.status_code, answer.json["code"]) == (403, "internal_process"), answer.text
    query = f"/process-instances?definition_key=official-letter&business_key={letter['id']}"
    assert len(ministry.get(query, as_="thotsop").json["items"]) == 1


def test_a_letter_goes_from_words_to_a_signed_file(ministry: Any) -> None:
    letter = new_letter(ministry)
    assert (letter["number"], letter["state"]) == (None, "drafting")
    assert [t["element_id"] for t in letter["next"]] == ["draft"]
    task = to_the_signer(ministry, letter)
    assert ministry.post(f"/tasks/{task}/complete", {}, as_="somying").status_code in {409, 422}
    wrong = sign(ministry, task, "000000")
    assert (wrong.status_code, wrong.json["code"]) == (403, "wrong_pin")
    signed = sign(ministry, task)
    assert signed.status_code in {200, 202}, signed.text
    work_off(ministry)
    found = ministry.get(f"/documents/{letter['id']}", as_="thotsop").json
    assert found["number"]
    pdf = ministry.get(f"/documents/{letter['id']}/pdf", as_="thotsop")
    assert pdf.data.startswith(b"%PDF-")
    for data in ({"data": pdf.data, "content_type": "application/pdf"},
                 {"data": {"file": (io.BytesIO(pdf.data), "a.pdf")},
                  "content_type": "multipart/form-data"}):  # fmt: skip
        verdict = ministry.call("POST", "/documents/verify", as_="thotsop", **data)
        assert verdict.status_code == 200, verdict.text
        (one,) = verdict.json["signatures"]
        assert (one["intact"], one["valid"], one["modified"]) == (True, True, False)
    versions = ministry.get(f"/documents/{letter['id']}/versions", as_="thotsop").json["items"]
    assert versions
    sent = ministry.get("/registers/send", as_="thabian").json["items"]
    assert letter["id"] in [entry["document_id"] for entry in sent]
    assert sign(ministry, task).status_code == 409


def test_a_token_without_the_scope_does_not_sign(ministry: Any) -> None:
    from api import first

    task = to_the_signer(ministry, new_letter(ministry))
    ministry.home.tokens["weak"] = first.issue_token(
        ministry.system, "somying", ministry.home.code, 1, ["read", "write"]
    )
    body = {"authorization": {"method": "pin", "code": PIN}}
    answer = ministry.post(f"/tasks/{task}/complete", body, as_="weak")
    assert (answer.status_code, answer.json["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "LETTER"}, "kind"),
        ({"secrecy": "ลับ", "secrecy_code": "002"}, "secrecy"),
        ({"subject": ""}, "subject"),
        ({"position_lines": ["ตำแหน่งที่ไม่มี"]}, "position_lines"),
        ({"no_such_field": 1}, "no_such_field"),
        ({"paragraphs": "not a list"}, "paragraphs"),
        ({"paragraphs": []}, "paragraphs"),
    ],
)
def test_what_cannot_be_routed_is_422_by_field(
    ministry: Any, change: dict[str, Any], field: str
) -> None:
    answer = ministry.post("/documents", sample("S01", **change), as_="thotsop")
    assert answer.status_code == 422
    assert field in [e["field"].partition(".")[0] for e in answer.json["errors"]], answer.text


@pytest.mark.parametrize("identity", ["S05", "S06", "S07", "S08", "S09"])
def test_other_kinds_are_drafted_and_rendered_like_letters(ministry: Any, identity: str) -> None:
    words = sample(identity, position_lines=["ปลัดกระทรวงตัวอย่าง"], owner_unit=None)
    answer = ministry.post("/documents", words, as_="thotsop")
    assert answer.status_code == 201, answer.text
    pdf = ministry.get(f"/documents/{answer.json['id']}/pdf", as_="thotsop")
    assert pdf.data.startswith(b"%PDF")


def test_a_draft_is_saved_over_the_revision_that_was_read(ministry: Any) -> None:
    letter = new_letter(ministry)
    path = f"/documents/{letter['id']}"
    tag = ministry.get(path, as_="thotsop").headers["ETag"]
    changed = sample("S01", subject="เรื่องใหม่")

    def save(**headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ministry.call("PUT", path, as_="thotsop", json=changed, headers=named)

    assert save().status_code == 428
    assert save(If_Match='"99.drafting"').status_code == 412
    assert save(If_Match="rubbish").status_code == 412
    saved = save(If_Match=tag).json
    assert (saved["revision"], saved["saved_at"][-1]) == (2, "Z")
    assert save(If_Match=tag).status_code == 412
    assert ministry.get(path, as_="thotsop").json["subject"] == "เรื่องใหม่"
    elsewhere = ministry.call("PUT", path, as_="sommut", json=changed, headers={"If-Match": tag})
    assert elsewhere.status_code == 403


def test_files_are_enclosed_checked_and_taken_out(ministry: Any) -> None:
    letter = new_letter(ministry)
    path = f"/documents/{letter['id']}/attachments"

    def attach(name: str, content: bytes, as_: str = "thotsop") -> Any:
        data = {"file": (io.BytesIO(content), name), "name": "บันทึก"}
        return ministry.call("POST", path, as_=as_, data=data, content_type="multipart/form-data")

    made = attach("note.txt", "ข้อความ".encode())
    assert made.status_code == 201, made.text
    file = f"{path}/{made.json['id']}"
    found = ministry.get(file, as_="thotsop")
    assert found.data == "ข้อความ".encode()
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert attach("virus.exe", b"MZ").status_code == 422
    assert attach("fake.pdf", b"not a pdf").status_code == 422
    assert attach("x.txt", b"x", as_="muban").status_code == 404
    assert ministry.get(file, as_="muban").status_code == 404
    assert ministry.call("DELETE", file, as_="thotsop").status_code == 200
    assert ministry.call("DELETE", file, as_="thotsop").status_code == 404


def test_who_takes_no_part_does_not_read(ministry: Any) -> None:
    letter = new_letter(ministry)
    for path in ("", "/pdf", "/versions", "/changes", "/changes?old=1"):
        assert ministry.get(f"/documents/{letter['id']}{path}", as_="muban").status_code == 404
        assert ministry.get(f"/documents/{letter['id']}{path}", as_="phumiphak").status_code == 403


def test_what_changed_since_the_last_look_is_told(ministry: Any) -> None:
    letter = new_letter(ministry)
    path = f"/documents/{letter['id']}"

    def changed(who: str, query: str = "") -> list[str]:
        told = ministry.get(f"{path}/changes{query}", as_=who).json
        return [one["path"] for one in told["changes"]]

    pass_on(ministry, letter, "thotsop", "submit")
    assert ministry.post(f"{path}/looks", as_="sommut").json == {"id": letter["id"]}
    assert changed("sommut") == []
    now = ministry.get(path, as_="sommut").json
    words = {**now["content"], "subject": "เรื่องใหม่"}
    saved = ministry.call("PUT", path, as_="sommut", json=words,
                          headers={"If-Match": f'"{now["revision"]}"'})  # fmt: skip
    assert saved.status_code == 200, saved.text
    assert changed("sommut") == [], "one's own saves are no news"
    assert changed("thotsop") == changed("sommut", "?old=1") == ["subject"]
    told = ministry.get(f"{path}/changes?old=1", as_="sommut").json
    assert {one["kind"] for one in told["changes"][0]["pieces"]} >= {"ins", "del"}
    assert ministry.get(f"{path}/changes?old=9", as_="sommut").status_code == 404
    assert ministry.post(f"{path}/looks", as_="phumiphak").status_code == 403


def test_a_letter_is_recalled_until_it_was_opened(ministry: Any) -> None:
    letter = new_letter(ministry)
    pass_on(ministry, letter, "thotsop", "submit")
    path = f"/documents/{letter['id']}/recall"
    assert ministry.post(path, as_="sommut").status_code == 403
    assert ministry.post(path, {"reason": "ลืมแนบ"}, as_="thotsop").status_code == 200
    pass_on(ministry, letter, "thotsop", "submit")
    task = open_task(ministry, letter, "sommut")
    assert ministry.post(f"/tasks/{task}/claim", as_="sommut").status_code == 200
    late = ministry.post(path, as_="thotsop")
    assert (late.status_code, late.json["reason"]) == (409, "recall_too_late")


@pytest.mark.parametrize("content", [b"", b"no pdf at all", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_pdf_has_no_verdict(ministry: Any, content: bytes) -> None:
    answer = ministry.call("POST", "/documents/verify", as_="thotsop", data=content,
                           content_type="application/pdf")  # fmt: skip
    assert answer.status_code == 422


def test_a_broken_pdf_is_unreadable_and_no_crash(ministry: Any) -> None:
    answer = ministry.call("POST", "/documents/verify", as_="thotsop", data=b"%PDF-1.7\ngarbage",
                           content_type="application/pdf")  # fmt: skip
    assert (answer.status_code, answer.json["verdict"]) == (200, "unreadable")


def test_advice_on_style_names_places_and_mends_in_two_languages(ministry: Any) -> None:
    letter = new_letter(ministry, subject="ครั้งที่ 2")
    (found,) = ministry.get(f"/documents/{letter['id']}/style", as_="thotsop").json["items"]
    assert (found["rule"], found["path"], found["start"], found["end"]) == (
        "digits",
        "subject",
        9,
        10,
    )
    assert (found["found"], found["mend"]) == ("2", "๒")
    assert found["message"] == {
        "th": "หนังสือราชการใช้เลขไทย",
        "en": "Official letters use Thai digits",
    }
    refused = ministry.get(f"/documents/{letter['id']}/style", as_="phaen")
    assert refused.status_code in {403, 404}


def test_no_room_for_temporary_files_is_told_and_loses_nothing(
    ministry: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is larger than half a megabyte waits there while it comes in."""
    letter = new_letter(ministry)
    file = FileStorage(io.BytesIO(b"a line of it\n" * 200_000), "note.txt", "file")
    boundary, body = encode_multipart({"file": file, "name": "บันทึก"})
    path, kind = (
        f"/documents/{letter['id']}/attachments",
        f"multipart/form-data; boundary={boundary}",
    )

    def attach() -> Any:
        return ministry.call("POST", path, as_="thotsop", data=body, content_type=kind)

    with (
        small_disk(tmp_path / "small", 1, owner="root") as disk,
        monkeypatch.context() as there,
        warnings.catch_warnings(),
    ):
        # werkzeug leaves what it had read of the file to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        there.setattr(tempfile, "tempdir", str(disk.folder))
        disk.fill(leave=0)
        said = attach().json
        gc.collect()
    assert (said["status"], said["code"]) == (503, "unavailable")
    assert ministry.get(f"/documents/{letter['id']}", as_="thotsop").json["attachments"] == []
    assert attach().status_code == 201


def test_a_full_disk_is_told_and_loses_nothing(
    ministry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = new_letter(ministry)
    path = f"/documents/{letter['id']}/attachments"

    def attach() -> Any:
        data = {"file": (io.BytesIO(uuid4().bytes.hex().encode()), "note.txt"), "name": "บันทึก"}
        return ministry.call("POST", path, as_="thotsop", data=data,
                             content_type="multipart/form-data")  # fmt: skip

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("office.files.storage.os.fsync", full)
        told = attach()
    assert (told.status_code, told.json["code"]) == (503, "unavailable")
    assert told.headers["Retry-After"] == "5"
    assert "disk" in told.json["detail"]
    assert ministry.get(f"/documents/{letter['id']}", as_="thotsop").json["attachments"] == []
    assert attach().status_code == 201
