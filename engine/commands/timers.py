"""Firing what is due: tokens' timers, reminders and escalations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context, Handler


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Answer: {fired: bool}. A timer that is gone, or not yet due, is no error."""

    timer_id: UUID


@dataclass(frozen=True, slots=True)
class PostponeTimer:
    """Firing failed unexpectedly: try again later instead of at every look. Answer: {due_at}."""

    timer_id: UUID
    message: str


def fire_timer(command: FireTimer, ctx: Context) -> Answer:
    raise NotImplementedError


def postpone_timer(command: PostponeTimer, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {FireTimer: fire_timer, PostponeTimer: postpone_timer}
