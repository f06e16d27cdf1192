"""The way of a case as a stepper: what is done, where it is, what comes — from rows we have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pages.desk import actor, now
from api.pages.diagram import Diagram
from api.pages.faces import face, meet
from api.pages.forecast import forecast
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.view import when
from engine.models.task_row import TaskRow

#: what was said with a step, by its element and the moment it ended
Notes = Mapping[tuple[str, datetime | None], str]
LIVE = frozenset({"open", "claimed"})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of `_route.html`. `state` is done, now, next or back."""

    state: str
    name: str
    number: int | None = None
    who: str = ""
    when: str = ""
    note: str = ""
    mine: bool = False


def steps(
    found: Sequence[TaskRow],
    diagram: Diagram,
    variables: Mapping[str, Any],
    notes: Notes,
    mine: str | None,
) -> list[Step]:
    """Ended tasks in order, then those that are open, then the steps that will probably come.

    `notes` are the endorsements; `mine` is the task that this page is about.
    """
    meet(name for task in found for name in (task.completed_by, task.assignee))
    ended = sorted((t for t in found if t.ended_at and t.state == "completed"), key=_end)
    live = [task for task in found if task.state in LIVE]
    lines = [_ended(task, notes) for task in ended]
    lines += [_live(task, number, mine) for number, task in enumerate(live, len(ended) + 1)]
    coming = forecast(diagram, [task.element_id for task in live], variables, now())
    lines += [
        Step(state="next", name=step.name or step.id, number=number)
        for number, step in enumerate(coming, len(lines) + 1)
    ]
    return lines


def _end(task: TaskRow) -> datetime:
    assert task.ended_at is not None
    return task.ended_at


def _ended(task: TaskRow, notes: Notes) -> Step:
    back = task.outcome == "return"
    who = face(task.completed_by).name
    if task.skipped:
        who = _("ผ่านเอง %(who)s ทำไว้แล้วก่อนหน้านี้", who=who)
    return Step(
        state="back" if back else "done",
        name=f"{task.name}: {outcome_name(task)}" if outcome_name(task) else task.name,
        who=who,
        when=when(task.ended_at),
        note=notes.get((task.element_id, task.ended_at), ""),
    )


def _live(task: TaskRow, number: int, mine: str | None) -> Step:
    holder = face(task.assignee).name if task.assignee else candidate_names(task.candidates)
    return Step(
        state="now",
        name=task.name,
        number=number,
        who=holder,
        when=_("ได้รับ %(when)s", when=when(task.created_at)),
        mine=task.id == mine,
    )


def is_mine(task: TaskRow) -> bool:
    """Live, and the actor has it or may take it."""
    if task.state == "claimed":
        return task.assignee == actor().username
    held = (f"{c['kind']}:{c['id']}" in actor().principals for c in task.candidates)
    return task.state == "open" and any(held)


def candidate_names(candidates: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(candidate["name"] for candidate in candidates[:3])


def outcome_name(task: TaskRow) -> str:
    """The chosen outcome in the reader's language; what the engine adds has our word."""
    english = language() == "en"
    for outcome in task.outcomes:
        if outcome["id"] == task.outcome:
            return str((english and outcome.get("name_en")) or outcome["name"])
    return _("ส่งคืนแก้ไข") if task.outcome == "return" else ""
