"""What the forms of administrators share: carrying out, refusing on the page, reading days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.admin.said import REFUSALS
from api.pages.desk import actor, db, now, run
from api.pages.i18n import gettext as _
from engine.errors import Conflict, FieldError, Forbidden, Invalid, Rejected, Stale
from forms.thai import BUDDHIST, parse_date
from office.documents.thai import office_day
from office.people import queries as people

#: Shows the page of a form again: errors by field, and why the whole was refused.
Show = Callable[[Mapping[str, str], str], str]
FIRST_YEAR, LAST_YEAR = 1900, 2400


def act(command: Any, show: Show, done: str, to: str) -> ResponseReturnValue:
    """Carry out and go on; what is refused shows its page again, with what was typed."""
    try:
        run(command)
    except Invalid as wrong:
        return show(field_errors(wrong), ""), 422
    except (Conflict, Stale) as refused:
        return show({}, say(refused)), words.status(refused)
    except Forbidden as refused:
        if not actor().may("people"):
            raise
        return show({}, say(refused)), 403
    flash(done, "ok")
    return redirect(to, 303)


def field_errors(wrong: Invalid) -> dict[str, str]:
    found: dict[str, str] = {}
    for error in wrong.errors:
        said = REFUSALS.get(error.code)
        found.setdefault(error.path, str(said) if said else words.say_field(error))
    return found


def say(refused: Rejected) -> str:
    """Why, and what to do first."""
    known = REFUSALS.get(refused.code)
    return str(known) if known else words.say(refused)


def wrong(path: str, message: str) -> Invalid:
    """A mistake that the page itself found."""
    return Invalid(message, [FieldError(path, message, words.OWN)])


def day(values: Mapping[str, Any], name: str) -> date:
    """The day typed into a field, as people write days here."""
    found = optional_day(values, name)
    if found is None:
        raise wrong(name, _("ใส่วันที่ เช่น 23/11/2569"))
    return found


def optional_day(values: Mapping[str, Any], name: str) -> date | None:
    text = str(values.get(name, "")).strip()
    if not text:
        return None
    found = parse_date(text)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise wrong(name, _("ใส่วันที่ เช่น 23/11/2569"))
    return found


def typed_day(value: date) -> str:
    """The other way round: what stands in a field at first."""
    return f"{value.day}/{value.month}/{value.year + BUDDHIST}"


def today() -> str:
    return typed_day(office_day(now()))


def someone(values: Mapping[str, Any], name: str = "username") -> str:
    """The sign-in name typed into a field, of somebody here."""
    typed = str(values.get(name, "")).strip().lower()
    if not typed:
        raise wrong(name, _("เลือกคน"))
    if typed not in people.persons_named(db(), actor().agency_id, [typed]):
        raise wrong(name, _("ไม่มีชื่อผู้ใช้นี้ในหน่วยงาน เลือกจากรายการ"))
    return typed


def answer(make: Callable[[], Any], show: Show, done: str, to: str) -> ResponseReturnValue:
    """Read the form into a command and carry it out."""
    try:
        command = make()
    except Invalid as found:
        return show(field_errors(found), ""), 422
    return act(command, show, done, to)
