"""Fixtures: the ministry with its route, planted once for each dialect and cloned for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support import database, postgres
from support.ministry import Ministry, furnish, make_ministry

from engine.clock import SteppedClock
from engine.db import make_engine
from signing.authority import Authority

#: A Monday morning in Bangkok (09:00), a working day.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SIGNERS = ("somying", "somchai", "phatsadu", "wichan", "changwat")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority") / "made"
    return Authority.create(folder, MONDAY, organisation="กระทรวงตัวอย่าง")


@pytest.fixture(scope="session")
def planted_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Path:
    file = tmp_path_factory.mktemp("planted") / "saraban.db"
    shutil.copyfile(sqlite_template, file)
    made = make_engine(f"sqlite:///{file}")
    _plant(made, file.parent, authority)
    made.dispose()  # the last connection's close folds the write-ahead log into the file
    return file


@pytest.fixture(scope="session")
def planted_postgres(
    postgres_server: postgres.Server,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
    authority: Authority,
) -> str:
    url = postgres_server.create(postgres_template)
    made = make_engine(url)
    _plant(made, tmp_path_factory.mktemp("planted"), authority)
    made.dispose()
    return url.rsplit("/", 1)[1]


def _plant(made: Engine, home: Path, authority: Authority) -> None:
    ministry = make_ministry(made, SteppedClock(MONDAY), home, authority)
    furnish(ministry, authority, *SIGNERS)


@pytest.fixture
def ministry(
    planted_sqlite: Path, clock: SteppedClock, tmp_path: Path, authority: Authority
) -> Iterator[Ministry]:
    """On SQLite: for the many paths."""
    with database.sqlite_clone(planted_sqlite, tmp_path / "saraban.db") as made:
        yield make_ministry(made, clock, tmp_path, authority)


@pytest.fixture
def postgres_ministry(
    postgres_server: postgres.Server,
    planted_postgres: str,
    clock: SteppedClock,
    tmp_path: Path,
    authority: Authority,
) -> Iterator[Ministry]:
    """On PostgreSQL: for what only row locks can show."""
    url = postgres_server.create(planted_postgres)
    made = make_engine(url)
    yield make_ministry(made, clock, tmp_path, authority)
    made.dispose()
    postgres_server.drop(url)


@pytest.fixture(params=["ministry", "postgres_ministry"])
def either_ministry(request: pytest.FixtureRequest) -> Ministry:
    return request.getfixturevalue(request.param)
