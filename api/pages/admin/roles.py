"""Roles: what each lets its holders do, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer, day, optional_day, someone, today
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.ids import parse_id
from office.people import queries as people
from office.people.commands import AddRole, ChangeRole, EndRole, GrantRole
from office.people.rights import RIGHTS, demand

Values = Mapping[str, Any]


@site.get("/admin/roles")
def role_list() -> ResponseReturnValue:
    return _list({}, [], {}, "")


def _list(values: Values, rights: list[str], errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "people")
    return render_template(
        "admin_roles.html",
        sections=open_sections(),
        rows=people.roles(db(), actor().agency_id),
        right=said.right,
        rights=_rights(rights),
        v=values,
        errors=errors,
        refused=refused,
    )


def _rights(chosen: list[str]) -> list[tuple[str, str, bool, bool]]:
    """(name, words, chosen, whether the actor may give it)."""
    known = [*RIGHTS, *(name for name in chosen if name not in RIGHTS)]
    return [(name, said.right(name), name in chosen, actor().may(name)) for name in known]


def _list_again(values: Any) -> ResponseReturnValue:
    return _list(values, values.getlist("rights"), {}, "")


@site.post("/admin/roles")
@shows_again(_list_again)
def add_role() -> ResponseReturnValue:
    form = request.form
    code, rights = form.get("code", "").strip(), form.getlist("rights")
    return answer(
        lambda: AddRole(code, form.get("name", ""), rights, form.get("name_en", "").strip()),
        lambda errors, refused: _list(form, rights, errors, refused),
        _("เพิ่มบทบาทแล้ว"),
        f"/admin/roles/{code}",
    )


@site.get("/admin/roles/<code>")
def role_page(code: str) -> ResponseReturnValue:
    return _role(code, None, {}, "")


def _role(
    code: str, values: Any, errors: Mapping[str, str], refused: str, which: str = "role"
) -> str:
    demand(actor(), "people")
    agency = actor().agency_id
    row = people.role_coded(db(), agency, code)
    mine = which == "role" and values is not None
    return render_template(
        "admin_role.html",
        sections=open_sections(),
        row=row,
        rights=_rights(values.getlist("rights") if mine else list(row.rights)),
        grants=people.grants_of_role(db(), agency, code, now()),
        version=people.version(db(), agency, "role", code),
        v=values if mine else {"name": row.name, "name_en": row.name_en},
        g=values if which == "grant" else {"first_day": today()},
        which=which,
        errors=errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency, row.id)),
    )


def _role_again(code: str, values: Any) -> ResponseReturnValue:
    return _role(code, values, {}, "")


@site.post("/admin/roles/<code>")
@shows_again(_role_again)
def change_role(code: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: ChangeRole(
            code,
            form.get("name", ""),
            form.getlist("rights"),
            form.get("name_en", "").strip(),
            form.get("version"),
        ),
        lambda errors, refused: _role(code, form, errors, refused),
        _("บันทึกบทบาทแล้ว มีผลตั้งแต่คำขอถัดไปของทุกคนที่มีบทบาทนี้"),
        f"/admin/roles/{code}",
    )


def _grant_again(code: str, values: Any) -> ResponseReturnValue:
    return _role(code, values, {}, "", "grant")


@site.post("/admin/roles/<code>/grants")
@shows_again(_grant_again)
def grant_role(code: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: GrantRole(
            someone(form), code, day(form, "first_day"), optional_day(form, "last_day")
        ),
        lambda errors, refused: _role(code, form, errors, refused, "grant"),
        _("ให้บทบาทแล้ว"),
        f"/admin/roles/{code}",
    )


@site.post("/admin/roles/<code>/grants/<grant_id>/end")
def end_role(code: str, grant_id: str) -> ResponseReturnValue:
    return answer(
        lambda: EndRole(parse_id(grant_id, "grant")),
        lambda errors, refused: _role(code, None, errors, refused, "end"),
        _("เอาบทบาทคืนแล้ว มีผลทันที"),
        f"/admin/roles/{code}",
    )
