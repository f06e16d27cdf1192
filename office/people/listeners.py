"""What this room does when others tell it something, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bus import Context
from engine.events import FreeJobSettled
from engine.ports import Listener
from office.people.history import record


def free_job_settled(happened: FreeJobSettled, ctx: Context) -> None:
    """No case's history can tell of it; the agency's does."""
    word = f"job.{happened.resolution}"
    record(ctx, word, happened.job_id, action=happened.action, reason=happened.reason)


LISTENERS: dict[type, Sequence[Listener]] = {FreeJobSettled: (free_job_settled,)}
