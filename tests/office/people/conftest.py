"""The rooms of people, accounts, calendars and notices on a real database, with twins outside."""

from __future__ import annotations

from uuid import UUID

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import Engine
from support.rooms import Rooms, make_bus

from engine.bus import Bus
from engine.clock import SteppedClock
from office.notices.postbox import RecordingPostbox

#: The cheapest argon2id there is: tests are not guessed at.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)


@pytest.fixture
def postbox() -> RecordingPostbox:
    return RecordingPostbox()


@pytest.fixture
def bus(db_engine: Engine, clock: SteppedClock, postbox: RecordingPostbox) -> Bus:
    return make_bus(db_engine, clock, postbox, CHEAP)


@pytest.fixture
def rooms(bus: Bus) -> Rooms:
    """One small agency: an office with a chief, a deputy, a clerk and a vacant post."""
    return Rooms.founded(bus, "office")


@pytest.fixture
def other(bus: Bus) -> Rooms:
    """Another agency with the same codes and names in it."""
    return Rooms.founded(bus, "elsewhere")


@pytest.fixture
def agency_id(rooms: Rooms) -> UUID:
    return rooms.agency_id
