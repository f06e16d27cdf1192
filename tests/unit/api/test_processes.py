"""api.processes: parts come up in order, are restarted, and end with their tree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

#: A part that leaves its pid, notes its start, and ends politely.
PART = """
import os, pathlib, signal, sys, time
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def note(what):
    with (folder / "log").open("a") as log:
        log.write(f"{name} {what}\\n")
def leave(*_):
    note("ends")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
note("starts")
(folder / f"{name}.pid").write_text(str(os.getpid()))
time.sleep(60)
"""

TREE = """
import sys
from pathlib import Path
from api.processes import Part, Tree
folder = Path(sys.argv[1])
def part(name):
    command = [sys.executable, str(folder / "part.py"), str(folder), name]
    return Part(name, command, lambda: (folder / f"{name}.pid").exists(), below=name == "store")
def say(line):
    print(line, flush=True)
sys.exit(Tree([part("store"), part("web")], {}, say=say).run(lambda: say("announced")))
"""


def _until(true: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)  # noqa: TID251 - watches another process


def _pid(folder: Path, name: str) -> int:
    _until(lambda: (folder / f"{name}.pid").exists() and bool((folder / f"{name}.pid").read_text()))
    return int((folder / f"{name}.pid").read_text())


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def tree(tmp_path: Path):
    script = tmp_path / "tree.py"
    script.write_text(TREE)
    (tmp_path / "part.py").write_text(PART)
    started = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert started.stdout is not None
    while "announced" not in started.stdout.readline():
        assert started.poll() is None
    yield started
    if started.poll() is None:
        started.kill()
    started.wait(10)
    started.stdout.close()


def test_parts_start_in_order_and_what_they_rest_on_stops_last(tree, tmp_path: Path) -> None:
    tree.send_signal(signal.SIGINT)
    assert tree.wait(15) == 0
    assert (tmp_path / "log").read_text().split("\n")[:2] == ["store starts", "web starts"]
    assert (tmp_path / "log").read_text().split("\n")[2:4] == ["web ends", "store ends"]


def test_a_part_that_dies_is_started_again(tree, tmp_path: Path) -> None:
    first = _pid(tmp_path, "web")
    os.kill(first, signal.SIGKILL)
    _until(lambda: _pid(tmp_path, "web") != first)
    assert _alive(_pid(tmp_path, "store"))


def test_no_part_outlives_a_killed_tree(tree, tmp_path: Path) -> None:
    pids = [_pid(tmp_path, name) for name in ("store", "web")]
    tree.kill()
    _until(lambda: not any(_alive(pid) for pid in pids))
