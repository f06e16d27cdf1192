"""Returning a task to an earlier step, along the paths that the diagram has."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context


@dataclass(frozen=True, slots=True)
class ReturnTask:
    """`to` is an element id of the task's `returns` (409 return_not_allowed otherwise); `resume` is
    "rerun" (the levels after it run again) or "back_to_me". Answer as of CompleteTask.
    """

    task_id: UUID
    to: str
    reason: str
    resume: str = "rerun"


def return_task(command: ReturnTask, ctx: Context) -> Answer:
    raise NotImplementedError
