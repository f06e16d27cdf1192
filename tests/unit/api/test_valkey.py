"""The embedded Valkey opens to whoever has this run's password, which only its owner can read."""

from __future__ import annotations

import socket
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from api import valkey
from api.bell import connect
from api.settings import Settings
from api.valkey import Embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url_of(embedded: Embedded) -> str:
    """As a part of the tree learns it."""
    return Settings.from_env({"SARABAN_REDIS_URL_FILE": str(embedded.url_file)}).redis_url


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a folder's \u0e02\u0e49\u0e2d\u0e21\u0e39\u0e25"


@pytest.fixture
def running(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedded]:
    monkeypatch.chdir(home.parent)  # settings keep their secret in ./var
    embedded = valkey.prepare(home, free_port())
    process = subprocess.Popen(embedded.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _await(embedded)
        yield embedded
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _await(embedded: Embedded) -> object:
    for _ in range(100):
        with suppress(RedisError), connect(url_of(embedded)) as redis:
            return redis.ping()
        threading.Event().wait(0.1)
    raise AssertionError("Valkey did not come up")


def test_without_the_password_nobody_is_let_in(running: Embedded) -> None:
    with connect(url_of(running)) as friend:
        assert friend.ping()
    with Redis(port=running.port) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()
    with Redis(port=running.port, password="guess") as stranger, pytest.raises(AuthenticationError):
        stranger.ping()


def test_the_password_stands_where_only_its_owner_reads(home: Path) -> None:
    first = valkey.prepare(home, 1)
    for file in (first.url_file, Path(first.command[1])):
        file.chmod(0o644)  # as an older release or a careless hand left it
    second = valkey.prepare(home, 1)
    for file in (second.url_file, Path(second.command[1])):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = second.url_file.read_text().partition("//:")[2].partition("@")[0]
    assert len(password) == 64
    assert password not in " ".join(second.command)


def test_each_run_has_a_password_of_its_own(home: Path) -> None:
    assert (
        valkey.prepare(home, 1).url_file.read_text() != valkey.prepare(home, 1).url_file.read_text()
    )
