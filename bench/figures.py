"""What the benches in one process share: a figure with its goal, and the median of warm rounds.

Times are processor time unless a figure says otherwise: a busy machine decides nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, its goal, and what a reader should know about it."""

    name: str
    value: float
    unit: str
    goal: float
    note: str = ""

    @property
    def row(self) -> str:
        kept = "kept" if self.value <= self.goal else "MISSED"
        cells = (self.name, f"{self.value:.4g} {self.unit}", f"≤ {self.goal:g}", kept, self.note)
        return f"| {' | '.join(cells)} |"


def table(title: str, figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    head = [f"## {title}", "", "| figure | measured | goal | | |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(figure.row for figure in figures), ""])


def median(work: Callable[[], object], rounds: int = ROUNDS, repeat: int = 1) -> float:
    """The middle of so many rounds, in milliseconds for one call; the first ones warm up.

    `repeat`: calls in one round, for work that is shorter than the clock's step.
    """
    for _ in range(3):
        work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(repeat):
            work()
        times.append(1000 * (time.process_time() - start) / repeat)
    return statistics.median(times)


def beside(value: float, baseline: float, what: str) -> str:
    """`value` as a multiple of `baseline` (both in milliseconds), measured in the same run."""
    return f"{value / baseline:.1f} × {what} ({baseline:.3g} ms)"
