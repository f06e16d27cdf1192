"""A full disk refuses what it cannot keep, harms nothing, and all goes on once there is room."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from support import database, postgres
from support.builders import ROUTE, Works, make_works
from support.ministry import Ministry
from support.small_disk import Disk, small_disk

from engine.clock import SteppedClock
from engine.db import make_engine, reading
from engine.errors import Unavailable
from engine.models.instance import process_instance
from office.correspondence import proofs as books
from office.correspondence.journal import FileJournal
from office.correspondence.models import letter_number

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults


def test_sqlite_keeps_what_it_accepted_and_nothing_else(
    sqlite_engine: Engine, clock: SteppedClock
) -> None:
    url = sqlite_engine.url.render_as_string(hide_password=False)
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-m", "support.full_disk", url],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = json.loads(done.stdout)
    assert told["refused"] == 3
    assert len(told["accepted"]) > 2
    works = make_works(sqlite_engine, clock)
    assert sorted(str(row.id) for row in works.rows(process_instance)) == sorted(told["accepted"])
    assert works.findings() == []
    with sqlite_engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


# -- PostgreSQL -----------------------------------------------------------------------------------


@pytest.fixture
def disks() -> Iterator[tuple[Disk, Disk]]:
    """One for the tables, one for the write-ahead log; below /tmp, as its server may not read
    pytest's own folders.
    """
    with tempfile.TemporaryDirectory(prefix="saraban-disk-") as place:
        Path(place).chmod(0o711)
        with (
            small_disk(Path(place, "tables"), 160) as tables,
            small_disk(Path(place, "log"), 96) as log,
        ):
            yield tables, log


@pytest.fixture
def server(disks: tuple[Disk, Disk]) -> Iterator[postgres.Server]:
    tables, log = (disk.folder for disk in disks)
    sizes = ("min_wal_size=32MB", "max_wal_size=32MB")
    with postgres.server(*sizes, durable=True, data=tables, log=log) as running:
        yield running


@pytest.fixture
def works(server: postgres.Server, clock: SteppedClock) -> Iterator[Works]:
    engine = make_engine(server.create())
    database.build(engine)
    yield make_works(engine, clock).deploy(ROUTE)
    engine.dispose()


def _until_refused(works: Works, most: int = 2_000) -> list[str]:
    """The cases that were accepted until nothing more was; their texts do not compress."""
    accepted: list[str] = []
    for _ in range(most):
        try:
            accepted.append(str(works.start(text=os.urandom(10_000).hex()).id))
        except Unavailable:
            return accepted
    raise AssertionError(f"Expected a full disk, but {most} cases were accepted.")


def _check(works: Works, accepted: list[str]) -> None:
    """What was accepted is there, nothing else is, and work goes on."""
    later = works.start()
    later.task("draft").complete()
    told = sorted([*accepted, str(later.id)])
    assert sorted(str(row.id) for row in works.rows(process_instance)) == told
    assert works.findings() == []


def test_the_tables_disk_is_full(disks: tuple[Disk, Disk], works: Works) -> None:
    tables, _ = disks
    tables.fill(leave=2 * 2**20)
    accepted = _until_refused(works)
    assert accepted
    for _ in range(3):
        with pytest.raises(Unavailable):
            works.start(text=os.urandom(200_000).hex())
    assert [str(row.id) for row in works.rows(process_instance)] == accepted, "readable meanwhile"
    tables.make_room()
    _check(works, accepted)


def test_the_logs_disk_is_full(
    disks: tuple[Disk, Disk], server: postgres.Server, works: Works
) -> None:
    """PostgreSQL ends itself where it cannot write its log, and is started again."""
    _, log = disks
    log.fill(leave=2**20)
    accepted = _until_refused(works)
    assert accepted
    assert "PANIC" in (server.folder / "log").read_text()
    log.make_room()
    _bring_back(server)
    _check(works, accepted)


@pytest.mark.parametrize("room", [0, 4_000], ids=["none", "for a part of a line"])
def test_the_journals_disk_is_full_when_a_letter_is_signed(
    ministry: Ministry, tmp_path: Path, room: int
) -> None:
    """No number is given out that the journal does not have, and none is lost."""
    letter = ministry.letter().on_the_signers_desk()
    numbers = ministry.home / "numbers.log"
    with small_disk(tmp_path / "journal", 1, owner="root") as disk:
        numbers.symlink_to(disk.folder / numbers.name)
        numbers.write_bytes(b"\n" * room)
        disk.fill(leave=0)
        for _ in range(2):
            with pytest.raises(OSError, match=r"space|room") as full:
                letter.at("sign").sign()
            assert full.value.errno == errno.ENOSPC
        assert {one.state for one in letter.signatures} <= {"failed", "reserved"}
        assert (letter.row.number, letter.row.state) == (None, "waiting_signature")
        disk.make_room()
        letter.signed()
        assert [row.text for row in ministry.rows(letter_number)] == ["ตย 0201/1"]
        assert letter.row.number == "ตย ๐๒๐๑/๑"
        with reading(ministry.bus.engine) as db:
            assert list(books.broken(db, FileJournal(numbers))) == []


def _bring_back(server: postgres.Server, seconds: float = 20) -> None:
    """As its service manager does; or it has come back by itself, once there was room."""
    ends = time.monotonic() + seconds
    asking = sa.create_engine(server.url("postgres", postgres.SUPERUSER), poolclass=sa.NullPool)
    while time.monotonic() < ends:
        if server.process.poll() is not None:
            server.run()
        try:
            with asking.connect():
                return
        except sa.exc.OperationalError:
            time.sleep(0.05)  # noqa: TID251 - the server tells no other way that it is up
    raise AssertionError("Expected PostgreSQL to come back, but it did not.")
