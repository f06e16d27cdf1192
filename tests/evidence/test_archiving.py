"""Ended cases put away: rows go, evidence stays and proves them, documents are untouched."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry

from api import migrations
from api.archiving import proofs, working
from api.archiving.burying import Fate
from api.archiving.commands import ARCHIVE_CASES, RunArchiving
from api.evidence import Sources
from engine.commands.archiving import ArchiveInstance, Evidence, SetArchivePolicy
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.tasks import CommentTask
from engine.commands.vouching import vouch
from engine.db import metadata, reading
from engine.errors import Conflict, Forbidden, NotFound
from engine.models.archive import archived_instance
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.models.job import job
from engine.queries import archive, audit, evidence, instances, jobs
from office.correspondence import proofs as books
from office.documents.models import document
from office.documents.queries.evidence import reads_case
from office.files.models import blob
from office.files.storage import FolderStorage

Judge = Callable[..., Any]
ROOT = Path(__file__).parents[2]
#: Tables that an archived case leaves no row in.
GOING = ("incident", "timer", "subscription", "instance_migration", "task_comment",
         "task_candidate", "job", "task", "history_event")  # fmt: skip
#: A process that ends as it begins, by what it calls.
PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
  targetNamespace="urn:t"><process id="{key}" name="{key}" isExecutable="true">
 <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="{to}"/>{step}
 <endEvent id="e"/></process></definitions>"""
CALL = ('<callActivity id="t" calledElement="inner"/>'
        '<sequenceFlow id="g" sourceRef="t" targetRef="e"/>')  # fmt: skip


def _counted(office: Ministry, root: UUID | None = None) -> Counter[str]:
    """Rows by table: of one case, or all there are."""
    found: Counter[str] = Counter()
    for name in (table.name for table in metadata.sorted_tables):
        table = metadata.tables[name]
        if root is None or "root_id" in table.c:
            where = [] if root is None else [table.c.root_id == root]
            found[name] = len(office.rows(table, *where))
    return found


def _archive(office: Ministry, **more: Any) -> list[Fate]:
    sources = Sources.of(office.bus)
    return list(working.archive_due(office.bus, sources, office.agency_id, **more))


def _keep(office: Ministry, days: int | None, key: str | None = None) -> None:
    office.do(SetArchivePolicy(key, days, reason="ตามระเบียบ"))


def _after(office: Ministry, days: int = 31) -> None:
    office.clock.advance(timedelta(days=days))


def _ended(office: Ministry) -> Letter:
    letter = office.letter()
    office.do(CommentTask(letter.at("draft").id, "ขอตรวจอีกครั้ง"), "thotsop")
    letter.on_the_signers_desk().signed()
    office.work_off()
    assert letter.end == "end_filed"
    # what is asked for in case the signature never ends, long settled by then
    _after(office, 2)
    office.work_off()
    return letter


def _findings(office: Ministry) -> list[str]:
    with office.bus.engine.connect() as db:
        archived = proofs.broken(db, office.desk.storage, office.now)
        found = [*audit.findings(db), *archived, *books.in_books(db)]
    return [one.message for one in found]


def _file(office: Ministry, root: UUID) -> bytes:
    sha256 = office.query(archive.stored, root)
    with office.desk.storage.open(office.agency_id, sha256) as stream:
        return gzip.decompress(stream.read())


