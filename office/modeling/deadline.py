"""How long all that one request tries out may take together."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 5.0


class Deadline:
    """Runs from the moment it is made.

    Time is the thread's own processor time: a busy machine fails no innocent test.
    """

    __slots__ = ("_clock", "_until")

    def __init__(
        self, seconds: float = SECONDS, clock: Callable[[], float] = time.thread_time
    ) -> None:
        self._clock = clock
        self._until = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds; never less than none."""
        return max(0.0, self._until - self._clock())

    @property
    def past(self) -> bool:
        return not self.left
