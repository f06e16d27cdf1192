"""Committees: set up, changed, closed; members appointed for a time."""

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
from engine.errors import NotFound
from engine.ids import parse_id
from office.people import queries as people
from office.people import rules
from office.people.commands import AddUnit, ChangeUnit, EndHolding, SeatMember
from office.people.queries import UnitRow
from office.people.rights import demand

Values = Mapping[str, Any]
COMMITTEE = "committee"


@site.get("/admin/committees")
def committee_list() -> ResponseReturnValue:
    return _list({}, {}, "")


def _list(values: Values, errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "people")
    rows = people.units(db(), actor().agency_id)
    return render_template(
        "admin_committees.html",
        sections=open_sections(),
        rows=[row for row in rows if row.kind == COMMITTEE],
        units=[row for row in rows if row.kind != COMMITTEE and row.active],
        v=values,
        errors=errors,
        refused=refused,
    )


def _list_again(values: Values) -> ResponseReturnValue:
    return _list(values, {}, "")


@site.post("/admin/committees")
@shows_again(_list_again)
def add_committee() -> ResponseReturnValue:
    form = request.form
    code = form.get("code", "").strip()
    return answer(
        lambda: AddUnit(
            code,
            COMMITTEE,
            form.get("name", ""),
            form.get("name_en", "").strip(),
            form.get("parent") or None,
        ),
        lambda errors, refused: _list(form, errors, refused),
        _("ตั้งคณะกรรมการแล้ว เพิ่มกรรมการได้เลย"),
        f"/admin/committees/{code}",
    )


def _found(code: str) -> UnitRow:
    row = people.unit(db(), actor().agency_id, code)
    if row.kind != COMMITTEE:
        raise NotFound("Expected a committee, but the unit is none.")
    return row


@site.get("/admin/committees/<code>")
def committee_page(code: str) -> ResponseReturnValue:
    return _committee(code, None, {}, "")


def _committee(
    code: str,
    values: Values | None,
    errors: Mapping[str, str],
    refused: str,
    which: str = "committee",
) -> str:
    demand(actor(), "people")
    agency = actor().agency_id
    row = _found(code)
    order = [names[0] for names in rules.SEATS.values()]
    members = people.tenures_of_unit(db(), agency, code, now())
    sent = values if values is not None else {}
    return render_template(
        "admin_committee.html",
        sections=open_sections(),
        row=row,
        members=sorted(members, key=lambda one: _rank(order, one.position_name)),
        seats=said.options(rules.SEATS),
        open_seats=[one for one in people.positions(db(), agency, code) if one.active],
        version=people.version(db(), agency, "unit", code),
        v=sent if which == "committee" and values is not None else _stored(row),
        m=sent if which == "member" else {"first_day": today(), "seat": "member"},
        which=which,
        errors=errors,
        refused=refused,
        today=today(),
        events=said.told(people.events_of(db(), agency, row.id)),
    )


def _stored(row: UnitRow) -> dict[str, str]:
    return {"name": row.name, "name_en": row.name_en}


def _rank(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _committee_again(code: str, values: Values) -> ResponseReturnValue:
    return _committee(code, values, {}, "")


@site.post("/admin/committees/<code>")
@shows_again(_committee_again)
def change_committee(code: str) -> ResponseReturnValue:
    demand(actor(), "people")
    form, row = request.form, _found(code)
    return answer(
        lambda: ChangeUnit(
            row.code,
            name=form.get("name", ""),
            name_en=form.get("name_en", "").strip(),
            expected=form.get("version"),
        ),
        lambda errors, refused: _committee(code, form, errors, refused),
        _("บันทึกคณะกรรมการแล้ว"),
        f"/admin/committees/{code}",
    )


def _member_again(code: str, values: Values) -> ResponseReturnValue:
    return _committee(code, values, {}, "", "member")


@site.post("/admin/committees/<code>/members")
@shows_again(_member_again)
def seat_member(code: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: SeatMember(
            code,
            someone(form),
            form.get("seat", ""),
            day(form, "first_day"),
            optional_day(form, "last_day"),
        ),
        lambda errors, refused: _committee(code, form, errors, refused, "member"),
        _("แต่งตั้งกรรมการแล้ว"),
        f"/admin/committees/{code}",
    )


@site.post("/admin/committees/<code>/members/<holding_id>/end")
def end_membership(code: str, holding_id: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: EndHolding(parse_id(holding_id, "holding"), day(form, "last_day")),
        lambda errors, refused: _committee(
            code, form, {f"last_day-{holding_id}": m for m in errors.values()}, refused, "end"
        ),
        _("บันทึกวันสุดท้ายของกรรมการแล้ว"),
        f"/admin/committees/{code}",
    )
