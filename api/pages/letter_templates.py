"""Letters kept as patterns: by a unit or for the whole agency, and put away again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import words
from api.pages.desk import actor, db, run
from api.pages.documents import one_letter
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.errors import Invalid
from engine.ids import parse_id
from office.documents import access, rules
from office.documents.commands import KeepTemplate, PutTemplateAway
from office.documents.replying import check_may_begin
from office.people import queries as people

#: in the form: of the whole agency
EVERYWHERE = "-"


@site.get("/documents/<document_id>/template")
def name_template(document_id: str) -> ResponseReturnValue:
    return _page(document_id, {}, {})


def show_template_again(document_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(document_id, values, {})


@site.post("/documents/<document_id>/template")
@shows_again(show_template_again)
def keep_template(document_id: str) -> ResponseReturnValue:
    given = request.form
    unit = given.get("unit", EVERYWHERE)
    command = KeepTemplate(
        parse_id(document_id, "document"),
        given.get("name", ""),
        None if unit == EVERYWHERE else unit,
    )
    try:
        made = run(command)
    except Invalid as wrong:
        return _page(document_id, given, words.field_errors(wrong)), 422
    flash(_("เก็บแม่แบบ %(name)s แล้ว", name=made["name"]), "ok")
    return redirect("/documents/new#templates", 303)


@site.post("/documents/templates/<template_id>/away")
def put_template_away(template_id: str) -> ResponseReturnValue:
    run(PutTemplateAway(parse_id(template_id, "template")))
    flash(_("เลิกใช้แม่แบบแล้ว หนังสือที่ร่างจากแม่แบบนั้นไม่เปลี่ยน"), "ok")
    return redirect("/documents/new", 303)


def _page(document_id: str, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    view = one_letter(document_id)
    check_may_begin(view.document.secrecy)
    return render_template(
        "letter_template.html",
        document=view.document,
        scopes=_scopes(),
        v={
            "name": values.get("name", view.document.subject[:120]),
            "unit": values.get("unit", ""),
        },
        errors=errors,
    )


def _scopes() -> list[tuple[str, str]]:
    """For whom somebody may keep one: their units, and the agency where they have the right."""
    mine = access.units_of(actor())
    units = [(u.code, u.name) for u in people.units(db(), actor().agency_id) if u.code in mine]
    everywhere = [(EVERYWHERE, str(_("ทั้งหน่วยงาน")))]
    return [*units, *(everywhere if actor().may(rules.RIGHT_OVER_TEMPLATES) else [])]
