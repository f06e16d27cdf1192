"""A disk of its own, as small as a test wishes: a file system in memory that root may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.needs import lacking

_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Disk:
    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, *, leave: int) -> None:
        """Nothing is free but so many bytes."""
        room = os.statvfs(self.folder)
        free = room.f_bavail * room.f_frsize
        with self._ballast.open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(free - leave, _BLOCK))

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int, owner: str = "postgres") -> Iterator[Disk]:
    """An empty disk at this folder, which is made; gone with all that is on it at the end."""
    if os.geteuid() != 0:
        lacking("Expected root, who alone may mount a disk, but this is somebody else.")
    folder.mkdir()
    options = f"size={megabytes}m,mode=0700,uid={owner},gid={owner}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
