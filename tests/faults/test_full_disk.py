"""A full disk refuses what it cannot keep, harms nothing, and all goes on once there is room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support.builders import make_works

from engine.clock import SteppedClock
from engine.models.instance import process_instance

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults


def test_sqlite_keeps_what_it_accepted_and_nothing_else(
    sqlite_engine: Engine, clock: SteppedClock
) -> None:
    url = sqlite_engine.url.render_as_string(hide_password=False)
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-m", "support.full_disk", url],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = json.loads(done.stdout)
    assert told["refused"] == 3
    assert len(told["accepted"]) > 2
    works = make_works(sqlite_engine, clock)
    assert sorted(str(row.id) for row in works.rows(process_instance)) == sorted(told["accepted"])
    assert works.findings() == []
    with sqlite_engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
