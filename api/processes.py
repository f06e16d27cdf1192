"""The process tree: starts the parts, says how it goes, restarts what dies, stops all cleanly."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

#: A part that dies is started again after this pause (seconds), doubled up to the last.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
#: A part that stood this long (seconds) has a clean record again.
STEADY = 30.0
#: Parts have this long (seconds) to stop, those they rest on this much more; then they are killed.
GRACE, GRACE_BELOW = 9.0, 3.0
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Part:
    """One program of the tree. `ready` tells whether it serves already; `below` marks what the
    others rest on: it stops after them.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = lambda: True
    below: bool = False
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0


def _die_with_parent() -> None:
    """Ask Linux to end this child when its parent dies, even by kill -9: nothing is orphaned."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Tree:
    """The parts in their order of starting."""

    parts: Sequence[Part]
    environ: Mapping[str, str]
    say: Callable[[str], None] = print
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, announce: Callable[[], None]) -> int:
        """Start all, announce, watch until told to stop. Exit code 1 if a part never came up."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            for part in self.parts:
                if not self._start(part) or not self._await(part):
                    return 0 if self.stopping.is_set() else 1
            announce()
            self._watch()
        finally:
            self.stop()
        return 0

    def _start(self, part: Part) -> bool:
        if self.stopping.is_set():
            return False
        part.started = monotonic()
        part.process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            part.command,
            env=dict(self.environ),
            start_new_session=True,  # Ctrl-C reaches the tree, which stops the parts in order
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - runs before threads
        )
        return True

    def _await(self, part: Part, seconds: float = 60.0) -> bool:
        until = monotonic() + seconds
        while monotonic() < until and not self.stopping.is_set():
            if part.process is not None and part.process.poll() is not None:
                self.say(
                    f"  {part.name}: ended with code {part.process.returncode} while starting."
                )
                return False
            if part.ready():
                self.say(f"  {part.name}: up")
                return True
            self.stopping.wait(0.05)
        if not self.stopping.is_set():
            self.say(f"  {part.name}: expected it to be up within {seconds:.0f} s, but it is not.")
        return False

    def _watch(self) -> None:
        while not self.stopping.wait(0.5):
            for part in self.parts:
                if part.process is not None and part.process.poll() is not None:
                    self._revive(part)

    def _revive(self, part: Part) -> None:
        assert part.process is not None
        steady = monotonic() - part.started > STEADY
        part.failures = 1 if steady else part.failures + 1
        pause = PAUSES[min(part.failures, len(PAUSES)) - 1]
        self.say(f"  {part.name}: ended with code {part.process.returncode}; again in {pause} s.")
        if not self.stopping.wait(pause):
            self._start(part)

    def stop(self) -> None:
        """End all parts, those that the others rest on last; a deaf one is killed."""
        self.stopping.set()
        self._stop([p for p in self.parts if not p.below], GRACE)
        self._stop([p for p in self.parts if p.below], GRACE_BELOW)

    def _stop(self, parts: Sequence[Part], grace: float) -> None:
        alive = [p for p in parts if p.process is not None and p.process.poll() is None]
        for part in alive:
            _signal(part, signal.SIGTERM)
        until = monotonic() + grace
        for part in alive:
            self._wait(part, until)

    def _wait(self, part: Part, until: float) -> None:
        assert part.process is not None
        try:
            part.process.wait(max(0.1, until - monotonic()))
        except subprocess.TimeoutExpired:
            self.say(f"  {part.name}: does not stop; killed.")
            _signal(part, signal.SIGKILL)
            part.process.wait(5)


def _signal(part: Part, number: signal.Signals) -> None:
    assert part.process is not None
    try:
        os.killpg(part.process.pid, number)
    except ProcessLookupError:
        return
