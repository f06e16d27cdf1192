"""Claiming a task and giving it back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """Answer: {task}."""

    task_id: UUID


@dataclass(frozen=True, slots=True)
class UnclaimTask:
    """Answer: {task}."""

    task_id: UUID


def claim_task(command: ClaimTask, ctx: Context) -> Answer:
    raise NotImplementedError


def unclaim_task(command: UnclaimTask, ctx: Context) -> Answer:
    raise NotImplementedError
