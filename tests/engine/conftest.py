"""The engine with its twins on a real database of each dialect."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from support.builders import Works, make_works

from engine.clock import SteppedClock


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    """Whatever a test does, the promises of the audit hold afterwards."""
    made = make_works(db_engine, clock)
    yield made
    assert made.findings() == []


@pytest.fixture
def postgres_works(postgres_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    """For what only row locks can show."""
    made = make_works(postgres_engine, clock)
    yield made
    assert made.findings() == []
