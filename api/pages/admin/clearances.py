"""Clearances: granted and withdrawn on a person's page, and the list of all, which auditors see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer, day, optional_day, wrong
from api.pages.admin.persons import account_of, person_again
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.errors import NotFound
from engine.ids import parse_id
from office.people import queries as people
from office.people.commands import GrantClearance, WithdrawClearance
from office.people.rights import demand
from office.people.rules import CLEARANCES

Values = Mapping[str, Any]


@site.get("/admin/clearances")
def clearance_list() -> ResponseReturnValue:
    people.demand_to_see(actor())
    rows = people.clearances(db(), actor().agency_id, now())
    return render_template(
        "admin_clearances.html",
        sections=open_sections(),
        present=[row for row in rows if row.state != "ended"],
        ended=[row for row in rows if row.state == "ended"],
        level=lambda key: said.chosen(CLEARANCES, key),
        opens_people=actor().may("people") or actor().may("accounts"),
    )


def _grant_again(person_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, values, {}, "", "clearance")


@site.post("/people/<person_id>/clearances")
@shows_again(_grant_again)
def grant_clearance(person_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    form, row = request.form, account_of(person_id)
    return answer(
        lambda: GrantClearance(
            row.username,
            _level(form),
            form.get("order_ref", ""),
            day(form, "first_day"),
            optional_day(form, "last_day"),
        ),
        lambda errors, refused: person_again(person_id, form, errors, refused, "clearance"),
        _("บันทึกการอนุญาตให้เข้าถึงชั้นความลับแล้ว"),
        f"/people/{person_id}#clearances",
    )


def _level(form: Values) -> int:
    chosen = str(form.get("level", ""))
    if not chosen.isdecimal():
        raise wrong("level", _("เลือกชั้นความลับ"))
    return int(chosen[:3])


def _withdraw_again(person_id: str, clearance_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, {**values, "clearance": clearance_id}, {}, "", "withdraw")


@site.post("/people/<person_id>/clearances/<clearance_id>/withdraw")
@shows_again(_withdraw_again)
def withdraw_clearance(person_id: str, clearance_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    form, row = request.form, account_of(person_id)
    wanted = parse_id(clearance_id, "clearance")
    theirs = people.clearances_of(db(), actor().agency_id, row.id, now())
    if wanted not in {one.id for one in theirs}:
        raise NotFound("Expected a clearance of this person, but there is none with this id.")
    return answer(
        lambda: WithdrawClearance(wanted, _reason(form)),
        lambda errors, refused: person_again(
            person_id, {**form, "clearance": str(wanted)}, errors, refused, "withdraw"
        ),
        _("ถอนการอนุญาตแล้ว คนนี้เปิดหนังสือชั้นความลับไม่ได้ตั้งแต่บัดนี้"),
        f"/people/{person_id}#clearances",
    )


def _reason(form: Values) -> str:
    text = str(form.get("reason", "")).strip()
    if not text:
        raise wrong("reason", _("ใส่เหตุผล"))
    return text
