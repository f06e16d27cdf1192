"""Cases: the list, and one with its diagram, the equal table and its chained history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api import bundling
from api.evidence import sending
from api.pages import case, form_files, words
from api.pages.admin.archive import archived_case
from api.pages.desk import actor, db, page_number, run, system
from api.pages.diagram import Diagram, diagram_of
from api.pages.faces import face, meet
from api.pages.fields import Fact, facts, labels
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.listed import rounds
from api.pages.paging import window_of
from api.pages.replaced_files import replaced_files
from api.pages.route import is_mine
from api.pages.site import site
from engine.commands.instances import CancelInstance
from engine.errors import NotFound, Rejected
from engine.ids import parse_id
from engine.queries import audit, definitions, instances
from engine.queries.instances import Event, InstanceView
from office.documents import queries as documents
from office.documents.queries import DocumentRow
from office.modeling.commands import RIGHT
from office.people.rights import demand

#: on one page of the history
EVENTS = 50


@site.get("/instances")
def instance_list() -> ResponseReturnValue:
    ask = _asked()
    page = instances.listing(
        db(),
        actor(),
        definition_key=ask["definition_key"] or None,
        status=None if ask["status"] == "all" else ask["status"],
        q=ask["q"] or None,
        page=page_number(),
    )
    meet(row.started_by for row in page.items)
    return render_template(
        "instances.html",
        page=page,
        window=window_of(page),
        url=partial(_url, ask),
        page_url=lambda number: _url(ask, page=number),
        definitions=definitions.named(db(), actor().agency_id),
        tabs=[*((k, v[0]) for k, v in words.INSTANCE_STATUS.items()), ("all", _("ทั้งหมด"))],
        **ask,
    )


def _asked() -> dict[str, str]:
    """What the address asks for; an unknown state is the usual one."""
    args, status = request.args, request.args.get("status", "active")
    return {
        "status": status if status in {*words.INSTANCE_STATUS, "all"} else "active",
        "q": args.get("q", "").strip()[:200],
        "definition_key": args.get("definition_key", "")[:200],
    }


def _url(ask: Mapping[str, str], **changes: str | int) -> str:
    return "/instances?" + urlencode({k: v for k, v in {**ask, **changes}.items() if v})


@site.get("/instances/<instance_id>")
def show_instance(instance_id: str) -> ResponseReturnValue:
    try:
        return _page(instance_id, MultiDict())
    except NotFound:
        return archived_case(instance_id)


def show_again(instance_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(instance_id, values)


def _page(
    instance_id: str, values: MultiDict[str, Any], errors: Mapping[str, str] | None = None
) -> str:
    view = instances.one(db(), actor(), parse_id(instance_id, "case"))
    diagram = diagram_of(view.instance.definition_id)
    letter, replaced = _letter(view), replaced_files(view)
    meet(name for one in replaced for name in (one.file.added_by, one.by))
    return render_template(
        "instance.html",
        instance=view.instance,
        urgency=_urgency(view),
        document=letter,
        facts=_facts(view, letter),
        replaced=replaced,
        labels=labels(view.instance.definition_id) if replaced else {},
        called=view.called,
        incidents=[
            {**incident, "step": diagram.name(incident["element_id"])}
            for incident in view.incidents
        ],
        my_task=next((task for task in view.tasks if is_mine(task)), None),
        rounds=rounds(view, diagram),
        can_cancel="cancel" in view.verbs,
        can_operate=view.kept,
        can_audit=actor().may("audit"),
        untold=view.untold,
        can_recall=_can_recall(letter),
        errors=errors or {},
        v={"reason": values.get("reason", "")},
        **_way(view, diagram),
    )


def _way(view: InstanceView, diagram: Diagram) -> dict[str, Any]:
    """What happened so far, three times: on the diagram, in the table, in the history."""
    ids, everything = UUID(view.instance.id), request.args.get("all") == "1"
    progress = instances.progress(db(), actor(), ids)
    history, older = _events(ids, everything)
    meet(_everyone(view, history))
    acted_for = {event.on_behalf_of for event in history} | {t.on_behalf_of for t in view.tasks}
    posts = case.posts(acted_for)
    return {
        "diagram": case.marks(view.instance.definition_id, progress, view.tasks, diagram),
        "steps": case.table(diagram, progress, view.tasks, posts),
        "history": [case.told(event, diagram, posts) for event in history],
        "older": older,
        "newest": "before" not in request.args,
        "history_url": partial(_history_url, view.instance.id, "1" if everything else ""),
        "everything": everything,
        "chain": _chain(view) if request.args.get("verify") == "1" else None,
    }


def _events(instance_id: UUID, everything: bool) -> tuple[Sequence[Event], int | None]:
    """One page of the history, newest first, and before which event the next page begins."""
    before = request.args.get("before", "")
    found = instances.latest_events(
        db(),
        actor(),
        instance_id,
        before_seq=int(before)
        if before.isascii() and before.isdigit() and len(before) < 10
        else None,
        hidden=() if everything else words.TECHNICAL,
        limit=EVENTS + 1,
    )
    return found[:EVENTS], found[EVENTS - 1].seq if len(found) > EVENTS else None


def _history_url(instance_id: str, everything: str, **changes: str | int) -> str:
    asked = urlencode({k: v for k, v in {"all": everything, **changes}.items() if v})
    return f"/instances/{instance_id}?{asked}#hs"


def _chain(view: InstanceView) -> dict[str, int | None]:
    """How many events the chain has, and from which on it does not hold; None while it does."""
    root, agency = UUID(view.instance.root_instance_id), actor().agency_id
    found = audit.check_chain(db(), agency, root)
    broken = None if found is None else (found.seq or 0)
    return {"events": audit.written(db(), agency, root), "broken": broken}


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


def _can_recall(letter: DocumentRow | None) -> bool:
    """Whether to offer it; the command itself looks at who has opened the letter."""
    waits = letter is not None and letter.state in {"in_route", "waiting_signature"}
    return waits and letter is not None and letter.drafter == actor().username


def _facts(view: InstanceView, letter: DocumentRow | None) -> Sequence[Fact]:
    if letter is None:
        return facts(view.instance.definition_id, view.variables, view.instance.id)
    return [
        (_("ชนิด"), str(words.KINDS.get(letter.kind, letter.kind))),
        (_("เลขที่"), letter.number or _("ออกเมื่อลงนาม")),
        (_("ความเร่งด่วน"), str(words.URGENCY[letter.urgency])),
        (_("ความลับ"), str(words.SECRECY[letter.secrecy])),
        (_("ผู้ร่าง"), face(letter.drafter).name),
        (_("สถานะหนังสือ"), str(words.DOCUMENT_STATE[letter.state][0])),
    ]


@site.get("/instances/<instance_id>/evidence")
def get_evidence(instance_id: str) -> ResponseReturnValue:
    return sending.sent(system().bus, actor(), parse_id(instance_id, "case"))


@site.get("/instances/<instance_id>/files/<file_id>")
def get_case_file(instance_id: str, file_id: str) -> ResponseReturnValue:
    return form_files.sent(parse_id(instance_id, "case"), parse_id(file_id, "file"))


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


@site.get("/definitions/<definition_id>/zip")
def whole_definition(definition_id: str) -> ResponseReturnValue:
    """All files that were deployed together, for whoever may open them as a draft."""
    demand(actor(), RIGHT)
    this = parse_id(definition_id, "process")
    row = definitions.one(db(), actor().agency_id, this)
    files = definitions.files(db(), actor().agency_id, this)
    return bundling.sent(files, f"{row.key}-{row.version}")
