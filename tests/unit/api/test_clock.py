"""api.clock: what is looked at how often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from api.bootstrap import build
from api.clock import Clockwork
from api.settings import Settings
from engine.clock import SteppedClock
from office.files.storage import MemoryStorage


class CountingStorage(MemoryStorage):
    """Counts how often all of it is gone through."""

    passes = 0

    def listing(self) -> Iterator[tuple[UUID, str, datetime]]:
        self.passes += 1
        return super().listing()


def test_stored_files_are_not_gone_through_with_every_sweep(
    sqlite_template: Path, tmp_path: Path, clock: SteppedClock
) -> None:
    file = tmp_path / "saraban.db"
    file.write_bytes(sqlite_template.read_bytes())
    system = build(Settings(home=tmp_path).resolved(), bell=False, clock=clock)
    storage = system.storage = CountingStorage()
    clockwork = Clockwork(system)
    for _ in range(3):
        clockwork.tick()
        clockwork._swept = float("-inf")  # as if the next sweep were due
    assert storage.passes == 1
    system.close()
