"""A backup taken while people work, restored elsewhere, is one moment of the whole office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from support.backups import (
    Fresh,
    elsewhere,
    everything,
    fenced,
    files_of,
    findings,
    fresh_databases,
    places_of,
    stamped,
)
from support.builders import bpmn, make_works, service, user
from support.ministry import Letter, Ministry, make_ministry

from api import migrations
from api.backup import Damaged, Places, backup, quarantine, restore
from engine.clock import SteppedClock
from engine.commands.jobs import LeaseJob, ReportJob
from engine.db import make_engine, reading
from engine.errors import Conflict
from engine.models.instance import process_instance
from engine.models.job import job
from office.correspondence import proofs as books
from office.correspondence.commands import StartBook
from office.correspondence.models import letter_book, letter_number, register_entry
from office.correspondence.recovery import CAUSE
from office.documents.models import document
from office.files.models import blob
from office.files.storage import read
from signing.authority import Authority

pytestmark = pytest.mark.faults


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    with fresh_databases(request.getfixturevalue("postgres_server"), tmp_path) as made:
        yield made


@pytest.fixture
def office(request: pytest.FixtureRequest, clock: SteppedClock) -> tuple[Ministry, Places]:
    """A ministry with one letter signed and one on its way; `request.param` is its dialect."""
    name = "postgres_ministry" if request.param == "postgresql" else "ministry"
    ministry: Ministry = request.getfixturevalue(name)
    ministry.letter().on_the_signers_desk().signed()
    ministry.letter().submitted()
    places = places_of(stamped(ministry.bus.engine), ministry.home, clock)
    places.authority.mkdir()
    (places.authority / "root.key").write_bytes(b"a key of the tests")
    return ministry, places


def restored(
    ministry: Ministry, places: Places, file: Path, database: Engine, authority: Authority
) -> Ministry:
    """On the same machine: the database is new, files and journal are as the crash left them."""
    restore(replace(places, database=database), file)
    return make_ministry(database, ministry.clock, ministry.home, authority)


@pytest.mark.parametrize(
    ("office", "target"),
    [("sqlite", "sqlite"), ("postgresql", "postgresql"), ("sqlite", "postgresql"),
     ("postgresql", "sqlite")],
    indirect=["office"],
)  # fmt: skip
def test_a_restore_brings_every_row_file_and_line(
    office: tuple[Ministry, Places], target: str, fresh: Fresh, tmp_path: Path
) -> None:
    _, places = office
    file = tmp_path / "office.backup"
    made = backup(places, file)
    there = elsewhere(places, fresh(target), tmp_path / "there")
    done = restore(there, file)
    rows = everything(places.database)
    assert everything(there.database) == rows
    assert sum(map(len, rows.values())) == made.manifest.rows == done.manifest.rows > 500
    assert files_of(there) == files_of(places)
    assert len(files_of(there)) == made.manifest.files > 0
    assert list(there.journal.lines()) == list(places.journal.lines()) != []
    assert (there.authority / "root.key").read_bytes() == b"a key of the tests"
    assert findings(there.database) == []
    assert migrations.present(there.database) == migrations.newest()
    assert b"a secret of the tests" not in file.read_bytes()
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture
def another_door(db_engine: Engine) -> Iterator[Engine]:
    """To the same database, for those who work while it is backed up."""
    url = stamped(db_engine).url.render_as_string(hide_password=False)
    opened = make_engine(url)
    yield opened
    opened.dispose()


def test_all_tables_are_of_one_moment_while_work_goes_on(
    db_engine: Engine, another_door: Engine, fresh: Fresh, clock: SteppedClock, tmp_path: Path
) -> None:
    """Before each statement of the backup somebody else completes a case, from start to end."""
    works = make_works(another_door, clock)
    note = service("note", "test.echo", text='="x"')
    way = "start>draft draft>note note>after after>end"
    works.deploy(bpmn("route", user("draft"), note, user("after"), flows=way))
    cases = [works.start() for _ in range(3)]

    def somebody_works(*_: Any) -> None:
        cases.append(works.start())
        cases[-2].task("draft").complete()
        works.work_off()
        cases[-3].task("after").complete()

    cases[1].task("draft").complete()
    works.work_off()
    event.listen(db_engine, "before_cursor_execute", somebody_works)
    file = tmp_path / "busy.backup"
    made = backup(places_of(db_engine, tmp_path, clock), file)
    event.remove(db_engine, "before_cursor_execute", somebody_works)
    there = elsewhere(places_of(db_engine, tmp_path, clock), fresh("sqlite"), tmp_path / "there")
    restore(there, file)
    assert findings(there.database) == []
    counts = {table.name: table.rows for table in made.manifest.tables}
    assert 3 <= counts["process_instance"] < len(cases) - 20


def test_a_changed_or_short_archive_writes_nothing(
    db_engine: Engine, fresh: Fresh, clock: SteppedClock, tmp_path: Path
) -> None:
    file, whole = tmp_path / "a.backup", places_of(stamped(db_engine), tmp_path, clock)
    backup(whole, file)
    data = file.read_bytes()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :]
    there = elsewhere(whole, fresh("sqlite"), tmp_path / "there")
    # What lies in the middle may be the manifest, by which everything else is found, or be between
    # two members, where only the seal tells.
    told = r"Expected a\.backup as it was written, but (.* byte|it has no manifest|its seal)"
    for damaged in (flipped, data[:middle], b""):
        file.write_bytes(damaged)
        with pytest.raises(Damaged, match=told):
            restore(there, file)
    assert migrations.present(there.database) is None
    assert not (tmp_path / "there").exists()


def test_a_database_with_rows_is_not_restored_into(
    office_of_one: Places, fresh: Fresh, tmp_path: Path
) -> None:
    file = tmp_path / "one.backup"
    backup(office_of_one, file)
    before = everything(office_of_one.database, frozenset())
    with pytest.raises(Conflict, match="an empty database"):
        restore(office_of_one, file)
    assert everything(office_of_one.database, frozenset()) == before
    with pytest.raises(Conflict, match="overwrites nothing"):
        backup(office_of_one, file)


@pytest.fixture
def office_of_one(db_engine: Engine, clock: SteppedClock, tmp_path: Path) -> Places:
    make_works(stamped(db_engine), clock).deploy(bpmn("a", user("b"), flows="start>b b>end"))
    return places_of(db_engine, tmp_path, clock)


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_file_that_storage_lost_is_named_and_the_rest_is_copied(
    office: tuple[Ministry, Places], tmp_path: Path
) -> None:
    _, places = office
    (agency, lost), (other, harmed) = sorted(files_of(places))[:2]
    places.storage.delete(agency, lost)
    (place,) = (tmp_path / "files").glob(f"{other}/??/{harmed}")
    place.write_bytes(b"not what it was")
    manifest = backup(places, tmp_path / "a.backup").manifest
    assert manifest.missing == tuple(f"files/{who}/{what}.zst" for who, what in
                                     ((agency, lost), (other, harmed)))  # fmt: skip
    assert manifest.files == len(files_of(places)) - 1


# -- numbers --------------------------------------------------------------------------------------


def numbers(ministry: Ministry) -> dict[int, str]:
    return {row.value: row.state for row in ministry.rows(letter_number)}


@pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)
def test_a_number_signed_after_the_backup_is_never_given_again(
    office: tuple[Ministry, Places], fresh: Fresh, tmp_path: Path, authority: Authority
) -> None:
    ministry, places = office
    backup(places, tmp_path / "morning.backup")
    ministry.letter().on_the_signers_desk().signed()
    signed_too_late = ministry.letter().on_the_signers_desk().signed()
    assert numbers(ministry) == {1: "final", 2: "final", 3: "final"}

    database = fresh(ministry.bus.engine.dialect.name)
    again = restored(ministry, places, tmp_path / "morning.backup", database, authority)
    assert numbers(again) == {1: "final"}
    report = fenced(again)
    assert report.lost == ("ตย 0201/2", "ตย 0201/3")
    assert (report.files, report.unknown, report.twice) == (2, 0, ())
    quarantine.release(again.bus)

    assert numbers(again) == {1: "final", 2: "lost", 3: "lost"}
    lost = again.rows(letter_number, letter_number.c.value == 3)[0]
    assert lost.document_id == signed_too_late.id
    held = again.rows(blob, blob.c.held_by == f"number:{lost.id}")[0]
    assert read(again.desk.storage, again.agency_id, held.sha256).startswith(b"%PDF")
    letter = again.letter().on_the_signers_desk().signed()
    assert letter.row.number == "ตย ๐๒๐๑/๔"
    assert findings(database) == []


def lines(ministry: Ministry) -> dict[tuple[str, str], list[int]]:
    """The running numbers of each register, in order."""
    found = defaultdict(list)
    for row in sorted(ministry.rows(register_entry), key=lambda row: row.no):
        found[row.register, row.unit].append(row.no)
    return found


@pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)
def test_a_running_number_of_a_register_is_never_given_again(
    office: tuple[Ministry, Places], fresh: Fresh, tmp_path: Path, authority: Authority
) -> None:
    ministry, places = office
    inside = {"to": "อธิบดีกรมสาธิต"}
    ministry.letter(**inside).on_the_signers_desk().signed()
    backup(places, tmp_path / "morning.backup")
    for _ in range(2):
        ministry.letter(**inside).on_the_signers_desk().signed()
    before = lines(ministry)
    assert {register for register, _ in before} == {"send", "receive"}

    database = fresh(ministry.bus.engine.dialect.name)
    again = restored(ministry, places, tmp_path / "morning.backup", database, authority)
    assert fenced(again).lines == 4
    assert fenced(again).lines == 0
    quarantine.release(again.bus)
    assert lines(again) == before
    lost = [row for row in again.rows(register_entry) if row.document_id is None]
    assert {row.remark for row in lost} == {CAUSE}
    again.letter(**inside).on_the_signers_desk().signed()
    assert lines(again) == {key: [*given, len(given) + 1] for key, given in before.items()}
    assert findings(database) == []


def test_a_book_that_went_on_from_paper_after_the_backup_does_so_again(
    ministry: Ministry, fresh: Fresh, tmp_path: Path, authority: Authority, clock: SteppedClock
) -> None:
    """1 is lost on no known letter, 2 to 500 are on paper and none of ours, 501 is in the world."""
    places = places_of(stamped(ministry.bus.engine), ministry.home, clock)
    backup(places, tmp_path / "a.backup")
    first, second = (ministry.letter().on_the_signers_desk() for _ in "ab")
    ministry.stamps.away = True
    first.at("sign").by("somying").sign()
    ministry.stamps.away = False
    paper = "จากทะเบียนกระดาษ"
    ministry.do(StartBook("letter", "ตย 0201", 501, paper))
    ministry.do(StartBook("circular", "ตย 0201", 46, paper))
    ministry.do(StartBook("send", "ops", 40, paper))
    second.at("sign").by("somying").sign()
    again = restored(ministry, places, tmp_path / "a.backup", fresh("sqlite"), authority)
    report = fenced(again)
    assert (report.lost, report.unknown, report.lines, report.starts) == (("ตย 0201/501",), 1, 1, 3)
    repeated = fenced(again)
    assert (repeated.lost, repeated.unknown, repeated.lines, repeated.starts) == ((), 0, 0, 0)
    quarantine.release(again.bus)
    stands = {(book.kind, book.last) for book in again.rows(letter_book)}
    assert stands == {("letter", 501), ("circular", 45), ("send", 40)}
    assert numbers(again) == {1: "lost", 501: "lost"}
    assert again.letter().on_the_signers_desk().signed().row.number == "ตย ๐๒๐๑/๕๐๒"
    with reading(again.bus.engine) as db:
        assert list(books.broken(db, places.journal)) == []


def test_numbers_below_a_lost_one_are_not_given_again_either(
    ministry: Ministry, fresh: Fresh, tmp_path: Path, authority: Authority, clock: SteppedClock
) -> None:
    """2 was reserved and came to nothing, 3 is in the world: neither may come again."""
    places = places_of(stamped(ministry.bus.engine), ministry.home, clock)
    backup(places, tmp_path / "a.backup")
    first, second = (ministry.letter().on_the_signers_desk() for _ in "ab")
    ministry.stamps.away = True
    first.at("sign").by("somying").sign()
    ministry.stamps.away = False
    second.at("sign").by("somying").sign()
    again = restored(ministry, places, tmp_path / "a.backup", fresh("sqlite"), authority)
    report = fenced(again)
    assert (report.lost, report.unknown) == (("ตย 0201/2",), 1)
    unknown = again.rows(letter_number, letter_number.c.value == 1)[0]
    assert (unknown.state, unknown.document_id) == ("lost", None)
    assert again.rows(letter_book, letter_book.c.kind == "letter")[0].last == 2
    assert fenced(again).lost == ()


def test_a_signature_that_waited_in_the_backup_is_made_anew_with_a_fresh_number(
    ministry: Ministry, fresh: Fresh, tmp_path: Path, authority: Authority, clock: SteppedClock
) -> None:
    places = places_of(stamped(ministry.bus.engine), ministry.home, clock)
    letter = ministry.letter().on_the_signers_desk()
    ministry.stamps.away = True
    letter.at("sign").by("somying").sign()
    backup(places, tmp_path / "a.backup")
    ministry.stamps.away = False
    ministry.work_off()
    assert numbers(ministry) == {1: "final"}

    again = restored(ministry, places, tmp_path / "a.backup", fresh("sqlite"), authority)
    assert numbers(again) == {1: "reserved"}
    assert fenced(again).lost == ("ตย 0201/1",)
    quarantine.release(again.bus)
    again.work_off()
    held = again.rows(document, document.c.id == letter.id)[0]
    assert held.state == "waiting_signature"
    Letter(again, letter.id, letter.instance_id, {}).signed()
    assert numbers(again) == {1: "lost", 2: "final"}


# -- the world before -----------------------------------------------------------------------------


def test_a_worker_of_the_world_before_reports_in_vain(
    db_engine: Engine, fresh: Fresh, clock: SteppedClock, tmp_path: Path
) -> None:
    """It leased the job after the backup; in the restored world another worker has it."""
    works = make_works(stamped(db_engine), clock)
    works.deploy(bpmn("route", service("note", "test.echo", text='="x"'), user("after"),
                      flows="start>note note>after after>end"))  # fmt: skip
    case = works.start()
    (waiting,) = works.rows(job)
    places = places_of(db_engine, tmp_path, clock)
    backup(places, tmp_path / "a.backup")
    stale = works.run(LeaseJob(waiting.id), "system")["attempt"]

    database = fresh("sqlite")
    restore(elsewhere(places, database, tmp_path / "there"), tmp_path / "a.backup")
    again = make_works(database, clock)
    again.bus.handlers = {**again.bus.handlers, **quarantine.HANDLERS}
    with pytest.raises(Conflict, match="cut short"):
        quarantine.release(again.bus)
    assert not again.run(LeaseJob(waiting.id), "system")["leased"]
    quarantine.fence(again.bus, places.storage, places.journal)
    assert not again.run(LeaseJob(waiting.id), "system")["leased"]
    quarantine.release(again.bus)

    lease = again.run(LeaseJob(waiting.id), "system")
    assert lease["leased"]
    with pytest.raises(Conflict) as refused:
        again.run(ReportJob(waiting.id, stale), "system")
    assert refused.value.code == "lease_lost"
    again.run(ReportJob(waiting.id, lease["attempt"]), "system")
    assert [row.status for row in again.rows(process_instance)] == ["active"]
    assert again.findings() == []
    assert case.open() == []
