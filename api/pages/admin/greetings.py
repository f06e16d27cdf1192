"""Whom letters greet with กราบเรียน: the regulation's list, and the agency's own beside it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db
from api.pages.i18n import gettext as _
from api.pages.site import site
from office.documents.commands import NameHonoured
from office.documents.greetings import HONOURED
from office.documents.policy import honoured_too
from office.people import queries as people
from office.people.rights import demand


@site.get("/admin/greetings")
def greetings_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "registry")
    agency_id = actor().agency_id
    present = "\n".join(honoured_too(db(), agency_id))
    return render_template(
        "admin_greetings.html",
        sections=open_sections(),
        ours=sorted(HONOURED),
        names=request.form.get("names", present),
        errors=errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency_id, agency_id)),
    )


@site.post("/admin/greetings")
def change_greetings() -> ResponseReturnValue:
    lines = [line.strip() for line in request.form.get("names", "").splitlines()]
    return answer(
        lambda: NameHonoured([line for line in lines if line]),
        _page,
        _("บันทึกรายชื่อแล้ว ใช้กับหนังสือที่ลงนามจากนี้ไป"),
        "/admin/greetings",
    )
