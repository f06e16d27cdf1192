"""The real worker, with actions that take more than a job may:
`python -m support.hostile_worker LAST_SECONDS`. Its settings come from the environment.
"""

from __future__ import annotations

import sys
from typing import Any, cast

from api import fence, worker
from api.settings import Settings
from engine.ports import Action, JobInput, JobOutput

MEGABYTE = 1 << 20


def _hog(_given: JobInput) -> JobOutput:
    return JobOutput({"kept": len([bytearray(MEGABYTE) for _ in range(8_000)])})


def _forever(_given: JobInput) -> JobOutput:
    while True:
        pass


def _stuck(_given: JobInput) -> JobOutput:
    """In a loop of C, which hears no signal."""
    return JobOutput({"sum": sum(range(1 << 50))})


def _fine(_given: JobInput) -> JobOutput:
    return JobOutput({"fine": True})


def actions() -> list[Action]:
    named = {"hog": _hog, "forever": _forever, "stuck": _stuck, "fine": _fine}
    return [
        Action(f"test.{name}", handler, frozenset(), max_attempts=1, drawn=True)
        for name, handler in named.items()
    ]


if __name__ == "__main__":
    fence.LAST_SECONDS, fence.MEMORY = int(sys.argv[1]), 64 * MEGABYTE
    known = cast(dict[str, Any], worker._system().services.actions)
    known |= {action.name: action for action in actions()}
    worker.main(Settings.from_env())
