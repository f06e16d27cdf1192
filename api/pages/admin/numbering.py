"""How letters are numbered: prefixes of units, books of a year, and what may still be chosen."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.admin import said
from api.pages.admin.acts import answer
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site
from api.pages.thdate import year as year_of
from office.correspondence import queries as registry
from office.correspondence import rules
from office.correspondence.commands import CIRCULARS_APART, CountCircularsApart
from office.documents.thai import office_day
from office.people import queries as people
from office.people.rights import demand


@site.get("/admin/numbering")
def numbering_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "registry")
    agency = people.agency(db(), actor().agency_id)
    today = office_day(now())
    units = people.units(db(), agency.id)
    return render_template(
        "admin_numbering.html",
        sections=open_sections(),
        books=registry.books(db(), actor(), today.year),
        names=_names(),
        year_text=year_of(today, language()),
        prefixes=[unit for unit in units if unit.own["number_code"] and unit.active],
        keeps_people=actor().may("people"),
        apart=bool(agency.policy.get(CIRCULARS_APART, True)),
        errors=errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency.id, agency.id)),
    )


def _names() -> Mapping[str, str]:
    secret = {
        rules.series_book(kind, secret=True): _("%(kind)s (ลับ)", kind=name)
        for kind, name in words.KINDS.items()
    }
    return {**rules.BOOKS, **words.KINDS, **secret}


@site.post("/admin/numbering")
def change_numbering() -> ResponseReturnValue:
    return answer(
        lambda: CountCircularsApart(request.form.get("apart") == "1"),
        _page,
        _("บันทึกวิธีนับเลขหนังสือเวียนแล้ว"),
        "/admin/numbering",
    )
