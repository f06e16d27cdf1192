"""Chains that are begun from others: from templates, from published ones; and kept as templates."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from api import templating
from api.pages import chains, designer_words
from api.pages.chain_sources import PUBLISHED
from api.pages.desk import actor, db, run
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Invalid, NotFound
from engine.ids import parse_id
from engine.queries import definitions
from office.chains import queries
from office.chains.commands import RIGHT, BeginChain
from office.chains.errors import NotComposable
from office.modeling.commands import KeepTemplate
from office.people.rights import demand


@site.post("/chains/begin")
def begin_chain() -> ResponseReturnValue:
    demand(actor(), RIGHT)
    form = request.form
    try:
        files, process = _source(form.get("source", ""))
        made = run(BeginChain(files, process, form.get("name", ""), form.get("key", "")))
    except NotFound:
        gone = {"source": _("แม่แบบหรือสายนี้ไม่มีแล้ว เลือกอย่างอื่น")}
        return chains.listed(form, gone, begins=True), 404
    except NotComposable as refused:
        odd = {"source": _("เปิดเป็นการ์ดไม่ได้ เลือกอย่างอื่น")}
        return chains.listed(form, odd, refused, begins=True), 409
    except Invalid as wrong:
        return chains.listed(form, chains.create_errors(wrong), begins=True), 422
    return redirect(f"/chains/{made['id']}", 303)


def _source(which: str) -> tuple[Mapping[str, bytes], str]:
    kind, _colon, code = which.partition(":")
    me = actor().agency_id
    if kind == PUBLISHED:
        found = definitions.one(db(), me, parse_id(code, "process"))
        return definitions.files(db(), me, UUID(code)), found.key
    template = templating.find(db(), me, code)
    return templating.as_bytes(template), templating.process_of(template)


@site.post("/chains/<chain_id>/template")
def keep_chain(chain_id: str) -> ResponseReturnValue:
    """The cards as they are now, for new chains and new diagrams to begin from."""
    demand(actor(), RIGHT)
    row = queries.draft(db(), actor().agency_id, parse_id(chain_id, "chain"))
    name, after = request.form.get("name", ""), f"/chains/{chain_id}?settings=1"
    try:
        files, drawn = templating.of_chain(row.chain)
        run(KeepTemplate(files, drawn, row.key, name, row.chain.note))
    except Invalid as wrong:
        said = designer_words.refusals()
        told = [said[one.code] for one in wrong.errors if one.code in said]
        flash(told[0] if told else _("แก้การ์ดที่ยังขาดก่อน แล้วบันทึกเป็นแม่แบบ"), "warn")
        typed = urlencode({"template": name[:200]})
        return redirect(f"{after}&{typed}#panel", 303)
    flash(_("บันทึกเป็นแม่แบบแล้ว เลือกได้เมื่อเริ่มสายใหม่"), "ok")
    return redirect(f"{after}#panel", 303)
