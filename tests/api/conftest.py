"""Worlds on both databases, shared by the tests of a session: they make cases of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.tapped import Tap, tapped
from support.world import World, demo_world, review_world

from api import trust
from api.bootstrap import System, build
from api.settings import Settings
from engine.clock import SteppedClock, SystemClock

#: nine in the morning in Bangkok, a working day
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

Make = Callable[[System, SteppedClock], World]


@contextmanager
def opened(url: str, home: Path, make: Make, at: datetime = MONDAY, **more: Any) -> Iterator[World]:
    clock = SteppedClock(at)
    settings = Settings(home=home, database_url=url, secret="a secret of the tests", **more)
    system = build(settings.resolved(), bell=False, clock=clock)
    try:
        yield make(system, clock)
    finally:
        system.close()


@pytest.fixture(scope="session")
def sqlite_url(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    def fresh() -> str:
        file = tmp_path_factory.mktemp("world") / "saraban.db"
        shutil.copyfile(sqlite_template, file)
        return f"sqlite:///{file}"

    return fresh


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Any, postgres_template: str) -> Iterator[Callable[[], str]]:
    made: list[str] = []

    def fresh() -> str:
        made.append(postgres_server.create(postgres_template))
        return made[-1]

    yield fresh
    for url in made:
        postgres_server.drop(url)


@pytest.fixture(scope="session")
def sqlite_world(
    sqlite_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with opened(sqlite_url(), tmp_path_factory.mktemp("home"), review_world) as world:
        yield world


@pytest.fixture(scope="session")
def postgres_world(
    postgres_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with opened(postgres_url(), tmp_path_factory.mktemp("home"), review_world) as world:
        yield world


@pytest.fixture(scope="module")
def own_world(
    sqlite_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """For tests after which people sign in otherwise than before."""
    with opened(sqlite_url(), tmp_path_factory.mktemp("own"), review_world) as world:
        yield world


@pytest.fixture(scope="module")
def own_postgres_world(
    postgres_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """For tests after which little is as it was before."""
    with opened(postgres_url(), tmp_path_factory.mktemp("own"), review_world) as world:
        yield world


@pytest.fixture
def wired(postgres_url: Callable[[], str], tmp_path: Path) -> Iterator[tuple[World, Tap]]:
    """A world of one's own on PostgreSQL, and the tap on its line."""
    url = sa.make_url(postgres_url())
    with tapped(url.port or 5432) as tap:
        through = url.set(port=tap.port).render_as_string(hide_password=False)
        with opened(through, tmp_path, review_world) as world:
            yield world, tap


@pytest.fixture
def crowded(postgres_url: Callable[[], str], tmp_path: Path) -> Iterator[World]:
    """A world of one's own with two seats, in which nobody waits longer than a second."""
    limits = {"web_threads": 2, "web_patience": 1}
    with opened(postgres_url(), tmp_path, review_world, **limits) as world:
        yield world


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """Two small agencies with a review process, on each database."""
    name = "postgres_world" if request.param == "postgresql" else "sqlite_world"
    return request.getfixturevalue(name)  # type: ignore[no-any-return] # pytest's signature


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def ministry(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The demo ministry with its keys and its route, on each database."""
    name = "postgres_url" if request.param == "postgresql" else "sqlite_url"
    url, home = request.getfixturevalue(name)(), tmp_path_factory.mktemp("ministry")
    # The authority's certificates begin now, and a system trusts what is there when it is built.
    now = SystemClock().now()
    trust.authority(Settings(home=home, secret="a secret of the tests").resolved())
    with opened(url, home, demo_world, now, demo=True) as world:
        yield world
