"""The processor time that each kind of program has spent: what a goal costs on any machine.

A busy machine answers late, but what an answer costs it tells all the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.soak.watch import below, name_of

_TICK = os.sysconf("SC_CLK_TCK")
#: In /proc/PID/stat behind the name: own user and system time, and that of children that ended.
_TIMES = slice(11, 15)
_ENDED = (FileNotFoundError, ProcessLookupError)


def spent(product: int, database: int) -> Counter[str]:
    """Seconds by kind of program, the load's own included."""
    found: Counter[str] = Counter()
    for root, kind in ((product, None), (database, "database")):
        for pid, seconds in _family(root):
            with suppress(*_ENDED):
                found[kind or name_of(pid)] += seconds
    found["load"] += _seconds(os.getpid())
    return found


def _seconds(pid: int) -> float:
    text = Path(f"/proc/{pid}/stat").read_text()
    return sum(map(int, text.rpartition(")")[2].split()[_TIMES])) / _TICK


@dataclass
class Spent:
    """The processor time of programs, and of all that they started, while something is done."""

    seconds: float = 0

    @classmethod
    @contextmanager
    def by(cls, *roots: int | None) -> Iterator[Self]:
        def now() -> float:
            families = (_family(root) for root in roots if root is not None)
            return sum(seconds for family in families for _pid, seconds in family)

        found, before = cls(), now()
        yield found
        found.seconds = now() - before

    def each(self, times: int) -> float:
        """Milliseconds."""
        return 1000 * self.seconds / times


def _family(root: int) -> Iterator[tuple[int, float]]:
    """A program and all that it started, each with its seconds; one that ends meanwhile stands in
    its parent's count.
    """
    for pid in (root, *below(root)):
        with suppress(*_ENDED):
            yield pid, _seconds(pid)


def table(before: Counter[str], after: Counter[str], seconds: float, share: float) -> str:
    """Processors that each kind kept busy, and what the whole goal would keep busy."""
    used = {kind: (after[kind] - before[kind]) / seconds for kind in sorted(after)}
    used = {kind: busy for kind, busy in used.items() if busy >= 0.005}
    rows = [f"| {kind} | {busy:.2f} | {busy / share:.2f} |" for kind, busy in used.items()]
    whole = sum(used.values())
    return "\n".join(
        [
            "| processors kept busy by | in this run | at the whole goal |",
            "|---|---|---|",
            *rows,
            f"| all | {whole:.2f} | {whole / share:.2f} |",
        ]
    )
