"""One task as a page: what it is about beside the decision, and the way of its case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import thdate, words
from api.pages.desk import actor, db, now, run, working_time
from api.pages.diagram import diagram_of
from api.pages.faces import face, meet
from api.pages.fields import Fact, TaskForm, facts
from api.pages.i18n import documented, language
from api.pages.i18n import gettext as _
from api.pages.letters import letter_view, since_seen
from api.pages.listed import listed
from api.pages.outcomes import BYPASS, choices_of, chosen, offers, returns
from api.pages.proofs import Proofs, proofs_of
from api.pages.route import Notes, steps
from api.pages.site import site
from engine.commands.tasks import CONFIRM, OpenTask
from engine.errors import Forbidden
from engine.ids import parse_id
from engine.models.task_row import TaskRow
from engine.queries import definitions, tasks
from engine.queries.secrecy import untold
from engine.queries.tasks import TaskView
from office.documents import queries as documents
from office.documents.clearing import degree_of
from office.documents.errors import NOT_CLEARED, NOT_READER
from office.documents.queries import DocumentView
from office.documents.withdrawals import PROCESS as WITHDRAWAL
from office.people import queries as people

#: fields of the page's own forms
TYPED = (
    "outcome", "comment", "to", "resume", "delegate_to", "reassign_to", "reassign_reason",
    "reason", "bypass_reason", "text", "list_add", "list_reason",
)  # fmt: skip


@site.get("/tasks/<task_id>")
def show_task(task_id: str) -> ResponseReturnValue:
    view = one_task(task_id)
    if "complete" in view.verbs and view.first_opened_at is None and not _kept_out(view):
        run(OpenTask(UUID(view.task.id)))
    return page(view, MultiDict(request.args))


def _kept_out(view: TaskView) -> bool:
    """Whether its letter is a secret that the actor is not cleared for: nothing is done with it."""
    return degree_of(db(), actor().agency_id, view.task.business_key) > actor().clearance


def one_task(task_id: str) -> TaskView:
    return tasks.one(db(), actor(), parse_id(task_id, "task"))


def show_again(task_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return page(one_task(task_id), values)


def page(
    view: TaskView,
    values: MultiDict[str, Any],
    errors: Mapping[str, str] | None = None,
) -> str:
    task, (letter, withheld) = view.task, letter_of(view)
    if kept_out := _kept_out(view):
        task = replace(task, because_reason=None)
        verbs = view.verbs & {"unclaim", "reassign"}
        view = replace(view, task=task, verbs=verbs, comments=[], variables={})
    diagram = diagram_of(view.definition_id)
    found = tasks.of_instance(db(), actor().agency_id, UUID(task.instance_id))
    found = untold(found) if view.untold or kept_out else found
    meet(comment.author for comment in view.comments)
    choices = choices_of(view, diagram)
    form = TaskForm.of(view)
    return render_template(
        "task.html",
        task=task,
        mine=task.assignee == actor().username,
        process=_process_name(view),
        document=letter_view(letter) if letter else None,
        **(since_seen(letter) if letter else {}),
        withheld=withheld,
        documentation=documented(view.documentation),
        facts=[] if letter or withheld else _facts(view, form),
        form_widgets=form.widgets(values, errors or {}, chosen(values, choices)),
        form_url=f"/tasks/{task.id}/form",
        takes_files=form.takes_files,
        choices=choices,
        chosen=chosen(values, choices),
        returns=returns(task, found, diagram),
        steps=steps(found, diagram, view.variables, _notes(letter), task.id),
        comments=view.comments,
        verbs=view.verbs & {"claim", "unclaim", "delegate", "reassign"},
        can_complete="complete" in view.verbs,
        proofs=_proofs(view),
        can_return="return" in view.verbs and bool(task.returns),
        can_comment="comment" in view.verbs,
        party=listed(view, diagram),
        can_bypass=letter is not None and offers(view, BYPASS),
        people=_people(view),
        phrases=_phrases() if letter else (),
        due_at=thdate.due(task.due_at, now(), working_time(), language()),
        acting_for=_acting_for(task),
        why_not=str(words.REJECTIONS[NOT_CLEARED]) if kept_out else _why_not(view),
        kept_out=kept_out,
        v=_typed(values),
        errors=errors or {},
    )


def _facts(view: TaskView, form: TaskForm) -> Sequence[Fact]:
    """What the form beside it does not show anyway."""
    if view.task.definition_key == WITHDRAWAL:  # the rest is the office's own
        return [(_("ผู้ขอถอนหนังสือ"), face(str(view.variables.get("requester"))).name)]
    shown = form.form.inputs if form.form is not None else {}
    rest = {name: value for name, value in view.variables.items() if name not in shown}
    return facts(view.definition_id, rest, view.task.instance_id)


def _proofs(view: TaskView) -> Proofs | None:
    """By what the actor can prove to be themselves, where the answer demands it."""
    me = actor().person_id
    asked = view.task.act == CONFIRM and "complete" in view.verbs and me is not None
    return proofs_of(me) if asked and me is not None else None


def letter_of(view: TaskView) -> tuple[DocumentView | None, bool]:
    """The letter that the task is about, and whether there is one that is not the actor's to read:
    the right to operate shows tasks, not letters, and no right shows a secret one.
    """
    try:
        return documents.for_task(db(), actor(), UUID(view.task.id)), False
    except Forbidden as refused:
        if refused.code not in (NOT_READER, NOT_CLEARED):
            raise
        return None, True


def _typed(values: MultiDict[str, Any]) -> dict[str, Any]:
    """What was filled in; every field that the page shows has a value."""
    typed: dict[str, Any] = {name: values.get(name, "") for name in TYPED}
    return typed | {"withdraw": values.getlist("withdraw")}


def _process_name(view: TaskView) -> str:
    found = definitions.one(db(), actor().agency_id, UUID(view.definition_id))
    return found.name or found.key


def _notes(letter: DocumentView | None) -> Notes:
    """What was said with each task, by its step and moment."""
    if letter is None:
        return {}
    said = documents.endorsements(db(), actor(), UUID(letter.document.id))
    return {(one.element_id, one.at): one.text for one in said if one.text}


def _acting_for(task: TaskRow) -> str:
    for candidate in task.candidates:
        held = actor().principals.get(f"{candidate['kind']}:{candidate['id']}")
        if held is not None and held.on_behalf_of:
            return candidate["name"]
    return ""


def _why_not(view: TaskView) -> str:
    if view.task.state == "claimed" and view.task.assignee != actor().username:
        return _("%(name)s รับงานนี้อยู่ ท่านอ่านและให้ความเห็นได้", name=face(view.task.assignee).name)
    return _("งานนี้ไม่ได้มอบให้ท่าน ท่านอ่านได้เท่านั้น")


def _people(view: TaskView) -> Sequence[Any]:
    if not view.verbs & {"delegate", "reassign"}:
        return ()
    return people.people(db(), actor().agency_id, page_size=100).items


def _phrases() -> tuple[str, ...]:
    return (_("เห็นควรลงนาม"), _("ตรวจแล้วถูกต้อง"), _("เพื่อโปรดพิจารณา"), _("ทราบ"))
