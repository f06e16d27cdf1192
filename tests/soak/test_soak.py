"""Three minutes of everyday work by many people: right answers and level memory, at any speed."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_in_small_leaves_no_bad_answer_no_dead_job_and_no_broken_promise() -> None:
    command = [sys.executable, "-P", "-m", "bench", "soak", "--minutes", "3", "--scale", "small"]
    done = subprocess.run([*command, "--audit"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
    assert "All goals were kept." in done.stdout
