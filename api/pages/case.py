"""A case as people see it: tokens on the diagram, the equal table, and the chained history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pages import words
from api.pages.desk import actor, db, system
from api.pages.diagram import Diagram, untouched
from api.pages.faces import face
from api.pages.i18n import gettext as _
from api.pages.route import LIVE, candidate_names, outcome_name
from engine.models.task_row import TaskRow
from engine.queries.instances import Event, Progress
from forms.files import references


def marks(
    definition_id: str, progress: Progress, tasks: Sequence[TaskRow], diagram: Diagram
) -> dict[str, Any]:
    """What the island colours. Elements of other diagrams (called ones) are not on this picture."""
    here = [element for element in progress.elements if element.element_id in diagram.elements]
    return {
        **untouched(definition_id),
        "done": [one.element_id for one in here if one.state == "completed"],
        "active": [
            {"id": one.element_id, "tokens": one.tokens, "label": _holder(one.element_id, tasks)}
            for one in here
            if one.state == "active"
        ],
        "stuck": [one.element_id for one in here if one.state == "incident"],
        "flows": list(progress.flows),
    }


def _holder(element_id: str, tasks: Sequence[TaskRow]) -> str:
    live = [task for task in tasks if task.element_id == element_id and task.state in LIVE]
    return face(live[0].assignee).name if live and live[0].assignee else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the equal table."""

    name: str
    state: str
    visits: int
    who: str
    acting_for: str
    started: datetime | None
    ended: datetime | None
    due: datetime | None
    outcome: str


def table(
    diagram: Diagram, progress: Progress, tasks: Sequence[TaskRow], posts: Mapping[str, str]
) -> list[Line]:
    reached = {one.element_id: one for one in progress.elements}
    last = {t.element_id: t for t in sorted(tasks, key=lambda task: task.created_at)}
    lines = []
    for step in diagram.steps:
        seen, task = reached.get(step.id), last.get(step.id)
        over = seen is not None and seen.state in {"completed", "cancelled"}
        lines.append(
            Line(
                name=step.name or step.id,
                state=seen.state if seen else "future",
                visits=seen.visits if seen else 0,
                who=_who(task),
                acting_for=posts.get(task.on_behalf_of or "", "") if task else "",
                started=seen.first_at if seen else None,
                ended=seen.last_at if seen and over else None,
                due=task.due_at if task else None,
                outcome=outcome_name(task) if task else "",
            )
        )
    return lines


def _who(task: TaskRow | None) -> str:
    if task is None:
        return ""
    name = task.completed_by or task.assignee
    return face(name).name if name else candidate_names(task.candidates)


def posts(acted_for: Iterable[str | None]) -> dict[str, str]:
    """Names of the posts that people acted for."""
    codes = {code for code in acted_for if code}
    known = system().services.directory.describe(db(), actor().agency_id, sorted(codes))
    return {code: known[code].name if code in known else code for code in codes}


def told(event: Event, diagram: Diagram, posts: Mapping[str, str]) -> dict[str, Any]:
    kind = f"{event.type}.{event.data.get('copy')}"  # a slip is no copy of the letter
    kind = kind if kind in words.EVENTS else event.type
    icon, text = words.EVENTS.get(kind, ("circle-dot", None))
    what = diagram.name(event.element_id) if event.element_id else ""
    return {
        "seq": event.seq,
        "at": event.at,
        "icon": icon,
        "who": face(event.actor).name,
        "text": str(text) % {"what": what} if text is not None else f"{event.type} {what}",
        "note": _note(event, posts),
    }


def _note(event: Event, posts: Mapping[str, str]) -> str:
    said = (event.data.get(name) for name in ("reason", "comment", "text", "message"))
    closed = words.CLOSED.get(str(event.data.get("reason")))
    if event.type == "task.cancelled" and closed is not None:
        return str(closed)
    quote = next((f"“{one}”" for one in said if isinstance(one, str) and one), "")
    behalf = _("แทน %(post)s", post=posts[event.on_behalf_of]) if event.on_behalf_of else ""
    confirmed = str(words.CONFIRMED.get(str(event.data.get("confirmed")), ""))
    return " · ".join(part for part in (quote, _files(event), behalf, confirmed) if part)


def _files(event: Event) -> str:
    """The files that came with it, by name."""
    given = event.data.get("variables")
    values = given.values() if isinstance(given, Mapping) else ()
    names = [str(one["name"]) for value in values for one in references(value)]
    return _("ไฟล์: %(names)s", names=", ".join(names)) if names else ""
