"""How much memory and how many open files each program holds, every few seconds."""

from __future__ import annotations

import asyncio
import os
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

EVERY = 5.0
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MEGABYTE = 1 << 20
#: Of the first and of the last so many readings the middle one counts.
_SMOOTH = 6


@dataclass
class Program:
    name: str
    at: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def growth(self, after: float) -> tuple[float, float]:
        """Megabytes in the middle of the readings just after so many seconds, and at the end."""
        warm = [m for at, m in zip(self.at, self.memory, strict=True) if at >= after]
        if not warm:
            return self.memory[-1], self.memory[-1]
        return statistics.median(warm[:_SMOOTH]), statistics.median(warm[-_SMOOTH:])


@dataclass
class Watch:
    """Reads the tree below one process until it is cancelled."""

    root: int
    programs: dict[int, Program] = field(default_factory=dict)
    _began: float = field(default_factory=perf_counter)

    async def run(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        for pid in [self.root, *below(self.root)]:
            try:
                self._read(pid)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended

    def _read(self, pid: int) -> None:
        process = Path("/proc") / str(pid)
        if pid not in self.programs:
            self.programs[pid] = Program(f"{name_of(pid)} {pid}")
        program = self.programs[pid]
        program.memory.append(int((process / "statm").read_text().split()[1]) * _PAGE / _MEGABYTE)
        program.files.append(len(list((process / "fd").iterdir())))
        program.at.append(perf_counter() - self._began)


def below(pid: int) -> list[int]:
    """Ids of all processes that stem from this one."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        children = [int(child) for file in threads for child in file.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [found for child in children for found in (child, *below(child))]


def name_of(pid: int) -> str:
    """What the program is to an operator."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    known = ("web", "worker", "clock", "timestamp-authority", "serve")
    # one that has ended, and that nobody has asked about yet, has no words any more
    called = Path(words[0]).name.split() or ["ended"]
    return next((word for word in words if word in known), called[0])
