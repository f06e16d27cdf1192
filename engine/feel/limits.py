"""How much one expression may ask for, and the meter that counts it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from engine.feel.errors import LimitExceeded

#: Limits on the text, the same for every expression.
MAX_CHARS = 4_000
MAX_TOKENS = 1_000
MAX_NESTING = 60
MAX_PATTERN = 500
#: Instructions of a compiled pattern times the characters that it searches: RE2 may run each of
#: them at each character, in one go that no clock can interrupt.
MAX_SEARCH = 30_000_000
MAX_EXPONENT = 9_999
#: Steps between two looks at the clock.
_GLANCE = 0xFF


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may use up. An agency may lower these, never raise them."""

    steps: int = 50_000
    items: int = 20_000
    text: int = 1_000_000
    depth: int = 60
    nodes: int = 20_000
    seconds: float = 0.25


EXPRESSION = Limits()
SCRIPT = Limits(steps=200_000)


class Meter:
    """Counts down one evaluation's limits.

    Time is the thread's own processor time: a busy machine stops no innocent expression.
    """

    __slots__ = ("_until", "depth", "items", "limits", "steps", "text")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.items = limits.items
        self.text = limits.text
        self.depth = limits.depth
        self._until = time.thread_time() + limits.seconds

    @property
    def used(self) -> int:
        return self.limits.steps - self.steps

    def step(self) -> None:
        self.steps = left = self.steps - 1
        if left & _GLANCE == 0 or left < 0:
            self._look(left)

    def work(self, steps: int) -> None:
        """Many steps at once: work that grows with its data."""
        self.steps -= steps
        self._look(self.steps)

    def watch(self) -> None:
        """Between two pieces of work that each take long: whether there is time left."""
        self._look(self.steps)

    def _look(self, left: int) -> None:
        if left < 0:
            raise _over("steps", self.limits.steps)
        if time.thread_time() > self._until:
            raise _over("milliseconds", int(self.limits.seconds * 1000))

    def grow(self, items: int) -> None:
        """Items of a list about to be made."""
        self.items -= items
        if self.items < 0:
            raise _over("list items", self.limits.items)

    def write(self, characters: int) -> None:
        """Characters of a text about to be made."""
        self.text -= characters
        if self.text < 0:
            raise _over("characters of text", self.limits.text)

    def enter(self) -> None:
        self.depth -= 1
        if self.depth < 0:
            raise _over("nested function calls", self.limits.depth)

    def leave(self) -> None:
        self.depth += 1


def _over(what: str, most: int) -> LimitExceeded:
    return LimitExceeded(f"Expected at most {most:,} {what}, but the expression needs more.")