def test_the_rows_go_and_the_evidence_proves_them(either_ministry: Ministry, judge: Judge) -> None:
    office = either_ministry
    letter, running = _ended(office), office.letter()
    _keep(office, 30)
    _after(office)
    kept, of_case = _counted(office), _counted(office, letter.instance_id)
    assert of_case["history_event"] > 20
    assert of_case["task"] == 6
    (fate,) = _archive(office)
    assert (fate.outcome, fate.reason) == ("archived", None)
    assert {n: c for n, c in (fate.removed or {}).items() if c} == {
        name: of_case[name] for name in GOING if of_case[name]
    }
    # every row of it is gone, and no other
    now = _counted(office)
    assert {name: kept[name] - now[name] for name in GOING} == {n: of_case[n] for n in GOING}
    changed = {n for n in now if now[n] != kept[n]} - set(GOING)
    assert changed == {"archived_instance", "blob", "command_log"}
    assert _counted(office, letter.instance_id).keys() >= {"process_instance"}
    assert running.open() == ["draft"]

    data = _file(office, letter.instance_id)
    report = judge(data)
    stone = office.query(archive.one, letter.instance_id)
    assert (report.findings, report.seal) == ([], stone.seal)
    assert (stone.events, stone.status) == (of_case["history_event"], "completed")
    assert report.manifest.history.head == stone.head
    assert _findings(office) == []
    if office.bus.engine.dialect.name == "sqlite":
        with office.bus.engine.connect() as db:
            assert db.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_no_table_of_a_case_is_forgotten() -> None:
    """A new one is either removed with its case, or says here why it stays."""
    stay = {"process_instance", "migration_fate"}  # the tombstone; a report of many cases
    of_case = {name for name, table in metadata.tables.items() if "root_id" in table.c}
    with_its_bytes = {"case_file"}  # by the room that keeps those: BuryCase
    assert of_case - stay == set(GOING) | with_its_bytes


def test_the_letter_and_the_books_are_as_they_were(ministry: Ministry) -> None:
    letter = _ended(ministry)
    _keep(ministry, 30)
    _after(ministry)
    tables = ("document", "document_version", "signature", "endorsement", "document_reader",
              "letter_number", "register_line")  # fmt: skip
    before = {n: ministry.rows(metadata.tables[n]) for n in tables if n in metadata.tables}
    assert len(before) >= 6
    assert len(_archive(ministry)) == 1
    assert before == {name: ministry.rows(metadata.tables[name]) for name in before}
    assert letter.row.state == "signed"


def test_it_stays_as_long_as_its_policy_says(ministry: Ministry) -> None:
    letter = _ended(ministry)
    _after(ministry, 100)
    assert _archive(ministry) == []  # no policy: for ever
    _keep(ministry, 365)
    assert _archive(ministry) == []
    _keep(ministry, 10, "another-process")
    assert _archive(ministry) == []
    (key,) = {row.key for row in ministry.rows(process_definition)
              if row.id == letter.instance.definition_id}  # fmt: skip
    _keep(ministry, 10, key)
    assert [f.case.id for f in _archive(ministry, dry_run=True)] == [letter.instance_id]
    _keep(ministry, None, key)  # the newest holds
    assert _archive(ministry) == []
    _keep(ministry, 0)  # of all others
    assert _archive(ministry) == []
    assert len(ministry.query(lambda db, me: archive.policies(db, me.agency_id))) == 5


def test_a_rehearsal_removes_nothing(ministry: Ministry) -> None:
    _ended(ministry)
    _keep(ministry, 0)
    before = _counted(ministry)
    (fate,) = _archive(ministry, dry_run=True)
    assert fate.outcome == "archived"
    assert _counted(ministry) == before


def test_a_secret_letters_evidence_opens_to_whom_it_names(ministry: Ministry, judge: Judge) -> None:
    letter = _ended(ministry)
    with ministry.bus.engine.begin() as db:
        db.execute(document.update().values(secrecy=2))
    _keep(ministry, 0)
    assert [(f.outcome, f.reason) for f in _archive(ministry)] == [("archived", None)]
    file = _file(ministry, letter.instance_id)
    verdict = judge(file)
    assert verdict.findings == []
    words = letter.row.content["paragraphs"][0].encode()
    with zipfile.ZipFile(io.BytesIO(file)) as archive_:
        assert any(words in archive_.read(name) for name in archive_.namelist())
    # an auditor is not enough, and to be named is not either: who is both reads it
    auditor, drafter = ministry.actor("truatsop"), ministry.actor("thotsop")
    both = replace(drafter, rights=frozenset({"audit"}))
    with reading(ministry.bus.engine) as db:
        said = [reads_case(db, one, letter.instance_id) for one in (auditor, drafter, both)]
    assert auditor.may("audit")
    assert said == [False, True, True]
    assert _findings(ministry) == []


