"""The demo ministry behind its pages, on SQLite: queries are held on both databases elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from support.browsing import Browser, signed_in
from support.world import World, demo_world

from api import trust
from api.bootstrap import build
from api.settings import Settings
from engine.clock import SteppedClock, SystemClock

Enter = Callable[[str], Browser]


@pytest.fixture(scope="session")
def office(
    sqlite_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One ministry for all page tests: each makes letters and cases of its own."""
    settings = Settings(
        home=tmp_path_factory.mktemp("office"),
        database_url=sqlite_url(),
        secret="a secret of the tests",
        demo=True,
    ).resolved()
    # The authority's certificates begin now, and a system trusts what is there when it is built.
    clock = SteppedClock(SystemClock().now())
    trust.authority(settings)
    system = build(settings, bell=False, clock=clock)
    yield demo_world(system, clock)
    system.close()


@pytest.fixture
def enter(office: World) -> Enter:
    """Sign somebody in: `enter("thotsop")` is their browser."""
    return lambda username: signed_in(office.client.application, username)


@pytest.fixture
def anyone(office: World) -> Browser:
    """A browser in which nobody has signed in."""
    return Browser(office.client.application, "10.2.0.1")
