"""Returning a task to an earlier step, along the paths that the diagram has."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context
from engine.commands import checks
from engine.commands.tasks.complete import Completion, answer, finish
from engine.commands.tasks.held_task import check_may_act, hold_with_siblings
from engine.commands.turn.news import task_ref
from engine.commands.turn.opening import Because
from engine.errors import Conflict
from engine.events import TaskReturned
from engine.models.task import RETURN

RESUMES = ("rerun", "back_to_me")


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
    reason = checks.text(command.reason, "reason")
    if command.resume not in RESUMES:
        raise checks.refused(
            "resume", "unknown", f"Expected rerun or back_to_me, but got {command.resume!r:.80}."
        )
    work = hold_with_siblings(ctx, command.task_id)
    authority = check_may_act(ctx, work)
    if command.to not in work.row["returns"]:
        raise Conflict(
            f"Expected a step to which {work.row['name']!r} can be returned"
            f" ({', '.join(work.row['returns']) or 'there is none'}), but got {command.to!r:.80}.",
            code="return_not_allowed",
        )
    variables = {
        "return_to": command.to,
        "return_reason": reason,
        "resume": command.resume,
        "returned_by_element": work.row["element_id"],
    }
    because = Because(command.to, reason, ctx.actor.username)
    finish(ctx, work, Completion(RETURN, variables, reason, because), authority)
    work.held.news.append(
        TaskReturned(task_ref(work.held, work.row), ctx.actor, command.to, reason, command.resume)
    )
    return answer(ctx, work)
