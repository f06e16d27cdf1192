"""The clock: fires due timers, rings for forgotten jobs, sweeps what has expired.

Any number may run: each act is a command that locks its row, so a second clock finds nothing to do.
"""

from __future__ import annotations

import logging
import signal
import threading
from time import monotonic

from api.bootstrap import System, build
from api.settings import Settings
from engine.jobs import fire_due, sweep

log = logging.getLogger(__name__)

#: Seconds between two looks for due timers: the promise is one second late at most when idle.
TICK = 0.5
#: Seconds between two sweeps.
SWEEP = 5.0
#: Seconds between two looks at every stored file, a pass that timers wait for; and between two
#: askings for a day's archiving, of which one is heard.
COLLECT = 3600.0


class Clockwork:
    """One loop; an error is logged and the loop goes on: the database may come back."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._stop = threading.Event()
        self._swept = self._collected = float("-inf")

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        while not self._stop.is_set():
            began = monotonic()
            self.tick()
            self._stop.wait(max(0.0, TICK - (monotonic() - began)))

    def tick(self) -> None:
        try:
            if self._system.in_quarantine():
                return  # nothing fires, rings or is cleared away until an operator agrees
            fire_due(self._system.bus)
            if monotonic() - self._swept >= SWEEP:
                self._swept = monotonic()
                sweep(self._system.bus)
                self._system.sweep_office()
            if monotonic() - self._collected >= COLLECT:
                self._collected = monotonic()
                self._system.collect_files()
                self._system.archive_cases()
                self._system.complete_copies()
        except Exception:
            log.exception("Expected to look for due timers, but could not; trying again.")
            self._stop.wait(1.0)


def main(settings: Settings) -> None:
    clockwork = Clockwork(build(settings))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: clockwork.stop())
    clockwork.run()
