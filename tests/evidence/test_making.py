"""What goes into an evidence file, for whom, and that the same case gives the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.evidence import enclose, entries_of, history_of, made_of
from support.ministry import Ministry
from support.planted import MONDAY

from api.evidence import Sources, examine, make
from api.evidence.manifest import HISTORY, MANIFEST, SUMMARY, decode
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.migration import MigrateInstance
from engine.errors import Conflict, Forbidden, NotFound
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.queries.evidence import root_named
from office.documents.models import document, document_version
from office.people.commands import AddRole, GrantClearance, GrantRole
from signing.authority import Authority

Judge = Callable[..., Any]

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
  targetNamespace="urn:t"><process id="{key}" name="{key}" isExecutable="true">
 <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
 {step}<sequenceFlow id="g" sourceRef="t" targetRef="e"/>
 <endEvent id="e"/></process></definitions>"""
TASK = '<userTask id="t" name="Do it"/>'
CALL = '<callActivity id="t" calledElement="inner"/>'


def test_the_same_case_gives_the_same_bytes(either_ministry: Ministry, judge: Judge) -> None:
    office = either_ministry
    letter = office.letter()
    enclose(office, letter.id)
    letter.on_the_signers_desk()
    for step in (lambda: None, letter.signed):
        step()
        office.work_off()
        first, made = made_of(office, letter.instance_id)
        assert made_of(office, letter.instance_id)[0] == first
        report = judge(first)
        assert (report.findings, report.notes, report.seal) == ([], [], made.seal)
    events = office.rows(history_event, history_event.c.root_id == letter.instance_id)
    assert len(history_of(entries_of(first))) == len(events)


def test_whoever_endorsed_stands_there_with_the_post_of_then(
    ministry: Ministry, judge: Judge
) -> None:
    letter = ministry.letter().on_the_signers_desk().signed()
    made, _ = made_of(ministry, letter.instance_id)
    entries = entries_of(made)
    manifest = json.loads(entries[MANIFEST])
    told = manifest["documents"][0]["endorsements"]
    assert [one["position_lines"] for one in told] == [one.position_lines for one in letter.said]
    assert told[1]["outcome_name"] == "ผ่าน"
    assert "นายสมมติ พิมพ์ชัด เจ้าพนักงานธุรการชำนาญงาน:" in entries[SUMMARY].decode()
    for one in told:  # a file of before they were kept
        del one["position_lines"], one["outcome_name"]
    found = decode(json.dumps(manifest).encode())
    assert {one.position_lines for one in found.documents[0].endorsements} == {None}
    assert judge(made).findings == []


def test_called_processes_and_versions_left_behind_are_in_it(
    ministry: Ministry, judge: Judge
) -> None:
    inner, outer = PROCESS.format(key="inner", step=TASK), PROCESS.format(key="outer", step=CALL)
    ministry.do(Deploy({"inner.bpmn": inner.encode(), "outer.bpmn": outer.encode()}))
    case = ministry.do(StartInstance("outer", business_key="two", variables={"n": Decimal("1.5")}))
    data, made = made_of(ministry, UUID(case["id"]))
    assert judge(data).findings == []
    assert [one.key for one in made.manifest.definitions] == ["inner", "outer"]
    assert len(made.manifest.processes) == 2
    called = next(one.id for one in made.manifest.processes if one.parent_id)
    with ministry.bus.engine.connect() as db:
        assert {root_named(db, ministry.agency_id, name) for name in (str(called), "two")} == {
            made.manifest.root
        }

    for name in ("Do it", "Do it well"):
        text = PROCESS.format(key="errand", step=TASK.replace("Do it", name))
        ministry.do(Deploy({"errand.bpmn": text.encode()}))
    case = ministry.do(StartInstance("errand", version=1))
    second = ministry.rows(process_definition, process_definition.c.key == "errand")[-1]
    ministry.do(MigrateInstance(UUID(case["id"]), second.id, False, {}))
    data, made = made_of(ministry, UUID(case["id"]))
    assert judge(data).findings == []
    assert [one.version for one in made.manifest.definitions] == [1, 2]


def test_a_case_is_found_by_one_name(ministry: Ministry) -> None:
    text = PROCESS.format(key="errand", step=TASK)
    ministry.do(Deploy({"errand.bpmn": text.encode()}))
    for _ in range(2):
        ministry.do(StartInstance("errand", business_key="twice"))
    found = ministry.letter()
    with ministry.bus.engine.connect() as db:
        with pytest.raises(Conflict, match="there are several"):
            root_named(db, ministry.agency_id, "twice")
        for name in ("nothing", str(uuid4())):
            with pytest.raises(NotFound):
                root_named(db, ministry.agency_id, name)
        assert root_named(db, ministry.agency_id, str(found.instance_id)) == found.instance_id
        with pytest.raises(NotFound):
            root_named(db, uuid4(), str(found.instance_id))


def test_evidence_asks_for_the_right_to_audit(ministry: Ministry) -> None:
    letter = ministry.letter()
    with pytest.raises(Forbidden, match="audit"):
        made_of(ministry, letter.instance_id, by="thotsop")
    assert made_of(ministry, letter.instance_id, by="admin")


