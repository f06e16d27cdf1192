"""Posts: added to a unit, changed, closed; who holds them, and the handing over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer, day, optional_day, someone, today
from api.pages.admin.sections import open_sections
from api.pages.admin.units import show_unit, superiors
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.ids import parse_id
from office.people import queries as people
from office.people import rules
from office.people.commands import (
    AddPosition,
    AssignPosition,
    ChangePosition,
    EndHolding,
    HandOver,
)
from office.people.rights import demand

Values = Mapping[str, Any]


def _unit_again(code: str, values: Values) -> ResponseReturnValue:
    return show_unit(code, values, {}, "", "position")


@site.post("/admin/units/<code>/positions")
@shows_again(_unit_again)
def add_position(code: str) -> ResponseReturnValue:
    form = request.form
    new = form.get("code", "").strip()
    return answer(
        lambda: AddPosition(
            new,
            form.get("name", ""),
            code,
            form.get("level", ""),
            form.get("superior") or None,
            form.get("name_en", "").strip(),
        ),
        lambda errors, refused: show_unit(code, form, errors, refused, "position"),
        _("เพิ่มตำแหน่งแล้ว"),
        f"/admin/positions/{new}",
    )


@site.get("/admin/positions/<code>")
def position_page(code: str) -> ResponseReturnValue:
    return _position(code, None, {}, "")


def _position(
    code: str,
    values: Values | None,
    errors: Mapping[str, str],
    refused: str,
    which: str = "position",
) -> str:
    demand(actor(), "people")
    agency = actor().agency_id
    row = people.position(db(), agency, code)
    here = people.unit(db(), agency, row.unit_code)
    above = superiors(here)
    if row.superior and row.superior not in {post.code for post in above}:
        above.append(people.position(db(), agency, row.superior))
    tenures = people.tenures_of_post(db(), agency, code, now())
    stored = {name: getattr(row, name) for name in ("name", "name_en", "level")}
    stored |= {"unit": row.unit_code, "superior": row.superior or ""}
    sent = values if values is not None else {}
    return render_template(
        "admin_position.html",
        sections=open_sections(),
        row=row,
        unit=here,
        units=[one for one in people.units(db(), agency) if one.active],
        superiors=[post for post in above if post.code != code],
        levels=said.options(rules.LEVELS),
        tenures=tenures,
        held=next((one for one in tenures if one.state == "running"), None),
        duties=people.duties_of(db(), agency, f"position:{code}"),
        version=people.version(db(), agency, "position", code),
        v=sent if which == "position" and values is not None else stored,
        h=sent if which == "holder" else {"first_day": today(), "is_primary": "1"},
        which=which,
        errors=errors,
        refused=refused,
        today=today(),
        level=said.chosen(rules.LEVELS, row.level),
        events=said.told(people.events_of(db(), agency, row.id)),
    )


def _position_again(code: str, values: Values) -> ResponseReturnValue:
    return _position(code, values, {}, "")


@site.post("/admin/positions/<code>")
@shows_again(_position_again)
def change_position(code: str) -> ResponseReturnValue:
    form = request.form
    names = ("name", "name_en", "unit", "level", "superior")
    given: dict[str, Any] = {name: form[name].strip() for name in names if name in form}
    return answer(
        lambda: ChangePosition(code, expected=form.get("version"), **given),
        lambda errors, refused: _position(code, form, errors, refused),
        _("บันทึกตำแหน่งแล้ว"),
        f"/admin/positions/{code}",
    )


@site.post("/admin/positions/<code>/close")
def close_position(code: str) -> ResponseReturnValue:
    return _switch(code, active=False, done=_("ปิดตำแหน่งแล้ว ประวัติเดิมยังอยู่"))


@site.post("/admin/positions/<code>/open")
def open_position(code: str) -> ResponseReturnValue:
    return _switch(code, active=True, done=_("เปิดใช้ตำแหน่งแล้ว"))


def _switch(code: str, *, active: bool, done: str) -> ResponseReturnValue:
    return answer(
        lambda: ChangePosition(code, active=active, expected=request.form.get("version")),
        lambda errors, refused: _position(code, None, errors, refused, "close"),
        done,
        f"/admin/positions/{code}",
    )


def _holder_again(code: str, values: Values) -> ResponseReturnValue:
    return _position(code, values, {}, "", "holder")


@site.post("/admin/positions/<code>/holders")
@shows_again(_holder_again)
def put_into_position(code: str) -> ResponseReturnValue:
    """Take up a vacant post, or have it handed over from the first day on."""
    form = request.form

    def command() -> AssignPosition | HandOver:
        kind = HandOver if form.get("hand_over") else AssignPosition
        return kind(
            username=someone(form),
            position=code,
            first_day=day(form, "first_day"),
            last_day=optional_day(form, "last_day"),
            is_primary=bool(form.get("is_primary")),
        )

    return answer(
        command,
        lambda errors, refused: _position(code, form, errors, refused, "holder"),
        _("บันทึกผู้ดำรงตำแหน่งแล้ว งานที่มาถึงตำแหน่งนี้ตามไปหาผู้ดำรงในวันนั้น"),
        f"/admin/positions/{code}",
    )


@site.post("/admin/positions/<code>/holders/<holding_id>/end")
def end_holding(code: str, holding_id: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: EndHolding(parse_id(holding_id, "holding"), day(form, "last_day")),
        lambda errors, refused: _position(
            code, form, {f"last_day-{holding_id}": m for m in errors.values()}, refused, "end"
        ),
        _("บันทึกวันสุดท้ายของผู้ดำรงตำแหน่งแล้ว"),
        f"/admin/positions/{code}",
    )
