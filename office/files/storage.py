"""Where bytes are kept: the storage port, and the folder that fulfils it on one machine.

Contents are named by their SHA-256 under their agency. Putting is atomic and durable: after
`put` returns, a power cut loses nothing, and no reader ever sees half a file.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID, uuid4

from engine.errors import NotFound

_GONE = "Expected stored bytes for {}, but storage has none. Restore them from the backup."


class Storage(Protocol):
    """Contents by hash. `sha256` is lower-case hex; all calls are of one agency."""

    def put(self, agency_id: UUID, data: bytes) -> str:
        """Keep `data` durably and answer its hash. Putting the same again changes nothing, unless
        what is kept was damaged: then it is whole again.
        """
        ...

    def open(self, agency_id: UUID, sha256: str) -> BinaryIO:
        """A readable stream; NotFound when the bytes are not here."""
        ...

    def size(self, agency_id: UUID, sha256: str) -> int | None:
        """Bytes kept under this hash, or None."""
        ...

    def delete(self, agency_id: UUID, sha256: str) -> None:
        """Forget these bytes; nothing happens where there are none."""
        ...

    def listing(self) -> Iterator[tuple[UUID, str, datetime]]:
        """Every content with its agency and the moment it was put: for the collector."""
        ...


class FolderStorage:
    """A folder: `<agency>/<two hex digits>/<hash>`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, agency_id: UUID, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        place = self._place(agency_id, sha256)
        if _holds(place, sha256, len(data)):
            os.utime(place)  # young again: the collector leaves it to the command that follows
            return sha256
        _make_folder(place.parent)
        _write_through(place, data)
        return sha256

    def open(self, agency_id: UUID, sha256: str) -> BinaryIO:
        try:
            return self._place(agency_id, sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(_GONE.format(sha256)) from None

    def size(self, agency_id: UUID, sha256: str) -> int | None:
        try:
            return self._place(agency_id, sha256).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, agency_id: UUID, sha256: str) -> None:
        self._place(agency_id, sha256).unlink(missing_ok=True)

    def listing(self) -> Iterator[tuple[UUID, str, datetime]]:
        for place in self._folder.glob("*/??/*"):
            if not place.name.startswith("."):
                changed = datetime.fromtimestamp(place.stat().st_mtime, UTC)
                yield UUID(place.parent.parent.name), place.name, changed

    def _place(self, agency_id: UUID, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"Expected a SHA-256 in hex, but got {sha256!r:.80}.")
        return self._folder / str(agency_id) / sha256[:2] / sha256


class MemoryStorage:
    """The twin: contents in a dictionary, for tests and rehearsals."""

    def __init__(self) -> None:
        self._kept: dict[tuple[UUID, str], tuple[bytes, datetime]] = {}

    def put(self, agency_id: UUID, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        kept = self._kept.get((agency_id, sha256))
        put_at = kept[1] if kept else datetime.fromtimestamp(0, UTC)
        self._kept[agency_id, sha256] = (data, put_at)
        return sha256

    def open(self, agency_id: UUID, sha256: str) -> BinaryIO:
        try:
            return io.BytesIO(self._kept[agency_id, sha256][0])
        except KeyError:
            raise NotFound(_GONE.format(sha256)) from None

    def size(self, agency_id: UUID, sha256: str) -> int | None:
        kept = self._kept.get((agency_id, sha256))
        return None if kept is None else len(kept[0])

    def delete(self, agency_id: UUID, sha256: str) -> None:
        self._kept.pop((agency_id, sha256), None)

    def listing(self) -> Iterator[tuple[UUID, str, datetime]]:
        for (agency_id, sha256), (_, put_at) in list(self._kept.items()):
            yield agency_id, sha256, put_at


def read(storage: Storage, agency_id: UUID, sha256: str) -> bytes:
    """The whole content, checked against its name: silent damage on disk is not handed out."""
    with storage.open(agency_id, sha256) as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound(_GONE.format(sha256))
    return data


def _holds(place: Path, sha256: str, size: int) -> bool:
    """Whether the file is there and whole: a disk may have damaged it at its full length."""
    try:
        with place.open("rb") as stream:
            whole = os.fstat(stream.fileno()).st_size == size
            return whole and hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        _sync_folder(folder.parent.parent)


def _write_through(place: Path, data: bytes) -> None:
    """Write beside, flush to the disk, then rename: the name appears with all of its bytes."""
    draft = place.with_name(f".{uuid4().hex}")
    try:
        with draft.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
