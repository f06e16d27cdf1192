"""The archive's file: a tar of zstd members, closed by a seal over every byte before it.

Any tar reads it. The seal finds a single flipped bit anywhere; the manifest's hashes, and the
files' own names, then tell where it is.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import zstandard

from engine.errors import Conflict, Invalid

SEAL = "seal.sha256"
BLOCK = tarfile.BLOCKSIZE
#: header and content of the seal, and the two empty blocks that end a tar
TAIL = 4 * BLOCK
PIECE = 1 << 20


class Damaged(Invalid):
    """The archive is not what was written: cut short, or changed on its way."""

    code = "damaged_archive"

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(
            f"Expected {file.name} as it was written, but {what}."
            " Nothing was restored; take another copy of the backup."
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One member; `at` is where its bytes begin in the file."""

    name: str
    at: int
    size: int


class Writer:
    """Adds members; `hashes` has the SHA-256 of each as it lies in the file."""

    def __init__(self, out: BinaryIO, made_at: datetime) -> None:
        self._out = out
        self._made_at = int(made_at.timestamp())
        self._zstd = zstandard.ZstdCompressor(level=3)
        self._so_far = hashlib.sha256()
        self.size = 0

    def add(self, name: str, data: bytes) -> str:
        """Compress and append; answers the hash of the stored bytes."""
        packed = self._zstd.compress(data)
        self._put(name, packed)
        return hashlib.sha256(packed).hexdigest()

    def seal(self) -> str:
        """Close the archive; answers the seal."""
        text = self._so_far.hexdigest()
        self._put(SEAL, text.encode())
        self._write(bytes(2 * BLOCK))
        return text

    def _put(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = len(data), self._made_at, 0o600
        self._write(info.tobuf(tarfile.USTAR_FORMAT))
        self._write(data)
        self._write(bytes(-len(data) % BLOCK))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._so_far.update(data)
        self.size += len(data)


@contextmanager
def written(file: Path, made_at: datetime) -> Iterator[Writer]:
    """A new archive that has its name only once all of it is on the disk."""
    if file.exists():
        raise Conflict(f"Expected a new file, but {file.name} exists; a backup overwrites nothing.")
    draft = file.with_name(f"{file.name}.part")
    try:
        with private(draft) as out:
            yield Writer(out, made_at)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def private(file: Path) -> BinaryIO:
    """A file for its owner alone: hashes of passwords and encrypted keys go into it."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class Reader:
    """An archive that lies still: `check_seal` once, then read what is needed."""

    def __init__(self, file: Path, source: BinaryIO) -> None:
        self.file = file
        self._source = source
        self._end = file.stat().st_size - TAIL
        self._zstd = zstandard.ZstdDecompressor()

    def seal_holds(self) -> bool:
        """Whether every byte is as it was written; Damaged where the end is missing."""
        if self._end < 0 or self._tail().name != SEAL:
            raise Damaged(self.file, f"it ends at byte {self._end + TAIL} without its seal")
        self._source.seek(0)
        found, left = hashlib.sha256(), self._end
        while piece := self._source.read(min(PIECE, left)):
            found.update(piece)
            left -= len(piece)
        rest = self._source.read()
        return rest[BLOCK:] == found.hexdigest().encode().ljust(3 * BLOCK, b"\0")

    def members(self) -> Iterator[Member]:
        """In the order of writing, the seal left out."""
        at = 0
        while at < self._end:
            found = self._header(at)
            yield found
            at = found.at + found.size + -found.size % BLOCK

    def stored(self, member: Member) -> bytes:
        self._source.seek(member.at)
        return self._source.read(member.size)

    def read(self, member: Member) -> bytes:
        try:
            return self._zstd.decompress(self.stored(member))
        except zstandard.ZstdError:
            raise self.damaged(member) from None

    def damaged(self, member: Member) -> Damaged:
        return Damaged(self.file, f"{member.name}, from byte {member.at} on, has changed")

    def _tail(self) -> Member:
        return self._header(self._end)

    def _header(self, at: int) -> Member:
        self._source.seek(at)
        try:
            info = tarfile.TarInfo.frombuf(self._source.read(BLOCK), "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError):
            raise Damaged(self.file, f"there is no member at byte {at}") from None
        return Member(info.name, at + BLOCK, info.size)


@contextmanager
def opened(file: Path) -> Iterator[Reader]:
    with file.open("rb") as source:
        yield Reader(file, source)
