"""A request that takes too much memory is ended, and its process serves the others."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support.postgres import free_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults


@pytest.fixture
def address(sqlite_engine: Engine, tmp_path: Path) -> Iterator[str]:
    """Of the real web process, one of it."""
    port = free_port()
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "SARABAN_HOME": str(tmp_path / "home"),
        "SARABAN_DATABASE_URL": sqlite_engine.url.render_as_string(hide_password=False),
        "SARABAN_REDIS_URL": "redis://127.0.0.1:1/0",  # nobody rings here
        "SARABAN_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "support.greedy_web", str(port)]
    started = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        started.terminate()
        started.wait(20)


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _serving(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            assert _status(f"{address}/healthz") == 200
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)  # noqa: TID251 - watches another process
        else:
            return


def _worker(address: str) -> str:
    """The process that answers, as the metrics of the process name its start."""
    pid = subprocess.run(
        ["pgrep", "-f", f"greedy_web {address.rpartition(':')[2]}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return pid.stdout


def test_a_request_that_takes_all_memory_is_a_500_and_the_process_goes_on(address: str) -> None:
    _serving(address)
    before = _worker(address)
    assert [_status(f"{address}/greedy") for _ in range(3)] == [500] * 3
    assert _status(f"{address}/sign-in") == 200
    assert _worker(address) == before
