"""api.fence: whose time a long job may have, and that nobody else's timer is touched."""

from __future__ import annotations

import faulthandler
import signal

import pytest

from api import fence

Told = list[tuple[str, float]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What is set, instead of setting it: another timer runs in the tests' own process."""
    heard: Told = []
    monkeypatch.setattr(
        faulthandler, "dump_traceback_later", lambda s, exit: heard.append(("end", s))
    )
    monkeypatch.setattr(
        faulthandler, "cancel_dump_traceback_later", lambda: heard.append(("end", 0))
    )
    monkeypatch.setattr(signal, "setitimer", lambda _, s: heard.append(("interrupt", s)))
    return heard


def test_where_nothing_of_ours_bounds_the_job_nothing_is_set(told: Told) -> None:
    with fence.longer():
        pass
    assert told == []


def test_a_worker_gives_a_long_job_its_time_and_the_next_one_its_own(told: Told) -> None:
    with fence.last_resort():
        with fence.longer():
            longest = fence.LONG_SECONDS
            assert told[1:] == [("interrupt", longest), ("end", longest + 20)]
        assert told[3:] == [("interrupt", fence.SECONDS), ("end", fence.LAST_SECONDS)]
    assert told[5:] == [("end", 0)]
    del told[:]
    with fence.longer():
        pass
    assert told == []
