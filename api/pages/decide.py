"""The verbs of a task: decide, send back, claim, hand over, comment, skip levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue

from api.auth.passkeys import demanded
from api.pages import sessions, words
from api.pages.desk import actor, close_db, command_id, db, run, system
from api.pages.faces import face
from api.pages.fields import TaskForm
from api.pages.form_files import MOST_SENT, kept
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.outcomes import RETURN
from api.pages.site import site, takes
from api.pages.tasks import one_task, page, show_again
from engine.commands.tasks import (
    CONFIRM,
    ClaimTask,
    CommentTask,
    CompleteTask,
    DelegateTask,
    ReassignTask,
    ReturnTask,
    UnclaimTask,
)
from engine.errors import FieldError, Invalid, Rejected
from engine.ids import parse_id
from engine.queries.tasks import TaskView
from office.accounts import confirming
from office.documents import queries as documents
from office.documents import signing_act
from office.documents.commands import BypassLevels

SHORTEST_REASON = 10
#: what stands against a proof, told at the field that asks for it
_PROOFS = frozenset({
    "bad_code", "replayed_code", "bad_passkey", "no_factor", "confirmation_required",
    "confirmation_impossible", "locked", "too_many",
})  # fmt: skip


@site.post("/tasks/<task_id>/form")
@takes(MOST_SENT)
def refresh_form(task_id: str) -> ResponseReturnValue:
    """The form anew with what is typed so far: conditions may show or hide fields."""
    return page(one_task(task_id), request.form)


@site.post("/tasks/<task_id>/decide")
@takes(MOST_SENT)
@shows_again(show_again)
def decide(task_id: str) -> ResponseReturnValue:
    view = one_task(task_id)
    try:
        answer = _send_back(view) if _outcome() == RETURN else _complete(view)
    except Invalid as wrong:
        return page(view, kept(request.form), words.field_errors(wrong)), 422
    except Rejected as refused:
        if view.task.act != CONFIRM or refused.code not in _PROOFS:
            raise
        close_db()
        return page(view, kept(request.form), {"totp": words.say(refused)}), words.status(refused)
    return _after(view, answer)


@site.post("/tasks/<task_id>/confirm/passkey")
@takes(MOST_SENT)
def ask_for_answer(task_id: str) -> ResponseReturnValue:
    """What the island hands to the browser: for the answer that stands in the form."""
    try:
        wish = _wish(one_task(task_id))
        close_db()
        return jsonify(confirming.ask(system().bus, actor(), demanded(), wish, _ip()))
    except Invalid as wrong:
        close_db()
        said = "; ".join(words.field_errors(wrong).values())
        return jsonify(problem=said or words.say(wrong)), 422
    except Rejected as refused:
        return jsonify(problem=words.say(refused)), words.status(refused)


def _ip() -> str:
    return sessions.origin().ip


def _outcome() -> str | None:
    """The button pressed names the outcome; without one (Enter in a field) the radio does."""
    return request.form.get("confirm") or request.form.get("outcome") or None


def _answer(view: TaskView) -> tuple[str | None, Mapping[str, Any], str | None]:
    """Outcome, variables and comment, as they were filled in."""
    outcome, comment = _outcome(), request.form.get("comment", "").strip() or None
    if any(one["id"] == outcome and one.get("reason_required") for one in view.task.outcomes):
        _need_reason(comment)
    return outcome, TaskForm.of(view).read(request.form, outcome), comment


def _wish(view: TaskView) -> confirming.Wish:
    outcome, variables, comment = _answer(view)
    proof = request.form.get("totp", "").strip()
    return confirming.Wish(UUID(view.task.id), outcome, variables, comment, proof)


def _complete(view: TaskView) -> Mapping[str, Any]:
    if view.task.act == CONFIRM:
        answer = _wish(view)
        close_db()
        return confirming.complete(system().bus, actor(), answer, command_id(), _ip())
    outcome, variables, comment = _answer(view)
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
        return page(one_task(task_id), request.form, errors), 422
    flash(_("มอบหมายให้ %(name)s แล้ว", name=face(to).name), "ok")
    return redirect(f"/tasks/{task_id}" if _still_visible(task_id) else "/", 303)


def _still_visible(task_id: str) -> bool:
    try:
        one_task(task_id)
    except Rejected:
        return False
    return True


@site.post("/tasks/<task_id>/comments")
@shows_again(show_again)
def comment(task_id: str) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()
    if not text:
        shown = page(one_task(task_id), request.form, {"text": _("พิมพ์ความเห็นก่อนส่ง")})
        return make_response(shown, 422)
    run(CommentTask(parse_id(task_id, "task"), text))
    return redirect(f"/tasks/{task_id}#talk", 303)


@site.post("/tasks/<task_id>/bypass")
@shows_again(show_again)
def bypass(task_id: str) -> ResponseReturnValue:
    view = one_task(task_id)
    letter = documents.for_task(db(), actor(), UUID(view.task.id))
    reason = request.form.get("bypass_reason", "").strip()
    if letter is None or len(reason) < SHORTEST_REASON:
        message = _("ใส่เหตุผล อย่างน้อย %(n)s ตัวอักษร", n=SHORTEST_REASON)
        return page(view, request.form, {"bypass_reason": message}), 422
    run(BypassLevels(UUID(letter.document.id), UUID(view.task.id), reason))
    flash(_("เสนอข้ามขั้นแล้ว ผู้ที่ถูกข้ามจะได้รับแจ้ง"), "ok")
    return redirect("/", 303)
