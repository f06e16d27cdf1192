"""A process of its own that completes one task or does one job, and that engine.faults may kill or
stop on the way: `python -m support.dying complete URL TASK COMMAND`, `… work URL JOB`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from support.builders import make_works

from engine import jobs
from engine.clock import SteppedClock
from engine.commands.tasks import CompleteTask
from engine.db import make_engine
from engine.ports import Action, JobInput, JobOutput

Process = subprocess.Popen[bytes]
_ROOT = Path(__file__).parents[2]


def _post(given: JobInput) -> JobOutput:
    """What a transaction cannot take back: a line in a file."""
    with Path(given.payload["file"]).open("a", encoding="utf-8") as letterbox:
        letterbox.write(f"{given.job_id} sent\n")
    return JobOutput()


OUTSIDE = Action("test.outside", _post, frozenset({"file"}), drawn=True)


@contextmanager
def process(faults: str, *arguments: object) -> Iterator[Process]:
    """`faults` as engine.faults reads them. It does not outlive the block."""
    environ = os.environ | {
        "SARABAN_TEST": "1",
        "SARABAN_FAULTS": faults,
        "PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "tests")]),
    }
    command = [sys.executable, "-m", "support.dying", *map(str, arguments)]
    started = subprocess.Popen(command, env=environ)
    try:
        yield started
    finally:
        started.kill()
        started.wait(10)


def wait_until_stopped(started: Process) -> None:
    found, status = os.waitpid(started.pid, os.WUNTRACED)
    assert found == started.pid
    assert os.WIFSTOPPED(status), status
    assert os.WSTOPSIG(status) == signal.SIGSTOP


def main(verb: str, url: str, *ids: str) -> None:
    clock = SteppedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
    works = make_works(make_engine(url), clock, OUTSIDE)
    first, *others = map(UUID, ids)
    if verb == "work":
        jobs.run_job(works.bus, first)
    else:
        works.run(CompleteTask(first), "somchai", *others)


if __name__ == "__main__":
    main(*sys.argv[1:])
