"""Saying something about a task, and that someone has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context


@dataclass(frozen=True, slots=True)
class CommentTask:
    """Answer: {comment: {id, author, text, at}}."""

    task_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Someone who may act has looked: kept the first time only. Answer: {first_opened_at}."""

    task_id: UUID


def comment_task(command: CommentTask, ctx: Context) -> Answer:
    raise NotImplementedError


def open_task(command: OpenTask, ctx: Context) -> Answer:
    raise NotImplementedError
