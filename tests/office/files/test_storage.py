"""The storage port: the folder and its twin keep the same promises."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert

from engine.errors import NotFound
from office.files.collect import GRACE, collect
from office.files.models import blob
from office.files.storage import FolderStorage, MemoryStorage, Storage, read

OURS, THEIRS = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(params=["folder", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path) if request.param == "folder" else MemoryStorage()


def test_what_was_put_can_be_read_under_its_hash(storage: Storage) -> None:
    sha256 = storage.put(OURS, b"words")
    assert sha256 == hashlib.sha256(b"words").hexdigest()
    assert read(storage, OURS, sha256) == b"words"
    assert storage.size(OURS, sha256) == 5


def test_putting_twice_keeps_one(storage: Storage) -> None:
    assert storage.put(OURS, b"words") == storage.put(OURS, b"words")
    assert len(list(storage.listing())) == 1


def test_an_agency_cannot_open_anothers_bytes(storage: Storage) -> None:
    sha256 = storage.put(OURS, b"words")
    assert storage.size(THEIRS, sha256) is None
    with pytest.raises(NotFound):
        storage.open(THEIRS, sha256)


def test_deleting_is_for_one_agency_and_may_be_repeated(storage: Storage) -> None:
    sha256 = storage.put(OURS, b"words")
    storage.put(THEIRS, b"words")
    storage.delete(OURS, sha256)
    storage.delete(OURS, sha256)
    assert storage.size(OURS, sha256) is None
    assert read(storage, THEIRS, sha256) == b"words"


def test_empty_bytes_are_bytes(storage: Storage) -> None:
    assert read(storage, OURS, storage.put(OURS, b"")) == b""


def test_silent_damage_is_not_handed_out(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    sha256 = storage.put(OURS, b"words")
    (tmp_path / str(OURS) / sha256[:2] / sha256).write_bytes(b"wordz")
    with pytest.raises(NotFound):
        read(storage, OURS, sha256)


def test_a_half_written_file_is_mended_by_putting_again(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    sha256 = storage.put(OURS, b"words")
    (tmp_path / str(OURS) / sha256[:2] / sha256).write_bytes(b"wo")
    storage.put(OURS, b"words")
    assert read(storage, OURS, sha256) == b"words"


def test_silent_damage_is_mended_by_putting_again(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    sha256 = storage.put(OURS, b"words")
    (tmp_path / str(OURS) / sha256[:2] / sha256).write_bytes(b"wordz")
    assert storage.put(OURS, b"words") == sha256
    assert read(storage, OURS, sha256) == b"words"


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("office.files.storage.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        FolderStorage(tmp_path).put(OURS, b"words")
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "g" * 64, "A" * 64])
def test_only_hashes_name_bytes(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FolderStorage(tmp_path).open(OURS, name)


def test_the_collector_takes_old_orphans_alone(sqlite_engine: Engine, tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    held, let_go, unnamed = (storage.put(OURS, word) for word in (b"held", b"let go", b"unnamed"))
    with sqlite_engine.begin() as db:
        db.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        from office.people.models import agency

        found = {"id": OURS, "code": "a", "name": "a", "policy": {}, "created_at": NOW}
        db.execute(insert(agency), found)
        for place, (sha256, holder) in enumerate([(held, "attachment:1"), (let_go, None)]):
            row = {"agency_id": OURS, "id": UUID(int=place), "sha256": sha256, "size": 4}
            more = {"media_type": "text/plain", "name": "a", "held_by": holder}
            made = {"created_by": "noi", "created_at": NOW}
            db.execute(insert(blob), {**row, **more, **made})
    today = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    assert collect(sqlite_engine, storage, today - timedelta(days=365)) == 0
    later = datetime.fromtimestamp((tmp_path / str(OURS) / held[:2] / held).stat().st_mtime, UTC)
    assert collect(sqlite_engine, storage, later + GRACE - timedelta(minutes=1)) == 0
    assert collect(sqlite_engine, storage, later + GRACE + timedelta(minutes=1)) == 2
    assert [sha256 for _, sha256, _ in storage.listing()] == [held]
    assert storage.size(OURS, unnamed) is None


def test_bytes_let_go_stay_while_a_backup_may_come_for_them(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    storage = FolderStorage(tmp_path)
    sha256 = storage.put(OURS, b"words")
    now = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC) + timedelta(days=365)
    row = {"agency_id": OURS, "id": OURS, "sha256": sha256, "size": 5, "media_type": "text/plain",
           "name": "a", "let_go_at": now, "created_by": "noi", "created_at": NOW}  # fmt: skip
    with sqlite_engine.begin() as db:
        db.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        from office.people.models import agency

        found = {"id": OURS, "code": "a", "name": "a", "policy": {}, "created_at": NOW}
        db.execute(insert(agency), found)
        db.execute(insert(blob), row)
    assert collect(sqlite_engine, storage, now + GRACE - timedelta(minutes=1)) == 0
    assert collect(sqlite_engine, storage, now + GRACE + timedelta(minutes=1)) == 1
