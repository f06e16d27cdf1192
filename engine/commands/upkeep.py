"""Clearing away what has expired: old answers and messages that nobody fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.bus import Answer, Context, Handler


@dataclass(frozen=True, slots=True)
class ClearExpired:
    """Of every agency. Answer: {commands, messages}: how many rows went."""

    keep_answers: timedelta = timedelta(days=7)


def clear_expired(command: ClearExpired, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {ClearExpired: clear_expired}
