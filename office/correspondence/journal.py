"""The number journal: every issued number and every running number of a register, written down
outside the database before it counts.

After a restore from yesterday's backup the database would give today's numbers out again; the
journal knows better. One line of JSON for each number, appended and flushed to the disk, never
changed. Ship a copy to another machine.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from engine import jsonio


class Journal(Protocol):
    def append(self, line: Mapping[str, Any]) -> None:
        """Keep the line for good; it is on the disk when this returns."""
        ...

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """Every line, oldest first."""
        ...

    def extend(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Keep many lines at once: those of a backup."""
        ...


class FileJournal:
    """One append-only file. Many processes may write: a line goes out in one write."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mine = threading.Lock()

    def append(self, line: Mapping[str, Any]) -> None:
        self.extend([line])

    def extend(self, lines: Sequence[Mapping[str, Any]]) -> None:
        # the leading line end closes a line that a crash cut short
        data = b"".join(b"\n" + jsonio.canonical(line) + b"\n" for line in lines)
        with self._mine:
            handle = self._open()
            try:
                if os.write(handle, data) != len(data):
                    # a part was written, which is what a disk does whose last room it took
                    said = f"Expected room for a whole line in {self._file.name}, but there is none"
                    raise OSError(errno.ENOSPC, said)
                os.fsync(handle)
            finally:
                os.close(handle)

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """A line that a crash cut short is skipped: its number was never made final."""
        if not self._file.exists():
            return
        with self._file.open("rb") as source:
            for line in source:
                if line.endswith(b"}\n"):
                    yield jsonio.loads(line)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        if not self._file.parent.is_dir():
            self._file.parent.mkdir(parents=True, exist_ok=True)
        new = not self._file.exists()
        handle = os.open(self._file, flags, 0o600)
        if new:
            folder = os.open(self._file.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        return handle


class MemoryJournal:
    """The twin: lines in a list, for tests."""

    def __init__(self) -> None:
        self.kept: list[Mapping[str, Any]] = []

    def append(self, line: Mapping[str, Any]) -> None:
        self.kept.append(dict(line))

    def extend(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self.kept.extend(dict(line) for line in lines)

    def lines(self) -> Iterator[Mapping[str, Any]]:
        yield from list(self.kept)
