"""Completing a task: the command that everything else is built around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context


@dataclass(frozen=True, slots=True)
class ActPerformed:
    """Proof that the act which a task demands was done: made only by the room that does it."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """Answer: {task, instance_status, next}: `next` are this instance's open tasks that the actor
    may do now.

    Codes: task_not_open, task_claimed_by_other (409), not_candidate, excluded (403),
    authorization_required (409), invalid with errors by field (422).
    """

    task_id: UUID
    outcome: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    #: not part of what a repeated command is compared by
    authorization: ActPerformed | None = field(default=None, compare=False)


def complete_task(command: CompleteTask, ctx: Context) -> Answer:
    raise NotImplementedError
