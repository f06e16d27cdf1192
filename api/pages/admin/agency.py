"""The agency itself: its names and time zone, what proves its signers, and where the rest is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages.admin import said
from api.pages.admin.acts import answer, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.errors import Forbidden
from office.documents.commands import ChooseSigningMethods
from office.documents.policy import BY_DEFAULT, METHODS, chosen_methods
from office.people import queries as people
from office.people.commands import ChangeAgency

Values = Mapping[str, Any]
PAGE = "/admin/agency"
NAMES = ("name", "name_en", "timezone")
#: sections whose pages hold the agency's other choices
ELSEWHERE = ("numbering", "letterhead", "greetings", "calendars", "sign-in", "seal", "trust",
             "secret-letters")  # fmt: skip
EVENTS = ("agency.founded", "agency.changed", "signing_methods.chosen")
#: parts of the world whose zones are offered; the others are old or technical names
AREAS = (
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
)  # fmt: skip


@cache
def zones() -> Sequence[str]:
    """Names of time zones by area, as the tz database has them."""
    return sorted(one for one in available_timezones() if one.partition("/")[0] in AREAS)


@site.get(PAGE)
def agency_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str, which: str = "", values: Any = None) -> str:
    keeps, proves = actor().may("people"), actor().may("accounts")
    if not (keeps or proves):
        raise Forbidden("Expected the right 'people' or 'accounts', but there is neither.")
    agency = people.agency(db(), actor().agency_id)
    chosen = chosen_methods(agency.policy)
    sent = values if values is not None else MultiDict[str, str]()
    sections = open_sections()
    return render_template(
        "admin_agency.html",
        sections=sections,
        agency=agency,
        keeps=keeps,
        proves=proves,
        version=people.agency_version(db(), agency.id),
        v=sent if which == "agency" else {name: getattr(agency, name) for name in NAMES},
        zones=[(one, one) for one in dict.fromkeys((agency.timezone, *zones()))],
        methods=said.options(METHODS),
        own=bool(chosen),
        ticked=sent.getlist("methods") if which == "methods" else chosen or BY_DEFAULT,
        by_default=", ".join(said.chosen(METHODS, one) for one in BY_DEFAULT),
        elsewhere=[one for key in ELSEWHERE for one in sections if one.key == key],
        errors=errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency.id, agency.id, types=EVENTS)),
    )


def _agency_again(values: Values) -> ResponseReturnValue:
    return _page({}, "", "agency", values)


@site.post(PAGE)
@shows_again(_agency_again)
def change_agency() -> ResponseReturnValue:
    form = request.form
    given: dict[str, Any] = {name: form[name].strip() for name in NAMES if name in form}
    return answer(
        lambda: ChangeAgency(expected=form.get("version"), **given),
        lambda errors, refused: _page(errors, refused, "agency", form),
        _("บันทึกข้อมูลหน่วยงานแล้ว"),
        PAGE,
    )


def _methods_again(values: Values) -> ResponseReturnValue:
    return _page({}, "", "methods", values)


@site.post(f"{PAGE}/signing-methods")
@shows_again(_methods_again)
def choose_signing_methods() -> ResponseReturnValue:
    """`reset`: the default holds again; else what is ticked, which is not nothing."""
    form = request.form
    return answer(
        lambda: _chosen(form.getlist("methods"), reset=bool(form.get("reset"))),
        lambda errors, refused: _page(errors, refused, "methods", form),
        _("กลับไปใช้ค่าเริ่มต้นแล้ว") if form.get("reset") else _("บันทึกวิธียืนยันตัวตนเมื่อลงนามแล้ว"),
        PAGE,
    )


def _chosen(methods: Sequence[str], *, reset: bool) -> ChooseSigningMethods:
    if not (methods or reset):
        raise wrong("methods", _("เลือกอย่างน้อยหนึ่งวิธี หรือกลับไปใช้ค่าเริ่มต้น"))
    return ChooseSigningMethods(() if reset else tuple(methods))
