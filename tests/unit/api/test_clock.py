"""api.clock: what is looked at how often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import cast
from unittest.mock import Mock
from uuid import UUID

import pytest

from api import clock as clockworks
from api.bootstrap import System, build
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


class IdleTime:
    """Time passes only where the clock waits, and as long as each look takes."""

    def __init__(self, looking: float, looks: int) -> None:
        self.now, self.looking, self.looks = 0.0, looking, looks
        self.at: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return self.is_set()

    def is_set(self) -> bool:
        return len(self.at) >= self.looks

    def look(self, _: object) -> None:
        self.at.append(self.now)
        self.now += self.looking


@pytest.mark.parametrize("looking", [0.0, 0.2, 0.45, 0.9])
def test_no_timer_of_an_idle_house_is_found_more_than_a_second_late(
    looking: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a look takes, below that second: the next one begins no later."""
    time = IdleTime(looking, looks=50)
    monkeypatch.setattr(clockworks, "monotonic", lambda: time.now)
    monkeypatch.setattr(clockworks, "fire_due", time.look)
    monkeypatch.setattr(clockworks, "sweep", lambda _: 0)
    clockwork = Clockwork(cast(System, Mock(in_quarantine=lambda: False)))
    monkeypatch.setattr(clockwork, "_stop", time)
    clockwork.run()
    assert len(time.at) == 50
    assert max(later - one for one, later in pairwise(time.at)) <= 1.0
