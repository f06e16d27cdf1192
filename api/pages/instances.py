"""Cases: the list, and one with its diagram, the equal table and its chained history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import words
from api.pages.desk import actor, db, page_number, run, system
from api.pages.diagram import Diagram, diagram_of
from api.pages.faces import face, meet
from api.pages.fields import facts
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.paging import window_of
from api.pages.route import candidate_names, outcome_name
from api.pages.site import site
from engine.commands.instances import CancelInstance
from engine.errors import Rejected
from engine.ids import parse_id
from engine.models.task_row import TaskRow
from engine.queries import audit, definitions, instances
from engine.queries.instances import Event, InstanceView, Progress
from office.documents import queries as documents
from office.documents.queries import DocumentRow

LIVE = frozenset({"open", "claimed"})
LONGEST_HISTORY = 500


@site.get("/instances")
def instance_list() -> ResponseReturnValue:
    status = request.args.get("status", "active")
    status = status if status in words.INSTANCE_STATUS or status == "all" else "active"
    q, key = request.args.get("q", "").strip()[:200], request.args.get("definition_key", "")
    page = instances.listing(
        db(),
        actor(),
        definition_key=key or None,
        status=None if status == "all" else status,
        q=q or None,
        page=page_number(),
    )
    meet(row.started_by for row in page.items)

    def url(**changes: Any) -> str:
        values = {"status": status, "q": q, "definition_key": key, **changes}
        return "/instances?" + urlencode({k: v for k, v in values.items() if v})

    return render_template(
        "instances.html",
        page=page,
        window=window_of(page),
        page_url=lambda number: url(page=number),
        url=url,
        status=status,
        q=q,
        definition_key=key,
        definitions=definitions.latest(db(), actor().agency_id),
        tabs=[*((k, v[0]) for k, v in words.INSTANCE_STATUS.items()), ("all", _("ทั้งหมด"))],
    )


@site.get("/instances/<instance_id>")
def show_instance(instance_id: str) -> ResponseReturnValue:
    return _page(instance_id, MultiDict())


def show_again(instance_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(instance_id, values)


def _page(
    instance_id: str,
    values: MultiDict[str, Any],
    errors: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> str:
    view = instances.one(db(), actor(), parse_id(instance_id, "case"))
    instance, ids = view.instance, UUID(view.instance.id)
    diagram = diagram_of(instance.definition_id)
    progress = instances.progress(db(), actor(), ids)
    history = instances.history(db(), actor(), ids, limit=LONGEST_HISTORY)
    letter = _letter(view)
    meet(_everyone(view, history))
    everything = request.args.get("all") == "1"
    posts = _posts(history)
    broken = audit.check_chain(db(), actor().agency_id, UUID(instance.root_instance_id))
    return render_template(
        "instance.html",
        instance=instance,
        urgency=_urgency(view),
        document=letter,
        diagram=_marks(instance.definition_id, progress, view.tasks, diagram),
        steps=_table(diagram, progress, view.tasks, posts),
        history=[
            _line(event, diagram, posts)
            for event in reversed(history)
            if everything or event.type not in words.TECHNICAL
        ],
        events=len(history),
        everything=everything,
        chain_broken=None if broken is None else (broken.seq or 0),
        facts=_facts(view, letter),
        called=view.called,
        incidents=[
            {**incident, "step": diagram.name(incident["element_id"])}
            for incident in view.incidents
        ],
        my_task=next((task for task in view.tasks if _is_mine(task)), None),
        can_cancel="cancel" in view.verbs,
        can_operate=actor().may("operate"),
        can_recall=_can_recall(letter),
        problem=problem,
        errors=errors or {},
        v={"reason": values.get("reason", "")},
    )


def _everyone(view: InstanceView, history: Sequence[Event]) -> list[str | None]:
    people = [name for task in view.tasks for name in (task.assignee, task.completed_by)]
    return [view.instance.started_by, *people, *(event.actor for event in history)]


def _letter(view: InstanceView) -> DocumentRow | None:
    """The document that the case is about, when it is about one the actor may read."""
    key = view.variables.get("document_id")
    if not isinstance(key, str):
        return None
    try:
        return documents.one(db(), actor(), parse_id(key, "document")).document
    except Rejected:
        return None


def _urgency(view: InstanceView) -> int:
    level = view.variables.get("urgency")
    return int(level) if isinstance(level, int) and level in words.URGENCY else 1


def _is_mine(task: TaskRow) -> bool:
    if task.state == "claimed":
        return task.assignee == actor().username
    held = (f"{c['kind']}:{c['id']}" in actor().principals for c in task.candidates)
    return task.state == "open" and any(held)


def _can_recall(letter: DocumentRow | None) -> bool:
    """Whether to offer it; the command itself looks at who has opened the letter."""
    waits = letter is not None and letter.state in {"in_route", "waiting_signature"}
    return waits and letter is not None and letter.drafter == actor().username


def _facts(view: InstanceView, letter: DocumentRow | None) -> list[tuple[str, str]]:
    if letter is None:
        return facts(view.variables)
    return [
        (_("ชนิด"), str(words.KINDS.get(letter.kind, letter.kind))),
        (_("เลขที่"), letter.number or _("ออกเมื่อลงนาม")),
        (_("ความเร่งด่วน"), str(words.URGENCY[letter.urgency])),
        (_("ความลับ"), str(words.SECRECY[letter.secrecy])),
        (_("ผู้ร่าง"), face(letter.drafter).name),
        (_("สถานะหนังสือ"), str(words.DOCUMENT_STATE[letter.state][0])),
    ]


# ---- the diagram and the equal table


def _marks(
    definition_id: str, progress: Progress, tasks: Sequence[TaskRow], diagram: Diagram
) -> dict[str, Any]:
    """What the island colours. Elements of other diagrams (called ones) are not on this picture."""
    here = [element for element in progress.elements if element.element_id in diagram.elements]
    return {
        "xml": f"/definitions/{definition_id}/xml",
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


def _table(
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


# ---- history


def _posts(history: Sequence[Event]) -> dict[str, str]:
    """Names of the posts that people acted for."""
    codes = {event.on_behalf_of for event in history if event.on_behalf_of}
    known = system().services.directory.describe(db(), actor().agency_id, sorted(codes))
    return {code: known[code].name if code in known else code for code in codes}


def _line(event: Event, diagram: Diagram, posts: Mapping[str, str]) -> dict[str, Any]:
    icon, text = words.EVENTS.get(event.type, ("circle-dot", None))
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
    quote = next((f"“{one}”" for one in said if isinstance(one, str) and one), "")
    behalf = _("แทน %(post)s", post=posts[event.on_behalf_of]) if event.on_behalf_of else ""
    return " · ".join(part for part in (quote, behalf) if part)


@site.post("/instances/<instance_id>/cancel")
@shows_again(show_again)
def cancel_instance(instance_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        errors = {"reason": _("ใส่เหตุผลที่ยุติเรื่อง")}
        return _page(instance_id, request.form, errors), 422
    run(CancelInstance(parse_id(instance_id, "case"), reason))
    flash(_("ยุติเรื่องแล้ว งานที่ค้างถูกยกเลิก"), "ok")
    return redirect(f"/instances/{instance_id}", 303)


@site.get("/definitions/<definition_id>/xml")
def definition_xml(definition_id: str) -> ResponseReturnValue:
    """The deployed bytes; anyone of the agency may see a process, as its cases show it."""
    data = definitions.xml(db(), actor().agency_id, parse_id(definition_id, "process"))
    response = Response(data, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
