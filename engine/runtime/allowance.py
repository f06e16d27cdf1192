"""What the advances of one turn may cost together: a turn that begets a turn has no more of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.runtime import limits


def _seconds() -> float:
    return limits.SECONDS


def _steps() -> int:
    return limits.TURN_STEPS


@dataclass(slots=True)
class Allowance:
    """Seconds are the thread's own processor time, and only while the runtime works: neither a
    busy machine nor a slow database stops an innocent process.
    """

    seconds: float = field(default_factory=_seconds)
    steps: int = field(default_factory=_steps)
    _until: float | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        self._until = time.thread_time() + self.seconds
        try:
            yield
        finally:
            self.seconds, self._until = self.left, None

    @property
    def left(self) -> float:
        """Seconds, also while it is running."""
        return self.seconds if self._until is None else self._until - time.thread_time()
