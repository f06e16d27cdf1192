"""Fixtures that every test may use: databases of both dialects, a clock that moves when told."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support import database, postgres
from support.cheap import cheap_secrets  # noqa: F401 - a fixture
from support.softhsm import SoftHsm
from support.spreading import Spread
from support.warm import compiled_once  # noqa: F401 - a fixture

from engine.clock import SteppedClock
from engine.db import make_engine

#: A Monday morning in Bangkok (09:00), a working day.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

#: Rooms and files that take minutes: they begin first, so that none is left for one process alone.
LONG = (
    *("browser", "soak", "faults", "contract", "processes", "evidence"),
    *("api/rest/test_generated.py", "api/pages/test_fence.py"),
)

for _name in [name for name in os.environ if name.startswith("SARABAN_")]:
    del os.environ[_name]  # a developer's own settings must not decide a test


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; files are handed out in this order (`--no-loadscope-reorder`)."""
    here = Path(__file__).parent

    @cache
    def place(file: Path) -> int:
        path = file.relative_to(here)
        found = (number for number, long in enumerate(LONG) if path.is_relative_to(long))
        return next(found, len(LONG))

    items.sort(key=lambda item: place(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread | None:
    return Spread(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported stays until the end: the collector need walk it neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(MONDAY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "saraban.db"
    made = make_engine(f"sqlite:///{file}")
    database.build(made)
    with made.connect() as db:
        db.exec_driver_sql("SELECT 1")
    made.dispose()  # the last connection's close folds the write-ahead log into the file
    return file


@pytest.fixture(scope="session")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """A PKCS#11 module whose tokens each test makes for itself; child processes find it."""
    made = SoftHsm(tmp_path_factory.mktemp("hsm"))
    os.environ["SOFTHSM2_CONF"] = str(made.settings)
    return made


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    url = postgres_server.create()
    made = make_engine(url)
    database.build(made)
    made.dispose()
    return url.rsplit("/", 1)[1]


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    with database.sqlite_clone(sqlite_template, tmp_path / "saraban.db") as made:
        yield made


@pytest.fixture
def postgres_engine(postgres_server: postgres.Server, postgres_template: str) -> Iterator[Engine]:
    url = postgres_server.create(postgres_template)
    made = make_engine(url)
    yield made
    made.dispose()
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def db_engine(request: pytest.FixtureRequest) -> Engine:
    """A database of its own with all tables, once of each dialect."""
    return request.getfixturevalue(
        f"{'postgres' if request.param == 'postgresql' else 'sqlite'}_engine"
    )
