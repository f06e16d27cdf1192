"""The rooms of people, accounts, calendars and notices on real databases, with twins outside.

All tests of this folder share one database of each kind: every test founds agencies of its own,
and what one agency does must not be felt by another.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from support import database, postgres
from support.cheap import CHEAP
from support.rooms import Rooms, make_bus

from engine.bus import Bus
from engine.clock import SteppedClock
from engine.db import make_engine
from office.notices.postbox import RecordingPostbox

_ADDRESSES = itertools.count(1)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        target = tmp_path_factory.mktemp("shared") / "saraban.db"
        with database.sqlite_clone(template, target) as made:
            yield made
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    url = server.create(request.getfixturevalue("postgres_template"))
    made = make_engine(url)
    yield made
    made.dispose()
    server.drop(url)


@pytest.fixture
def postbox() -> RecordingPostbox:
    return RecordingPostbox()


@pytest.fixture
def bus(shared_engine: Engine, clock: SteppedClock, postbox: RecordingPostbox) -> Bus:
    return make_bus(shared_engine, clock, postbox, CHEAP)


@pytest.fixture
def rooms(bus: Bus) -> Rooms:
    """One small agency: an office with a chief, a deputy, a clerk and a vacant post."""
    return Rooms.founded(bus, f"a{uuid4().hex[:12]}")


@pytest.fixture
def other(bus: Bus) -> Rooms:
    """Another agency with the same codes and names in it."""
    return Rooms.founded(bus, f"b{uuid4().hex[:12]}")


@pytest.fixture
def ip() -> str:
    """An address from which nobody has guessed yet."""
    return f"192.0.2.{next(_ADDRESSES)}"
