"""Handing a task to someone else: by its holder (delegate) or from above (reassign)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context


@dataclass(frozen=True, slots=True)
class DelegateTask:
    """Whoever may do the task hands it to a person (sign-in name). Answer: {task}."""

    task_id: UUID
    to: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReassignTask:
    """The holder, or whoever has the right reassign or operate, gives it to a person (sign-in name)
    or to a principal ("position:code"), which opens it for its holders. Answer: {task}.
    """

    task_id: UUID
    to: str
    reason: str


def delegate_task(command: DelegateTask, ctx: Context) -> Answer:
    raise NotImplementedError


def reassign_task(command: ReassignTask, ctx: Context) -> Answer:
    raise NotImplementedError
