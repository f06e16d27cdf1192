"""A process that never rests is ended in seconds and in little memory, with an incident to tell of
it; the next one runs. Processes that could not end otherwise are refused when they come.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.database import sqlite_clone
from support.runaway import FILES

ROOT = Path(__file__).parents[2]
#: of processor time, the rows included
SECONDS = 3.0
ENDS: Mapping[str, set[str]] = {
    "a circle": {"limit_steps"},
    "a circle of gateways": {"limit_steps"},
    "growing text": {"feel_limit"},
    "growing lists": {"feel_limit"},
    "lists in lists": {"feel_limit"},
    "much to reckon": {"feel_limit", "limit_time"},
    "a call of itself": {"call_cycle"},
    "tokens that double": {"cycle_without_wait", "fork_in_cycle"},
    "loops in loops": {"limit_tokens", "limit_steps", "limit_time"},
    "tasks that pass by": set(),
    "timers of no time": {"limit_timers"},
    "a huge table": {"feel_limit", "limit_time"},
}
REFUSED = {"a call of itself", "tokens that double"}
#: what comes round is asked again, and passes by itself no more
RESTS = {"tasks that pass by"}

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What became of each, in a process of its own that may take half a gigabyte."""
    file = tmp_path_factory.mktemp("runaways") / "saraban.db"
    with sqlite_clone(sqlite_template, file):
        command = [sys.executable, "-m", "support.runaway", f"sqlite:///{file}"]
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        done = subprocess.run(
            command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, timeout=240
        )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", FILES)
def test_it_is_ended_and_the_next_one_runs(name: str, told: Mapping[str, Any]) -> None:
    fate = told[name]
    ends = "refused" if name in REFUSED else "active" if name in RESTS else "incident"
    assert fate["status"] == ends
    assert bool(fate["codes"]) == (name not in RESTS), fate
    assert set(fate["codes"]) <= ENDS[name]
    assert fate["seconds"] < SECONDS
    assert fate["innocent"] == "completed"
