"""The agencies of the installation, for its steward: told, founded, their first administrators let
in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.house import House
from api.pages import sessions, words
from api.pages.admin import said
from api.pages.admin.acts import field_errors, say
from api.pages.admin.agency import zones
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, close_db, command_id, db, page_number, system, whole_number
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.paging import Window
from api.pages.proofs import proofs_of
from api.pages.site import site
from engine.actor import STEWARD
from engine.errors import Invalid, Rejected
from office.accounts.commands import SetUpAgency
from office.accounts.commands.founding import MOST_HOURS
from office.people import queries as people
from office.people.rights import demand

Values = Mapping[str, Any]
PAGE = "/admin/agencies"
PAGE_SIZE = 20
TEXTS = ("code", "name", "name_en", "admin", "given_name", "family_name", "timezone")
USUAL = {"timezone": "Asia/Bangkok", "hours": "24"}
EVENTS = ("house.founded", "house.invited")


@site.get(PAGE)
def agencies_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(
    errors: Mapping[str, str],
    refused: str,
    which: str = "",
    values: Values | None = None,
    issued: Mapping[str, str] | None = None,
) -> str:
    """`which`: "found", or the code of the agency whose form was sent; `issued`: a link, which no
    other page shows again.
    """
    me = actor()
    demand(me, STEWARD)
    assert me.person_id is not None
    rows, proofs = _house().agencies(), proofs_of(me.person_id)
    pages = max(-(-len(rows) // PAGE_SIZE), 1)
    number = min(page_number(), pages)
    shown = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "admin_agencies.html",
        sections=open_sections(),
        rows=_house().standings(shown),
        total=len(rows),
        window=Window(number, pages, number < pages),
        page_url=lambda to: f"{PAGE}?page={to}",
        zones=[(one, one) for one in zones()],
        most_hours=MOST_HOURS,
        v=values if values is not None else USUAL,
        factor=proofs.factor,
        passkey=proofs.passkey,
        errors=errors,
        refused=refused,
        which=which,
        issued=issued,
        events=said.told(people.events_of(db(), me.agency_id, me.agency_id, types=EVENTS)),
    )


def _house() -> House:
    return House(system(), actor(), sessions.origin())


def _found_again(values: Values) -> ResponseReturnValue:
    return _page({}, "", "found", values)


@site.post(PAGE)
@shows_again(_found_again)
def found_agency() -> ResponseReturnValue:
    form = request.form
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
    wanted = SetUpAgency(**given, email=form.get("email", "").strip() or None)
    close_db()
    try:
        link = _house().found(
            wanted, _hours(), form.get("current", "").strip(), command_id("found")
        )
    except Rejected as refused:
        return _refused(refused, "found", form)
    return _page({}, "", issued={"link": link, "name": wanted.name, "username": wanted.admin})


def _hours() -> int:
    return whole_number(request.form.get("hours", ""))


@site.post(f"{PAGE}/<code>/invite")
def invite_first(code: str) -> ResponseReturnValue:
    close_db()
    try:
        proof = request.form.get("current", "").strip()
        username, link = _house().invite(code, _hours(), proof, command_id("invite"))
    except Rejected as refused:
        return _refused(refused, code, request.form)
    return _page({}, "", issued={"link": link, "name": code, "username": username})


def _refused(refused: Rejected, which: str, typed: Values) -> ResponseReturnValue:
    values = typed if which == "found" else None
    errors = field_errors(refused) if isinstance(refused, Invalid) else {}
    if "hours" in errors:
        errors["hours"] = _("ใส่ 1 ถึง %(most)s ชั่วโมง", most=MOST_HOURS)
    if refused.code in {"bad_code", "bad_passkey"} and not errors:
        errors = {"current": _("ยืนยันตัวตนไม่ผ่าน ใส่ใหม่อีกครั้ง")}
    if refused.code == "taken":
        errors = {"code": say(refused)}
    if errors:
        return _page(errors, "", which, values), 422
    return _page({}, say(refused), which, values), words.status(refused)
