"""One task: what it is about beside the decision, and every verb that it offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import documents as letter_pages
from api.pages import thdate, words
from api.pages.desk import actor, close_db, command_id, db, now, run, system, working_time
from api.pages.diagram import Diagram, diagram_of
from api.pages.faces import face, meet
from api.pages.fields import TaskForm, facts
from api.pages.forecast import forecast
from api.pages.i18n import gettext as _
from api.pages.i18n import language, lazy_gettext
from api.pages.kept import shows_again
from api.pages.letters import letter_view
from api.pages.route import Notes, steps
from api.pages.site import site
from api.pages.view import when
from engine.commands.tasks import (
    ClaimTask,
    CommentTask,
    CompleteTask,
    DelegateTask,
    OpenTask,
    ReassignTask,
    ReturnTask,
    UnclaimTask,
)
from engine.errors import FieldError, Forbidden, Invalid, Rejected
from engine.ids import parse_id
from engine.models.task_row import TaskRow
from engine.queries import definitions, tasks
from engine.queries.tasks import TaskView
from office.documents import queries as documents
from office.documents import signing_act
from office.documents.queries import DocumentView
from office.people import queries as people

#: an outcome of the engine's own: the task goes back along a path of the diagram
RETURN = "return"
BYPASS = "bypass"
ACKNOWLEDGE = "acknowledge"
LIVE = frozenset({"open", "claimed"})
SHORTEST_REASON = 10
FORWARD_BUTTON = lazy_gettext("%(outcome)s และส่งต่อ")
ENDS_BUTTON = lazy_gettext("%(outcome)s และยุติเรื่อง")


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome to choose: how it looks, what it does to others, what its button says."""

    id: str
    name: str
    kind: str  # forward, return or end
    tone: str
    icon: str
    reason_required: bool
    effect: str
    button: str


@site.get("/tasks/<task_id>")
def show_task(task_id: str) -> ResponseReturnValue:
    view = _task(task_id)
    if "complete" in view.verbs and view.first_opened_at is None:
        run(OpenTask(UUID(view.task.id)))
    return _page(view, MultiDict(request.args))


def _task(task_id: str) -> TaskView:
    return tasks.one(db(), actor(), parse_id(task_id, "task"))


