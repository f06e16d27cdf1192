"""Files that a case's forms took: in its evidence, judged there, and gone from here with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from support.builders import assigned, bpmn, user
from support.evidence import entries_of, forged, made_of
from support.ministry import Ministry

from api.archiving import working
from api.evidence import Sources
from engine import jsonio
from engine.commands.archiving import SetArchivePolicy
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.tasks import CompleteTask
from office.files.commands import HandInFile
from office.files.models import blob, case_file
from office.files.uploads import receive

Judge = Callable[..., Any]
FORM = {"components": [{"type": "filepicker", "key": "quotation", "label": "ใบเสนอราคา"}]}


def _begun(office: Ministry) -> tuple[dict[str, Any], dict[str, Any]]:
    source = bpmn("buy", user("check", assigned("starter")), flows="start>check check>end",
                  title="=quotation[1].name")  # fmt: skip
    source = source.replace(b"<saraban:title ", b'<saraban:start form="ask"/><saraban:title ')
    office.do(Deploy({"buy.bpmn": source, "ask.form.json": jsonio.dumps(FORM).encode()}, "buy"))
    stored = receive(office.desk.storage, office.agency_id, b"100 baht", "ราคา.txt")
    file = office.do(HandInFile(stored), "thotsop")
    case = office.do(StartInstance("buy", variables={"quotation": [file["id"]]}), "thotsop")
    return file, case


def test_evidence_holds_them_and_notices_a_change(ministry: Ministry, judge: Judge) -> None:
    file, case = _begun(ministry)
    assert case["title"] == "ราคา.txt"  # FEEL reads what is known of a file
    data, _made = made_of(ministry, UUID(str(case["id"])))
    report = judge(data)
    assert (report.findings, report.notes) == ([], [])
    entry = f"files/{file['sha256']}.bin"
    assert entries_of(data)[entry] == b"100 baht"
    assert file["sha256"] in entries_of(data)["summary.txt"].decode()

    def dearer(entries: dict[str, bytes], _told: dict[str, Any]) -> None:
        entries[entry] = b"900 baht"

    (found, *_) = judge(forged(data, dearer)).findings
    assert "ราคา.txt: its bytes are not those that were handed in" in found

    def unknown(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
        told["case_files"][0]["sha256"] = "0" * 64

    assert "does not name it" in " ".join(judge(forged(data, unknown)).findings)

    def left_out(entries: dict[str, bytes], told: dict[str, Any]) -> None:
        del entries[entry]
        told["case_files"] = []

    assert file["id"] in " ".join(judge(forged(data, left_out)).notes)
    # it goes with its case, whose evidence has it
    root = UUID(str(case["id"]))
    assert len(ministry.rows(case_file, case_file.c.root_id == root)) == 1
    ministry.do(CompleteTask(UUID(str(case["next"][0]["id"]))), "thotsop")
    ministry.do(SetArchivePolicy("buy", 0, reason="ตามระเบียบ"))
    ministry.clock.advance(timedelta(days=2))
    (fate,) = working.archive_due(ministry.bus, Sources.of(ministry.bus), ministry.agency_id)
    assert (fate.outcome, fate.message) == ("archived", "")
    assert ministry.rows(case_file, case_file.c.root_id == root) == []
    (kept,) = ministry.rows(blob, blob.c.sha256 == file["sha256"])
    assert kept.held_by is None