def test_a_case_whose_chain_or_files_do_not_hold_stays(ministry: Ministry) -> None:
    letter = _ended(ministry)
    _keep(ministry, 0)
    events = metadata.tables["history_event"]
    with ministry.bus.engine.begin() as db:
        third = sa.and_(events.c.root_id == letter.instance_id, events.c.seq == 3)
        db.execute(events.update().where(third).values(actor="nobody"))
    (fate,) = _archive(ministry)
    assert (fate.outcome, fate.reason) == ("kept", "damaged")
    assert "event 3 is not as it was written" in fate.message
    assert ministry.rows(archived_instance) == []


def test_called_processes_go_with_their_root(either_ministry: Ministry, judge: Judge) -> None:
    office = either_ministry
    inner = PROCESS.format(key="inner", to="e", step="")
    outer = PROCESS.format(key="outer", to="t", step=CALL)
    office.do(Deploy({"inner.bpmn": inner.encode(), "outer.bpmn": outer.encode()}))
    root = UUID(office.do(StartInstance("outer", business_key="one", variables={"n": 1}))["id"])
    _keep(office, 0)
    _after(office, 1)
    (fate,) = _archive(office)
    assert (fate.outcome, fate.case.business_key) == ("archived", "one")
    rows = office.rows(process_instance, process_instance.c.root_id == root)
    assert [(r.definition_id, r.variables, r.state) for r in rows] == [(None, {}, None)] * 2
    assert judge(_file(office, root)).findings == []
    assert _findings(office) == []


def test_it_is_found_again_by_those_who_may(ministry: Ministry) -> None:
    letter = _ended(ministry)
    _keep(ministry, 0)
    _archive(ministry)
    title = letter.instance.title
    for q in (title[:10], None):
        (stone,) = ministry.query(archive.listing, q=q).items
        assert stone.id == str(letter.instance_id)
    assert ministry.query(archive.listing, q="no such words").items == []
    assert ministry.query(archive.listing, by="thotsop").total == 1  # who began it
    assert ministry.query(archive.listing, by="somying").total == 0
    with pytest.raises(Forbidden):
        ministry.query(archive.one, letter.instance_id, by="somying")
    with pytest.raises(Forbidden):
        ministry.query(archive.stored, letter.instance_id, by="thotsop")
    for gone in (instances.one, lambda db, me, at: evidence.root_of(db, me.agency_id, at)):
        with pytest.raises(NotFound):
            ministry.query(gone, letter.instance_id)
    assert ministry.query(instances.listing).total == 0


def test_history_goes_on_after_it(either_ministry: Ministry) -> None:
    """A letter is revoked, or stamped anew, long after its case was put away."""
    office = either_ministry
    letter = _ended(office)
    _keep(office, 0)
    _archive(office)
    events = office.query(archive.one, letter.instance_id).events

    def say(_command: Any, ctx: Any) -> dict[str, Any]:
        vouch(ctx, letter.instance_id, "document.revoked", {"n": 1})
        return {}

    office.bus.handlers = {**office.bus.handlers, StartInstance: say}
    for _ in range(2):
        office.do(StartInstance("x"))
    assert letter.instance.history_seq == events + 2
    assert _findings(office) == []
    history = metadata.tables["history_event"]
    with office.bus.engine.begin() as db:
        db.execute(history.update().where(history.c.seq == events + 1).values(actor="nobody"))
    assert [text for text in _findings(office) if "not as it was written" in text]


@pytest.mark.parametrize("harm", ["altered", "gone", "another"])
def test_the_audit_notices_what_became_of_a_file(ministry: Ministry, harm: str) -> None:
    first, second = _ended(ministry), _ended(ministry)
    _keep(ministry, 0)
    assert len(_archive(ministry)) == 2
    assert _findings(ministry) == []
    storage, agency = ministry.desk.storage, ministry.agency_id
    stored = ministry.query(archive.stored, first.instance_id)
    other = ministry.query(archive.stored, second.instance_id)
    if harm == "gone":
        storage.delete(agency, stored)
    elif harm == "altered":
        (file,) = (ministry.home / "files").glob(f"*/??/{stored}")
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    else:
        with ministry.bus.engine.begin() as db:
            mine = archived_instance.c.id == first.instance_id
            row = db.execute(sa.select(archived_instance).where(
                archived_instance.c.id == second.instance_id)).one()  # fmt: skip
            db.execute(archived_instance.update().where(mine).values(
                stored_sha256=other, evidence_sha256=row.evidence_sha256))  # fmt: skip
    assert len(_findings(ministry)) == 1