def show_again(task_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(_task(task_id), values)


def _page(
    view: TaskView,
    values: MultiDict[str, Any],
    errors: Mapping[str, str] | None = None,
) -> str:
    task, letter = view.task, documents.for_task(db(), actor(), UUID(view.task.id))
    diagram = diagram_of(view.definition_id)
    found = tasks.of_instance(db(), actor().agency_id, UUID(task.instance_id))
    meet(comment.author for comment in view.comments)
    choices = _choices(view, diagram)
    form = TaskForm.of(view)
    return render_template(
        "task.html",
        task=task,
        mine=task.assignee == actor().username,
        process=_process_name(view),
        document=letter_view(letter) if letter else None,
        documentation=view.documentation,
        facts=[] if letter else facts(view.variables),
        form_widgets=form.widgets(values, errors or {}, _chosen(values, choices)),
        form_url=f"/tasks/{task.id}/form",
        choices=choices,
        chosen=_chosen(values, choices),
        returns=_returns(task, found, diagram),
        steps=steps(found, diagram, view.variables, _notes(letter), task.id),
        comments=view.comments,
        verbs=view.verbs & {"claim", "unclaim", "delegate", "reassign"},
        can_complete="complete" in view.verbs,
        can_return="return" in view.verbs and bool(task.returns),
        can_comment="comment" in view.verbs,
        can_bypass=letter is not None and _offers(view, BYPASS),
        people=_people(view),
        phrases=_phrases() if letter else (),
        due_at=thdate.due(task.due_at, now(), working_time(), language()),
        acting_for=_acting_for(task),
        why_not=_why_not(view),
        v=_typed(values),
        errors=errors or {},
    )


def _typed(values: MultiDict[str, Any]) -> dict[str, Any]:
    """What was filled in, with every field that the page shows."""
    names = ("comment", "to", "resume", "delegate_to", "reassign_to", "reassign_reason", "reason",
             "bypass_reason", "text")  # fmt: skip
    return {name: values.get(name, "") for name in names}


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


# ---- the outcomes


def _offers(view: TaskView, outcome: str) -> bool:
    can = "complete" in view.verbs
    return can and any(one["id"] == outcome for one in view.task.outcomes)


def _choices(view: TaskView, diagram: Diagram) -> list[Choice]:
    """The task's outcomes as its diagram names them, and a return where it has paths back."""
    found: list[Choice] = []
    if "complete" in view.verbs:
        wanted = (one for one in view.task.outcomes if one["id"] not in _elsewhere(view.task))
        found += [_choice(one, _following(view, diagram, one["id"])) for one in wanted]
    if "return" in view.verbs and view.task.returns:
        found.insert(_place_of_return(found), _return_choice())
    return found


def _elsewhere(task: TaskRow) -> set[str]:
    """Outcomes with a form or page of their own."""
    return {RETURN, BYPASS, "recall"} | ({"sign"} if task.act == "sign" else set())


def _place_of_return(found: Sequence[Choice]) -> int:
    """Between what goes forward and what ends the matter."""
    return next((n for n, one in enumerate(found) if one.kind == "end"), len(found))


def _following(view: TaskView, diagram: Diagram, outcome: str) -> str:
    """The name of the step that this outcome probably leads to."""
    coming = forecast(diagram, [view.task.element_id], view.variables, now(), outcome)
    return (coming[0].name or coming[0].id) if coming else ""


def _choice(outcome: Mapping[str, Any], following: str) -> Choice:
    english = language() == "en"
    name = str((english and outcome.get("name_en")) or outcome["name"])
    ends, told = outcome["id"] in words.ENDING, outcome["id"] == ACKNOWLEDGE
    return Choice(
        id=outcome["id"],
        name=name,
        kind="end" if ends else "forward",
        tone="danger" if ends else "ok",
        icon="circle-x" if ends else "circle-check-big",
        reason_required=bool(outcome.get("reason_required")),
        effect=_effect(ends=ends, told=told, following=following),
        button=str("%(outcome)s" if told else ENDS_BUTTON if ends else FORWARD_BUTTON)
        % {"outcome": name},
    )


def _effect(*, ends: bool, told: bool, following: str) -> str:
    if ends:
        return _("เรื่องจะยุติ และแจ้งผู้เกี่ยวข้องในเส้นทาง")
    if told:
        return _("บันทึกว่าท่านทราบแล้ว เรื่องเดินต่อไปก่อนแล้ว")
    if following:
        return _("ส่งต่อไปขั้น “%(step)s” ทันที", step=following)
    return _("ส่งต่อให้ขั้นถัดไปของเส้นทางทันที")


def _return_choice() -> Choice:
    return Choice(
        id=RETURN,
        name=_("ส่งคืนแก้ไข"),
        kind=RETURN,
        tone="warn",
        icon="undo-2",
        reason_required=True,
        effect=_("ผู้ทำขั้นที่เลือกได้รับงานกลับพร้อมเหตุผลนี้ ทุกคนในเส้นทางเห็นเหตุผล"),
        button=_("ส่งคืนแก้ไข"),
    )


def _chosen(values: MultiDict[str, Any], choices: Sequence[Choice]) -> str:
    asked = values.get("outcome", "")
    known = [choice.id for choice in choices]
    return asked if asked in known else (known[0] if known else "")


def _returns(task: TaskRow, found: Sequence[TaskRow], diagram: Diagram) -> list[dict[str, str]]:
    """The earlier steps that this one may send back to, with who did them last."""
    last = {one.element_id: one for one in found if one.state == "completed"}
    return [
        {"id": element, "name": diagram.name(element), "note": _done_by(last.get(element))}
        for element in task.returns
    ]


def _done_by(task: TaskRow | None) -> str:
    if task is None:
        return _("ยังไม่มีผู้ทำขั้นนี้")
    return _(
        "%(who)s · ทำเสร็จ %(when)s", who=face(task.completed_by).name, when=when(task.ended_at)
    )


# ---- the verbs


@site.post("/tasks/<task_id>/form")
def refresh_form(task_id: str) -> ResponseReturnValue:
    """The form anew with what is typed so far: conditions may show or hide fields."""
    return _page(_task(task_id), request.form)


@site.post("/tasks/<task_id>/decide")
@shows_again(show_again)
def decide(task_id: str) -> ResponseReturnValue:
    view = _task(task_id)
    try:
        answer = _send_back(view) if _outcome() == RETURN else _complete(view)
    except Invalid as wrong:
        return _page(view, request.form, words.field_errors(wrong)), 422
    return _after(view, answer)


def _outcome() -> str | None:
    """The button pressed names the outcome; without one (Enter in a field) the radio does."""
    return request.form.get("confirm") or request.form.get("outcome") or None


def _complete(view: TaskView) -> Mapping[str, Any]:
    outcome, comment = _outcome(), request.form.get("comment", "").strip() or None
    if any(one["id"] == outcome and one.get("reason_required") for one in view.task.outcomes):
        _need_reason(comment)
    variables = TaskForm.of(view).read(request.form, outcome)
    if view.task.act == "sign":
        close_db()
        wish = signing_act.Wish(UUID(view.task.id), outcome, variables, comment)
        return signing_act.sign(system().bus, actor(), wish, command_id())
    return run(CompleteTask(UUID(view.task.id), outcome, variables, comment))


def _send_back(view: TaskView) -> Mapping[str, Any]:
    reason = _need_reason(request.form.get("comment", "").strip())
    to = request.form.get("to", "")
    if not to:
        message = "Expected the step to return to, but none is chosen."
        raise Invalid(message, [FieldError("to", _("เลือกขั้นที่จะส่งคืน"), words.OWN)])
    resume = request.form.get("resume", "rerun")
    return run(ReturnTask(UUID(view.task.id), to, reason, resume))


def _need_reason(text: str | None) -> str:
    if text is None or len(text) < SHORTEST_REASON:
        raise Invalid(
            f"Expected a reason of at least {SHORTEST_REASON} characters.",
            [
                FieldError(
                    "comment", _("ใส่เหตุผล อย่างน้อย %(n)s ตัวอักษร", n=SHORTEST_REASON), words.OWN
                )
            ],
        )
    return text


def _after(view: TaskView, answer: Mapping[str, Any]) -> ResponseReturnValue:
    """To the actor's next task of the same case, else back to the inbox; what was done is said."""
    flash(_("“%(step)s” เสร็จแล้ว: %(title)s", step=view.task.name, title=view.task.title), "ok")
    following = answer.get("next") or []
    return redirect(f"/tasks/{following[0]['id']}" if following else "/", 303)


@site.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    run(ClaimTask(parse_id(task_id, "task")))
    flash(_("รับงานแล้ว"), "ok")
    return redirect(f"/tasks/{task_id}", 303)


@site.post("/tasks/<task_id>/unclaim")
def unclaim(task_id: str) -> ResponseReturnValue:
    run(UnclaimTask(parse_id(task_id, "task")))
    flash(_("คืนงานแล้ว ผู้อื่นในตำแหน่งเดียวกันรับได้"), "ok")
    return redirect("/", 303)


@site.post("/tasks/<task_id>/delegate")
@shows_again(show_again)
def delegate(task_id: str) -> ResponseReturnValue:
    to = request.form.get("delegate_to", "").strip()
    reason = request.form.get("reason", "").strip() or None
    return _hand_over(task_id, "delegate_to", to, DelegateTask(parse_id(task_id), to, reason))


@site.post("/tasks/<task_id>/reassign")
@shows_again(show_again)
def reassign(task_id: str) -> ResponseReturnValue:
    to = request.form.get("reassign_to", "").strip()
    reason = request.form.get("reassign_reason", "").strip()
    return _hand_over(task_id, "reassign_to", to, ReassignTask(parse_id(task_id), to, reason))


def _hand_over(task_id: str, field: str, to: str, command: Any) -> ResponseReturnValue:
    try:
        run(command)
    except Invalid as wrong:
        errors = {field: _("ไม่พบผู้ใช้ “%(name)s” เลือกจากรายการ", name=to)}
        if any(error.path == "reason" for error in wrong.errors):
            errors = {"reassign_reason": _("ใส่เหตุผล")}
        return _page(_task(task_id), request.form, errors), 422
    flash(_("มอบหมายให้ %(name)s แล้ว", name=face(to).name), "ok")
    return redirect(f"/tasks/{task_id}" if _still_visible(task_id) else "/", 303)


def _still_visible(task_id: str) -> bool:
    try:
        _task(task_id)
    except (Forbidden, Rejected):
        return False
    return True


@site.post("/tasks/<task_id>/comments")
@shows_again(show_again)
def comment(task_id: str) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()
    if not text:
        page = _page(_task(task_id), request.form, {"text": _("พิมพ์ความเห็นก่อนส่ง")})
        return make_response(page, 422)
    run(CommentTask(parse_id(task_id, "task"), text))
    return redirect(f"/tasks/{task_id}#talk", 303)


@site.post("/tasks/<task_id>/bypass")
@shows_again(show_again)
def bypass(task_id: str) -> ResponseReturnValue:
    view = _task(task_id)
    letter = documents.for_task(db(), actor(), UUID(view.task.id))
    reason = request.form.get("bypass_reason", "").strip()
    if letter is None or len(reason) < SHORTEST_REASON:
        message = _("ใส่เหตุผล อย่างน้อย %(n)s ตัวอักษร", n=SHORTEST_REASON)
        return _page(view, request.form, {"bypass_reason": message}), 422
    letter_pages.bypass(task_id, letter.document.id, reason)
    flash(_("เสนอข้ามขั้นแล้ว ผู้ที่ถูกข้ามจะได้รับแจ้ง"), "ok")
    return redirect("/", 303)