def _classify(ministry: Ministry, letter_id: UUID, degree: int) -> None:
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).where(document.c.id == letter_id).values(secrecy=degree))


def _auditor(ministry: Ministry, username: str) -> None:
    ministry.do(AddRole(f"audits-{username}", "ผู้ตรวจ", ["audit"]))
    ministry.do(GrantRole(username, f"audits-{username}", ministry.now.date()))


def test_a_secret_letter_gives_hashes_and_no_words(ministry: Ministry, judge: Judge) -> None:
    letter = ministry.letter()
    enclose(ministry, letter.id)
    letter.on_the_signers_desk().signed()
    _classify(ministry, letter.id, 3)
    for username in ("truatsop", "tuayang"):
        _auditor(ministry, username)
    with pytest.raises(Forbidden) as refused:  # its history holds what was said
        made_of(ministry, letter.instance_id, by="truatsop")
    assert refused.value.code == "not_cleared"
    ministry.do(GrantClearance("truatsop", 3, "คำสั่งที่ 9", ministry.now.date()))
    data, made = made_of(ministry, letter.instance_id, by="truatsop")
    entries, report = entries_of(data), judge(data)
    assert (report.findings, len(report.notes)) == ([], 1)
    assert "secret" in report.notes[0]
    assert not any(name.startswith(("documents/", "variables/")) for name in entries)
    (told,) = made.manifest.documents
    assert (told.withheld, told.subject, made.manifest.case.title) == (True, None, None)
    assert all(one.text is None for one in told.endorsements)
    subject = letter.row.subject.encode()
    assert subject not in entries[MANIFEST] + entries[SUMMARY]
    assert entries[HISTORY]
    # one whom its route names, and who is cleared for its degree, reads it and takes it out
    with pytest.raises(Forbidden):
        made_of(ministry, letter.instance_id, by="tuayang")
    _classify(ministry, letter.id, 2)
    open_ = entries_of(made_of(ministry, letter.instance_id, by="tuayang")[0])
    assert any(name.startswith("documents/") for name in open_)


def test_what_storage_has_lost_or_spoiled_is_told(ministry: Ministry, judge: Judge) -> None:
    letter = ministry.letter()
    enclose(ministry, letter.id)
    letter.on_the_signers_desk().signed()
    (signed,) = letter.signatures
    made = made_of(ministry, letter.instance_id)[1].manifest
    sha256 = made.documents[0].versions[0].enclosed[0].sha256
    ministry.desk.storage.delete(ministry.agency_id, sha256)
    file = next((ministry.home / "files").rglob(made.documents[0].signed.sha256))  # type: ignore[union-attr]
    file.write_bytes(file.read_bytes() + b" ")
    data, again = made_of(ministry, letter.instance_id)
    assert again.manifest.missing == (f"documents/{sha256}.bin",)
    found = "\n".join(judge(data).findings)
    assert f"documents/{sha256}.bin: the office's storage did not have it" in found
    assert "its signed PDF is not as it was kept" in found
    assert signed.state == "signed"


def test_rows_that_were_altered_do_not_pass(ministry: Ministry, judge: Judge) -> None:
    letter = ministry.letter().on_the_signers_desk().signed()
    mine = document_version.c.document_id == letter.id
    with ministry.bus.engine.begin() as db:
        words = db.execute(sa.select(document_version.c.content).where(mine)).scalars().first()
        other = {**words, "subject": "เรื่องอื่น"}
        db.execute(sa.update(document_version).where(mine).values(content=other))
        event = history_event.c
        db.execute(
            sa.update(history_event)
            .where(event.root_id == letter.instance_id, event.seq == 7)
            .values(actor="nobody")
        )
    found = "\n".join(judge(made_of(ministry, letter.instance_id)[0]).findings)
    assert "version 1: its words are not those" in found
    assert "history.jsonl line 7: event 7 is not as it was written" in found


def test_a_case_too_large_for_one_file_is_refused(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = ministry.letter()
    monkeypatch.setattr("api.evidence.container.LARGEST_ENTRY", 1000)
    with pytest.raises(Exception, match="fits into one evidence file"):
        make(
            Sources.of(ministry.bus), ministry.actor("system"), io.BytesIO(),
            lambda _db: letter.instance_id,
        )  # fmt: skip


def test_the_archived_file_is_taken_along_and_outlives_the_certificates(
    proof: bytes, tmp_path: Path, authority: Authority
) -> None:
    told = json.loads(entries_of(proof)[MANIFEST])["documents"][0]
    signed, lasting = told["signatures"][-1], told["lasting"]
    assert lasting["level"] == "B-LTA"
    files = entries_of(proof)
    first, grown = (files[f"documents/{one['sha256']}.pdf"] for one in (signed, lasting))
    assert grown.startswith(first)
    assert len(grown) > len(first)
    (tmp_path / "case.zip").write_bytes(proof)
    later = MONDAY + timedelta(days=4000)
    report = examine(tmp_path / "case.zip", authority.anchors, later)
    assert report.holds, report.findings
    ((_, verdict),) = report.verdicts
    assert [one.level for one in verdict.signatures] == ["B-LTA"]
