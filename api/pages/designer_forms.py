"""The page of a form: the editor, the form as the server draws it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import designer_files
from api.pages.desk import now, run, whole_number
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site, takes
from engine import jsonio
from engine.errors import Invalid, Problem, Stale
from engine.untrusted_xml import MAX_BYTES
from forms.definition import BadForm
from forms.form import compile_form
from forms.reading import INPUTS, SHOWN
from forms.view import Widget, view
from office.modeling.commands import AddModelFiles
from office.modeling.queries import DraftRow

ENDING = ".form.json"


@site.get("/designer/<model_draft_id>/forms/<path:file>")
def model_form(model_draft_id: str, file: str) -> ResponseReturnValue:
    return _page(designer_files.draft(model_draft_id), file)


def _page(row: DraftRow, file: str, error: str = "") -> str:
    content, _files = designer_files.beside(row, file, ENDING)
    meet([row.updated_by])
    found = designer_files.findings(row, file)
    return render_template(
        "designer_form.html",
        row=row,
        file=file,
        findings=[(one, place(content, one)) for one in found],
        widgets=_widgets(content),
        text=content.decode("utf-8-sig", "replace"),
        config={**designer_files.config(row, file, content), "types": [*INPUTS, *SHOWN]},
        error=error,
    )


def _widgets(content: bytes) -> Sequence[Widget] | None:
    """As the server draws it for somebody who has filled in nothing; None: it cannot."""
    try:
        return view(compile_form(content), {}, {}, {}, now(), language())
    except BadForm:
        return None


def place(content: bytes, problem: Problem) -> str:
    """What people call the field that a finding points into."""
    try:
        at: Any = jsonio.loads(content)
    except ValueError:
        return ""
    called = ""
    for step in (problem.attribute or "").strip("/").split("/"):
        if isinstance(at, list) and step.isdecimal() and int(step) < len(at):
            at = at[int(step)]
        elif isinstance(at, dict):
            at = at.get(step)
        else:
            break
        if isinstance(at, dict):
            called = next((str(at[n]) for n in ("label", "key", "type") if at.get(n)), called)
    return called


@site.post("/designer/<model_draft_id>/forms/<path:file>")
@takes(3 * MAX_BYTES)
def save_form_text(model_draft_id: str, file: str) -> ResponseReturnValue:
    """The definition as a text, for those who draw nothing."""
    row, back = designer_files.draft(model_draft_id), ""
    designer_files.beside(row, file, ENDING)
    back = designer_files.address(row.id, file)
    content = request.form.get("text", "").replace("\r\n", "\n").encode()
    try:
        run(AddModelFiles(row.id, {file: content}, whole_number(request.form.get("revision", ""))))
    except Stale:
        return designer_files.overtaken(back)
    except Invalid as wrong:
        return _page(row, file, next(iter(designer_files.refused(wrong).values()))), 422
    flash(_("บันทึกแบบฟอร์มแล้ว"), "ok")
    return redirect(back, 303)
