"""Templates of processes: chosen by their pictures, and saved from a draft."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api import picture, templating
from api.pages import designer_words
from api.pages.desk import actor, db, run
from api.pages.faces import meet
from api.pages.i18n import documented
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Invalid
from engine.ids import parse_id
from office.modeling.commands import RIGHT, BeginFromTemplate, RemoveTemplate, SaveTemplate
from office.people.rights import demand


@site.get("/designer/templates")
def template_list() -> ResponseReturnValue:
    return _list({}, {}, "")


def _list(values: Mapping[str, str], errors: Mapping[str, str], which: str) -> str:
    demand(actor(), RIGHT)
    found = templating.offered(db(), actor().agency_id)
    meet(one.saved_by for one in found if one.saved_by)
    return render_template(
        "designer_templates.html",
        rows=[(one, picture.read(one.files[one.file_name].encode())) for one in found],
        documented=documented,
        v=values,
        errors=errors,
        which=which,
    )


@site.post("/designer/templates/<code>/begin")
def begin_from_template(code: str) -> ResponseReturnValue:
    demand(actor(), RIGHT)
    found, form = templating.find(db(), actor().agency_id, code), request.form
    wanted = form.get("name", ""), form.get("key", "")
    try:
        made = run(BeginFromTemplate(found.files, found.file_name, *wanted))
    except Invalid as wrong:
        return _list(form, _errors(wrong), code), 422
    flash(_("เริ่มร่างใหม่จากแม่แบบแล้ว รหัสเป็นของร่างนี้เอง"), "ok")
    return redirect(f"/designer/{made['id']}", 303)


def _errors(wrong: Invalid) -> dict[str, str]:
    said = designer_words.refusals()
    return {one.path: said.get(one.code, one.message) for one in wrong.errors}


@site.post("/designer/templates/<code>/remove")
def remove_template(code: str) -> ResponseReturnValue:
    run(RemoveTemplate(parse_id(code, "template")))
    flash(_("ลบแม่แบบแล้ว ร่างที่เริ่มจากแม่แบบนี้ยังอยู่"), "ok")
    return redirect("/designer/templates", 303)


@site.post("/designer/<model_draft_id>/template")
def save_template(model_draft_id: str) -> ResponseReturnValue:
    """Refusals are rare here (the browser asks for a name), so the list says them."""
    form = request.form
    command = SaveTemplate(
        parse_id(model_draft_id, "draft"), form.get("name", ""), form.get("description", "")
    )
    try:
        run(command)
    except Invalid as wrong:
        return _list({}, _errors(wrong), "save"), 422
    flash(_("บันทึกเป็นแม่แบบแล้ว ผู้ออกแบบทุกคนในหน่วยงานเริ่มจากแม่แบบนี้ได้"), "ok")
    return redirect("/designer/templates", 303)