def test_what_is_alive_or_changed_meanwhile_is_refused(ministry: Ministry) -> None:
    letter, now = _ended(ministry), ministry.now
    proof = Evidence(7, "0" * 64, "0" * 64, 1, "0" * 64, "0" * 64)
    running = ministry.letter()
    for root, before, code in (
        (running.instance_id, now, "not_archivable"),
        (letter.instance_id, now - timedelta(days=9), "not_archivable"),
        (letter.instance_id, now, "evidence_stale"),
    ):
        with pytest.raises(Conflict) as refused:
            ministry.do(ArchiveInstance(root, proof, before))
        assert refused.value.code == code
    for command in (ArchiveInstance(letter.instance_id, proof, now), SetArchivePolicy(None, 1),
                    RunArchiving()):  # fmt: skip
        with pytest.raises(Forbidden):
            ministry.do(command, "thotsop")


def test_a_worker_does_it_slice_by_slice_and_who_asked_follows_it(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SLICE", 0.0)
    letters = [_ended(ministry) for _ in range(3)]
    broken, *others = letters
    with ministry.bus.engine.begin() as db:
        events = metadata.tables["history_event"]
        third = sa.and_(events.c.root_id == broken.instance_id, events.c.seq == 3)
        db.execute(events.update().where(third).values(actor="nobody"))
    with pytest.raises(Conflict) as refused:
        ministry.do(RunArchiving())
    assert refused.value.code == "no_policy"
    _keep(ministry, 0)
    ministry.do(RunArchiving())
    ministry.work_off()  # the one that stays is passed by once, not again in each slice
    assert len(ministry.rows(archived_instance)) == len(others)
    own = ministry.query(jobs.own).items
    assert [(one.action, one.state) for one in own] == [(ARCHIVE_CASES, "done")] * 4
    done = [json.loads(json.dumps(row.payload["done"])) for row in
            ministry.rows(job, job.c.action == ARCHIVE_CASES)]  # fmt: skip
    assert sorted(done) == [0, 1, 2, 3]


def test_a_case_that_breaks_stays_and_the_next_goes(
    ministry: Ministry, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = _ended(ministry), _ended(ministry)
    with ministry.bus.engine.begin() as db:
        events = metadata.tables["history_event"]
        third = sa.and_(events.c.root_id == first.instance_id, events.c.seq == 3)
        db.execute(events.update().where(third).values(at=sa.literal_column("'never'")))
    note = PROCESS.format(key="inner", to="e", step="<!-- b -->")
    for text in (PROCESS.format(key="inner", to="e", step=""), note):
        ministry.do(Deploy({"inner.bpmn": text.encode()}))
    ministry.do(SetArchivePolicy(None, 0, True, "ตามระเบียบ"))
    _after(ministry)
    fates = _archive(ministry, dry_run=True)
    assert [(f.outcome, f.reason) for f in fates] == [("kept", "broken"), ("archived", None)]
    assert str(first.instance_id) in caplog.text
    ministry.do(RunArchiving())
    ministry.work_off()
    assert [row.id for row in ministry.rows(archived_instance)] == [second.instance_id]
    versions = ministry.rows(process_definition, process_definition.c.key == "inner")
    assert {row.version: row.withdrawn_at is None for row in versions} == {1: False, 2: True}


class Forgetful(FolderStorage):
    """Storage that says it has kept what it has not."""

    def put(self, agency_id: UUID, data: bytes) -> str:
        sha256 = super().put(agency_id, data)
        self._place(agency_id, sha256).write_bytes(bytes(len(data)))
        return sha256


def test_no_row_goes_before_storage_gives_the_evidence_back(ministry: Ministry) -> None:
    letter = _ended(ministry)
    _keep(ministry, 0)
    before = _counted(ministry)
    whole = Sources.of(ministry.bus)
    bad = replace(whole, storage=Forgetful(ministry.home / "files"))
    (fate,) = working.archive_due(ministry.bus, bad, ministry.agency_id)
    assert (fate.outcome, fate.reason) == ("kept", "not_stored")
    assert _counted(ministry) == before
    (fate,) = _archive(ministry)  # what lies there damaged, at its full length, is written anew
    assert fate.outcome == "archived"
    assert len(_file(ministry, letter.instance_id)) > 0
    assert _findings(ministry) == []


def test_old_versions_without_cases_are_withdrawn_and_later_deleted(ministry: Ministry) -> None:
    for note in ("", "<!-- b -->", "<!-- c -->"):
        text = PROCESS.format(key="inner", to="e", step=note)
        ministry.do(Deploy({"inner.bpmn": text.encode()}))
        if not note:
            ministry.do(StartInstance("inner"))

    def versions() -> list[tuple[int, bool]]:
        rows = ministry.rows(process_definition, process_definition.c.key == "inner")
        return sorted((row.version, row.withdrawn_at is None) for row in rows)

    def pass_by(days: int) -> list[tuple[int, bool]]:
        _after(ministry, days)
        ministry.do(RunArchiving())
        ministry.work_off()
        return versions()

    _keep(ministry, 100)
    assert pass_by(1) == [(1, True), (2, True), (3, True)]
    ministry.do(SetArchivePolicy("inner", 100, True, "ตามระเบียบ"))
    assert pass_by(1) == [(1, True), (2, False), (3, True)]  # the first has a case
    assert pass_by(29) == [(1, True), (2, False), (3, True)]
    assert pass_by(2) == [(1, True), (3, True)]
    assert pass_by(100) == [(1, False), (3, True)]  # its case is archived by now
    assert pass_by(31) == [(3, True)]
    assert _findings(ministry) == []


def test_the_clock_asks_once_a_day(ministry: Ministry) -> None:
    _keep(ministry, 3)
    for _ in range(3):
        working.ask_daily(ministry.bus)
    assert len(ministry.rows(job, job.c.action == ARCHIVE_CASES)) == 1
    _after(ministry, 1)
    working.ask_daily(ministry.bus)
    assert len(ministry.rows(job, job.c.action == ARCHIVE_CASES)) == 2
    _keep(ministry, None)
    _after(ministry, 1)
    working.ask_daily(ministry.bus)
    assert len(ministry.rows(job, job.c.action == ARCHIVE_CASES)) == 2


@pytest.mark.faults
@pytest.mark.parametrize("point", ["in_transaction", "before_commit", "after_commit"])
def test_killed_anywhere_it_is_whole_or_not_there(
    either_ministry: Ministry, judge: Judge, point: str
) -> None:
    """`saraban archive` dies at its second case of three, and is run again."""
    office = either_ministry
    letters = [_ended(office) for _ in range(3)]
    _keep(office, 0)
    _after(office, 1)
    with office.bus.engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        db.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.newest()}')")
    assert _saraban(office, f"{point}:2:kill9") == -signal.SIGKILL
    half = len(office.rows(archived_instance))
    assert half == (2 if point == "after_commit" else 1)
    assert _findings(office) == []
    assert _saraban(office) == 0
    assert len(office.rows(archived_instance)) == 3
    assert len(office.rows(blob, blob.c.held_by.like("archive:%"))) == 3
    for letter in letters:
        assert judge(_file(office, letter.instance_id)).findings == []
        assert sum(_counted(office, letter.instance_id)[name] for name in GOING) == 0
    assert _findings(office) == []


def _saraban(office: Ministry, faults: str = "") -> int:
    (office.home / "journal").mkdir(exist_ok=True)
    shutil.copy(office.home / "numbers.log", office.home / "journal")
    environ = os.environ | {
        "SARABAN_TEST": "1",
        "SARABAN_FAULTS": faults,
        "SARABAN_HOME": str(office.home),
        "SARABAN_DATABASE_URL": office.bus.engine.url.render_as_string(hide_password=False),
        "SARABAN_SECRET": "a secret of the tests, long enough",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", "from api.cli import main; main()", "archive"]
    return subprocess.run(command, env=environ, check=False, timeout=120).returncode
