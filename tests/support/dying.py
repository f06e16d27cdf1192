"""A process of its own that completes one task, and may be killed on the way by engine.faults:
`python -m support.dying DATABASE_URL TASK_ID COMMAND_ID`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from uuid import UUID

from support.builders import make_works

from engine.clock import SteppedClock
from engine.commands.tasks import CompleteTask
from engine.db import make_engine


def main(url: str, task_id: str, command_id: str) -> None:
    works = make_works(make_engine(url), SteppedClock(datetime(2026, 11, 23, 2, tzinfo=UTC)))
    works.run(CompleteTask(UUID(task_id)), "somchai", UUID(command_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
