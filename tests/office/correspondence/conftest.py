"""A small agency, and its twin next door, on a real database of each dialect."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from support.cheap import CHEAP
from support.rooms import Rooms, make_bus

from engine.bus import Bus
from engine.clock import SteppedClock
from office.notices.postbox import RecordingPostbox


@pytest.fixture
def bus(db_engine: Engine, clock: SteppedClock) -> Bus:
    return make_bus(db_engine, clock, RecordingPostbox(), CHEAP)


@pytest.fixture
def rooms(bus: Bus) -> Rooms:
    return Rooms.founded(bus, "office")


@pytest.fixture
def other(bus: Bus) -> Rooms:
    return Rooms.founded(bus, "elsewhere")
