"""A letter on its drafter's desk: the editor with autosave, and the files that go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import SEEK_END
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import draft_merging, letter_form, letter_style, words
from api.pages.desk import actor, db, now, run, system, whole_number
from api.pages.documents import one_letter
from api.pages.draft_choices import with_signer
from api.pages.draft_page import accepted, editor_of, letter_page
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.letters import attachment_views, page_count, since_seen
from api.pages.proposing import shown_to_propose
from api.pages.references import linked
from api.pages.remarks import remarks_of
from api.pages.route import is_mine
from api.pages.site import site, takes, takes_words
from api.pages.view import clock
from engine.bus import Answer
from engine.errors import Conflict as Refused
from engine.errors import Invalid, Rejected, Stale
from engine.ids import parse_id
from engine.models.task_row import TaskRow
from engine.queries import tasks
from office.documents import errors
from office.documents.commands import (
    Attach,
    Detach,
    SaveDraft,
)
from office.documents.merging import Conflict
from office.documents.queries import DocumentView
from office.documents.wrapping import check_next, check_upload
from office.files.uploads import MOST, check_size, receive

#: A form has the body twice, as it is and as it was, each Thai letter as nine bytes: room for five
#: hundred pages, so that whoever pastes them is told where and how much too long they are.
DOCUMENT_TEXT = 32 << 20
#: As much as the proxy lets by: a file that is too large is named rather than cut off.
UPLOAD = 51 << 20


@site.get("/documents/<document_id>/edit")
def edit_document(document_id: str) -> ResponseReturnValue:
    view = one_letter(document_id)
    if not view.may_edit:
        return redirect(f"/documents/{document_id}/propose", 303)
    return _edit_form(view, letter_form.values(view.content))


def show_edit(document_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    view = one_letter(document_id)
    typed = letter_form.read(values, view.content)
    if not view.may_edit and (proposed := shown_to_propose(view, typed)):
        return proposed
    base, began = values.get("base_revision"), values.get("base_content")
    return _edit_form(view, letter_form.values(typed), base=base, base_content=began)


@site.post("/documents/<document_id>/edit")
@takes_words(DOCUMENT_TEXT)
@shows_again(show_edit)
def save_document(document_id: str) -> ResponseReturnValue:
    view = one_letter(document_id)
    content = posted_content(view)
    if not view.may_edit and (proposed := shown_to_propose(view, content)):
        return proposed, 403
    content, mended = letter_style.mended(content, request.form.get("mend"))
    try:
        saved = linked(content, view.content)
        run(SaveDraft(parse_id(document_id, "document"), saved, _base_revision()))
    except Invalid as wrong:
        wrong_fields = words.field_errors(wrong)
        began = request.form.get("base_content")
        shown = letter_form.values(content)
        return _edit_form(view, shown, wrong_fields, _base_revision(), base_content=began), 422
    except Stale:
        return _overtaken(document_id, content)
    if mended:
        flash(_("แก้ตามคำแนะนำและบันทึกแล้ว"), "ok")
        return redirect(f"{accepted(editor_of(document_id))}#style", 303)
    return _after_save(document_id, view)


def _overtaken(document_id: str, mine: dict[str, Any]) -> ResponseReturnValue:
    """Somebody saved first: both changes in one, or a page that shows where they collide."""
    view = one_letter(document_id)
    found = draft_merging.put_together(request.form.get("base_content", ""), mine, view.content)
    if found is not None and not found.conflicts:
        saved = linked(found.content, view.content)
        command = SaveDraft(UUID(view.document.id), saved, view.document.revision)
        try:
            run(command, _merged_into(view))
        except Stale:
            return _overtaken(document_id, mine)
        flash(_("มีผู้แก้ร่างนี้ก่อนท่าน ระบบรวมของทั้งสองฝ่ายและบันทึกแล้ว"), "ok")
        return redirect(accepted(editor_of(document_id)), 303)
    # Saving again from here is a decision made with both texts in view.
    content = mine if found is None else found.content
    both = () if found is None else found.conflicts
    return _edit_form(view, letter_form.values(content), conflict=True, conflicts=both), 412


def _after_save(document_id: str, view: DocumentView) -> ResponseReturnValue:
    task = _my_task(view)
    if request.form.get("then") == "task" and task is not None:
        return redirect(accepted(f"/tasks/{task.id}"), 303)
    flash(_("บันทึกร่างแล้ว"), "ok")
    return redirect(accepted(editor_of(document_id)), 303)


@site.post("/documents/<document_id>/autosave")
@takes_words(DOCUMENT_TEXT)
def autosave_document(document_id: str) -> ResponseReturnValue:
    """The island's save: the same command, a small JSON answer. `base` is what it begins from now;
    where another's changes came in, `merged` are the fields to show and `sent` what was sent.
    """
    view = one_letter(document_id)
    content = posted_content(view)
    more: dict[str, Any] = {}
    try:
        try:
            content = linked(content, view.content)
            saved = run(SaveDraft(parse_id(document_id, "document"), content, _base_revision()))
        except Stale:
            more["sent"] = draft_merging.beginning(content)
            content, saved = _merged_save(document_id, content)
            more["merged"] = draft_merging.typed_values(content)
    except Rejected as refused:
        status = 412 if isinstance(refused, Stale) else 422
        return jsonify({"code": refused.code}), status
    told = {"revision": saved["revision"], "time": clock(now())}
    return jsonify({**told, "base": draft_merging.beginning(content), **more})


def _merged_save(document_id: str, mine: dict[str, Any]) -> tuple[dict[str, Any], Answer]:
    """The same with both changes in it; still Stale where people must judge."""
    view = one_letter(document_id)
    found = draft_merging.put_together(request.form.get("base_content", ""), mine, view.content)
    if found is None or found.conflicts:
        raise errors.stale(_base_revision(), view.document.revision)
    if not draft_merging.only_typed_differs(mine, found.content):
        raise errors.stale(_base_revision(), view.document.revision)
    content = linked(found.content, view.content)
    command = SaveDraft(UUID(view.document.id), content, view.document.revision)
    return content, run(command, _merged_into(view))


def _merged_into(view: DocumentView) -> str:
    """The same form sent again, its answer being lost, meets what it has saved: that is no
    other command under the same id.
    """
    return f"merged {view.document.revision}"


@site.post("/documents/<document_id>/here")
def stay_here(document_id: str) -> ResponseReturnValue:
    """The open editor says so, and is told who else writes in this draft."""
    view = one_letter(document_id)
    if not view.may_edit:
        raise errors.not_yours_to_edit(actor().username)
    return render_template("_letter_others.html", others=_others(view))


def _others(view: DocumentView) -> Sequence[str]:
    me, document = actor(), UUID(view.document.id)
    found = system().presence.enter(me.agency_id, document, me.username, now())
    meet(found)
    return found


def posted_content(view: DocumentView) -> dict[str, Any]:
    """The words of the posted form, as saving would take them."""
    return with_signer(letter_form.read(request.form, view.content))


def _base_revision() -> int:
    return whole_number(request.form.get("base_revision", ""))


def _edit_form(
    view: DocumentView,
    values: dict[str, Any],
    errors: Mapping[str, str] | None = None,
    base: int | str | None = None,
    *,
    conflict: bool = False,
    conflicts: Sequence[Conflict] = (),
    base_content: str | None = None,
    upload_problem: str | None = None,
) -> str:
    task = _my_task(view)
    return letter_page(
        view.document.kind,
        {**values, "base_revision": base or view.document.revision},
        errors or {},
        action=f"/documents/{view.document.id}/edit",
        document=view.document,
        others=_others(view),
        who=actor().username,
        unsaved=values != letter_form.values(view.content),
        **since_seen(view),
        pages=page_count(view),
        remarks=remarks_of(view),
        style=letter_style.advice(view.content),
        attachments=attachment_views(view),
        enclosed_mb=system().settings.enclosed_mb,
        task=task,
        returned=task if task and task.because == "returned" else None,
        conflict=conflict,
        both=[(words.FIELDS.get(one.field, one.field), one.mine, one.theirs) for one in conflicts],
        base_content=base_content or draft_merging.beginning(view.content),
        upload_problem=upload_problem,
        most_bytes=MOST,
    )


def _my_task(view: DocumentView) -> TaskRow | None:
    """The live task of this letter that the actor has or may take."""
    if view.document.instance_id is None:
        return None
    found = tasks.of_instance(db(), actor().agency_id, UUID(view.document.instance_id))
    return next((task for task in found if is_mine(task)), None)


# ---- files


@site.post("/documents/<document_id>/attachments")
@takes(UPLOAD)
def attach_file(document_id: str) -> ResponseReturnValue:
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("Expected a file, but there is none.", code="no_file")
        check_size(upload.filename, upload.stream.seek(0, SEEK_END))
        upload.stream.seek(0)
        data = upload.stream.read()
        before = one_letter(document_id)
        examined = check_upload(before.document.kind, data, first=not before.attachments)
        stored = receive(system().storage, actor().agency_id, data, upload.filename)
        name, quantity = request.form.get("name", ""), request.form.get("quantity", "")
        made = run(Attach(parse_id(document_id, "document"), stored, name, quantity, examined))
    except Rejected as refused:
        if isinstance(refused, Refused):
            raise
        return _no_file(document_id, refused)
    flash(_("แนบ %(name)s แล้ว", name=made["name"]), "ok")
    return redirect(f"/documents/{document_id}/edit", 303)


@site.post("/documents/<document_id>/attachments/<attachment_id>/remove")
def remove_file(document_id: str, attachment_id: str) -> ResponseReturnValue:
    file = parse_id(attachment_id, "attachment")
    try:
        view = one_letter(document_id)
        examined = check_next(system().storage, actor().agency_id, view, file)
        run(Detach(parse_id(document_id, "document"), file, examined))
    except Invalid as refused:
        return _no_file(document_id, refused)
    flash(_("เอาไฟล์แนบออกแล้ว"), "ok")
    return redirect(f"/documents/{document_id}/edit", 303)


def _no_file(document_id: str, refused: Rejected) -> ResponseReturnValue:
    view = one_letter(document_id)
    values = letter_form.values(view.content)
    return _edit_form(view, values, upload_problem=words.say(refused)), words.status(refused)
