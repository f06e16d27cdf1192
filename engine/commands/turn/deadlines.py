"""When a task is due, and when to remind and to escalate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.ids import new_id
from engine.models.waiting import ESCALATION, REMINDER
from engine.ports import WorkingTime
from engine.runtime.values import OpenedTask

#: `WorkingTime.add` reads 24 hours as a working day: working hours are added in pieces below that.
_PIECE = timedelta(hours=8)


def due_at(opened: OpenedTask, now: datetime, working: WorkingTime) -> datetime | None:
    match opened.due:
        case None:
            return None
        case datetime():
            return opened.due
        case duration if opened.due_working:
            return working.add(now, duration)
        case duration:
            return now + duration


def remind_at(
    opened: OpenedTask, now: datetime, due: datetime, working: WorkingTime
) -> Sequence[datetime]:
    """The moments at which the wanted fractions of the time to the deadline have passed."""
    if not opened.due_working:
        return [now + (due - now) * fraction for fraction in opened.remind_at]
    whole = working.between(now, due)
    return [_add_hours(working, now, whole * fraction) for fraction in opened.remind_at]


def _add_hours(working: WorkingTime, moment: datetime, hours: timedelta) -> datetime:
    while hours > timedelta(0):
        piece = min(hours, _PIECE)
        moment, hours = working.add(moment, piece), hours - piece
    return moment


def timer_rows(
    opened: OpenedTask, task_id: UUID, now: datetime, due: datetime | None, working: WorkingTime
) -> list[dict[str, Any]]:
    """Timers of a task: one for each reminder, one for the escalation at the deadline."""
    if due is None or due <= now:
        return []
    moments = [(REMINDER, at) for at in remind_at(opened, now, due, working)]
    if opened.escalate:
        moments.append((ESCALATION, due))
    return [
        {
            "id": new_id(),
            "kind": kind,
            "token": None,
            "task_id": task_id,
            "element_id": opened.element_id,
            "due_at": at,
            "occurrence": number,
            "failures": 0,
        }
        for number, (kind, at) in enumerate(moments, start=1)
    ]
