"""api.backup.archive: whatever byte changes or is missing, it is noticed, and located."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from api.backup import manifest as manifests
from api.backup.archive import Damaged, opened, written
from api.backup.manifest import Manifest
from engine.errors import Conflict, Invalid

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EMPTY = Manifest(
    made_at=NOW, revision="0001", dialect="sqlite", secret=manifests.mark_of("s"), tables=(),
    files=1, file_bytes=5, missing=(), journal_lines=0, members={},
)  # fmt: skip
HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "a.backup"
    with written(file, NOW) as out:
        hashes = {"tables/a/000001.jsonl.zst": out.add("tables/a/000001.jsonl.zst", b"[1]\n" * 99)}
        out.add(manifests.file_name(UUID(int=1), HELLO), b"hello")
        out.add(manifests.NAME, manifests.encode(replace(EMPTY, members=hashes)))
        out.seal()
    return file


def check(file: Path) -> Manifest:
    with opened(file) as reader:
        return manifests.checked(reader)[0]


def test_any_tar_reads_it(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert names[0] == "tables/a/000001.jsonl.zst"
    assert names[-2:] == ["manifest.json.zst", "seal.sha256"]
    assert check(archive).files == 1


def test_every_flipped_bit_is_noticed(archive: Path) -> None:
    data = archive.read_bytes()
    for at in range(0, len(data), 11):
        changed = data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
        archive.write_bytes(changed)
        with pytest.raises(Damaged):
            check(archive)


def test_every_missing_end_is_noticed(archive: Path) -> None:
    data = archive.read_bytes()
    for size in range(0, len(data), 61):
        archive.write_bytes(data[:size])
        with pytest.raises(Damaged):
            check(archive)
    archive.write_bytes(data + b"\0" * 512)
    with pytest.raises(Damaged):
        check(archive)


@pytest.mark.parametrize(("name", "at"), [("tables/a/000001", 512), (f"files/{UUID(int=1)}", 1536)])
def test_damage_is_located(archive: Path, name: str, at: int) -> None:
    data = bytearray(archive.read_bytes())
    data[at + 12] ^= 1
    archive.write_bytes(data)
    with pytest.raises(Damaged, match=f"{name}.*from byte {at} on"):
        check(archive)


def test_an_archive_of_a_later_format_is_not_called_damaged(tmp_path: Path) -> None:
    file = tmp_path / "later.backup"
    with written(file, NOW) as out:
        out.add(manifests.NAME, manifests.encode(replace(EMPTY, format=2)))
        out.seal()
    with pytest.raises(Invalid, match="format 1") as refused:
        check(file)
    assert not isinstance(refused.value, Damaged)


def test_a_failed_backup_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    with pytest.raises(TypeError), written(file, NOW) as out:
        out.add("a", "text")  # type: ignore[arg-type] # it breaks in the middle of its work
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict), written(archive, NOW):
        pass
