"""Packets to the database or to Valkey vanish, and nobody says so: patience ends the line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import needs

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    needs.program("ip", "Debian's package iproute2")
    if os.geteuid() != 0:
        needs.lacking("Expected root, who alone may take a route away, but this is somebody else.")
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "support.vanishing"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return dict(json.loads(done.stdout))


def test_for_a_while_it_is_only_slow(told: dict[str, Any]) -> None:
    assert told["for_a_while"]["state"] == "completed"
    assert told["for_a_while"]["seconds"] > 2
    assert told["for_a_while"]["completed"] == 1


def test_for_good_is_said_in_seconds_and_a_repeat_has_one_effect(told: dict[str, Any]) -> None:
    assert told["for_good"]["state"] == "unavailable"
    # neither at once nor after the quarter of an hour that the kernel itself would take
    assert 5 < told["for_good"]["seconds"] < 30
    assert told["for_good"]["again"]["state"] == "completed"
    assert told["for_good"]["completed"] == 1
    assert told["findings"] == []


def test_a_doorbell_that_nobody_hears_keeps_one_waiting_for_a_moment(told: dict[str, Any]) -> None:
    bell = told["doorbell"]
    first, second = bell["unheard"]
    assert (first["state"], second["state"]) == ("completed", "completed")
    assert 0.5 <= first["seconds"] < 3
    assert second["seconds"] < 0.5  # it is not waited for again
    assert (bell["heard"], bell["rung"]) == (1, 3)
