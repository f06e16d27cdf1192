"""Other people's accounts: locks lifted, lost factors removed, sessions ended, resets mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, page_number, run, system
from api.pages.i18n import gettext as _
from api.pages.paging import window_of
from api.pages.site import site
from engine.ids import parse_id
from office.accounts import queries as accounts
from office.accounts.commands import OpenReset, RemoveFactor, RevokeSessions, UnlockAccount
from office.accounts.targets import password_target
from office.people import queries as people
from office.people.queries import PersonRow
from office.people.rights import demand

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    id: UUID
    username: str
    name: str
    position: str
    email: str
    has_factor: bool
    passkeys: int
    locked_until: datetime | None


@site.get("/people")
def people_list() -> ResponseReturnValue:
    return show_people({}, {}, "")


def show_people(values: Mapping[str, Any], errors: Mapping[str, str], refused: str) -> str:
    """The list, and the form that adds somebody, with what was typed into it."""
    if not actor().may("people"):
        demand(actor(), "accounts")
    q = request.args.get("q", "").strip()[:100]
    gone = request.args.get("gone") == "1"
    page = people.people(
        db(), actor().agency_id, q=q, active=not gone, page=page_number(), page_size=PAGE_SIZE
    )
    return render_template(
        "people.html",
        sections=open_sections(),
        rows=_lines(page.items),
        total=page.total,
        window=window_of(page),
        page_url=lambda number: "/people?" + urlencode({"q": q, "gone": int(gone), "page": number}),
        q=q,
        gone=gone,
        keeps_accounts=actor().may("accounts"),
        keeps_people=actor().may("people"),
        v=values,
        errors=errors,
        refused=refused,
    )


def _lines(rows: Sequence[PersonRow]) -> list[Line]:
    agency_id, services = actor().agency_id, system().services
    targets = {row.username: password_target(services, agency_id, row.username) for row in rows}
    locked = accounts.locked(db(), list(targets.values()), now())
    cards = people.cards(db(), agency_id, list(targets), now())
    return [
        Line(
            id=row.id,
            username=row.username,
            name=row.name,
            position=cards[row.username].position,
            email=row.email or "",
            has_factor=any(one.confirmed_at for one in accounts.factors(db(), agency_id, row.id)),
            passkeys=len(accounts.passkeys(db(), agency_id, row.id)),
            locked_until=locked.get(targets[row.username]),
        )
        for row in rows
    ]


@site.post("/people/<person_id>/unlock")
def unlock(person_id: str) -> ResponseReturnValue:
    return _done(UnlockAccount(parse_id(person_id, "person")), _("ปลดล็อกแล้ว เข้าสู่ระบบได้ทันที"))


@site.post("/people/<person_id>/remove-factor")
def remove_lost_factor(person_id: str) -> ResponseReturnValue:
    message = _("ถอดการยืนยันตัวตนขั้นที่สองแล้ว เจ้าของบัญชีตั้งใหม่ได้เอง")
    return _done(RemoveFactor(parse_id(person_id, "person")), message)


@site.post("/people/<person_id>/end-sessions")
def end_sessions(person_id: str) -> ResponseReturnValue:
    return _done(RevokeSessions(parse_id(person_id, "person")), _("ออกจากระบบให้ทุกเครื่องแล้ว"))


@site.post("/people/<person_id>/mail-reset")
def mail_reset(person_id: str) -> ResponseReturnValue:
    """The same mail that the person could ask for; it goes to their own address alone."""
    demand(actor(), "accounts")
    found = people.person_by_id(db(), actor().agency_id, parse_id(person_id, "person"))
    message = _("ส่งลิงก์ตั้งรหัสผ่านใหม่ให้ %(name)s แล้ว", name=found.name)
    return _done(OpenReset(found.id), message)


def _done(command: Any, message: str) -> ResponseReturnValue:
    run(command)
    flash(message, "ok")
    return _back()


def _back() -> ResponseReturnValue:
    """To the person's page, or to the list where the press was made in it."""
    if "q" not in request.form:
        return redirect(f"/people/{(request.view_args or {})['person_id']}#account", 303)
    return redirect("/people?" + urlencode({"q": request.form["q"]}), 303)
