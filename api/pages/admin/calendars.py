"""Working calendars: the week's hours, and the days that differ from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import thdate
from api.pages.admin import said
from api.pages.admin.acts import answer, day, today, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, run, whole_number
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.kept import shows_again
from api.pages.site import site
from engine.errors import NotFound
from office.calendar import queries
from office.calendar.commands import (
    AddCalendar,
    ChangeCalendar,
    ImportHolidays,
    RemoveDay,
    SetDay,
)
from office.documents.thai import office_day
from office.people import queries as people
from office.people.rights import demand

Values = Mapping[str, Any]
#: years of the Common Era that a page shows or imports
FIRST_YEAR, LAST_YEAR = 2000, 2100
HALVES = {"morning": [["08:30", "12:00"]], "afternoon": [["13:00", "16:30"]], "off": []}


@site.get("/admin/calendars")
def calendar_list() -> ResponseReturnValue:
    return _list({}, {}, "")


def _list(values: Values, errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "calendar")
    return render_template(
        "admin_calendars.html",
        sections=open_sections(),
        rows=queries.calendars(db(), actor().agency_id),
        v=values,
        errors=errors,
        refused=refused,
    )


def _list_again(values: Values) -> ResponseReturnValue:
    return _list(values, {}, "")


@site.post("/admin/calendars")
@shows_again(_list_again)
def add_calendar() -> ResponseReturnValue:
    form = request.form
    code = form.get("code", "").strip()
    return answer(
        lambda: AddCalendar(code, " ".join(form.get("name", "").split()) or _("ปฏิทิน")),
        lambda errors, refused: _list(form, errors, refused),
        _("เพิ่มปฏิทินแล้ว นำเข้าวันหยุดราชการของแต่ละปีได้เลย"),
        f"/admin/calendars/{code}",
    )


@site.get("/admin/calendars/<code>")
def calendar_page(code: str) -> ResponseReturnValue:
    return _calendar(code, None, {}, "")


def _calendar(
    code: str,
    values: Values | None,
    errors: Mapping[str, str],
    refused: str,
    which: str = "week",
) -> str:
    demand(actor(), "calendar")
    agency, year = actor().agency_id, _year()
    row = queries.one(db(), agency, code)
    days = queries.days(db(), agency, code, date(year, 1, 1), date(year, 12, 31))
    stored = {f"day-{n}": hours_text(spans) for n, spans in enumerate(row.week)}
    stored["name"] = row.name
    sent = values if values is not None else {}
    return render_template(
        "admin_calendar.html",
        sections=open_sections(),
        row=row,
        days=days,
        year=year,
        year_text=thdate.year(date(year, 1, 1), language()),
        hours_text=hours_text,
        weekdays=[Locale(language()).days["format"]["wide"][n] for n in range(7)],
        v=sent if which == "week" and values is not None else stored,
        d=sent if which == "day" else {"day": today(), "kind": "off"},
        which=which,
        errors=errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency, row.id)),
    )


def _year() -> int:
    asked = whole_number(request.values.get("year", ""))
    return asked if FIRST_YEAR <= asked <= LAST_YEAR else office_day(now()).year


def hours_text(spans: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{start}-{end}" for start, end in spans)


def hours(text: str, path: str) -> list[list[str]]:
    """Spans from text such as "08:30-12:00, 13:00-16:30"; no text: the day is off."""
    spans = []
    for part in text.replace("–", "-").replace(".", ":").split(","):
        if part.strip():
            start, dash, end = (piece.strip() for piece in part.partition("-"))
            if not (dash and _clock(start) and _clock(end)):
                raise wrong(path, _("ใส่เวลา เช่น 08:30-12:00, 13:00-16:30"))
            spans.append([start.zfill(5), end.zfill(5)])
    if spans != sorted(spans) or any(start >= end for start, end in spans):
        raise wrong(path, _("ใส่เวลา เช่น 08:30-12:00, 13:00-16:30"))
    return spans


def _clock(text: str) -> bool:
    hour, colon, minute = text.partition(":")
    numbers = hour.isdecimal() and minute.isdecimal() and text.isascii()
    fits = bool(colon) and 1 <= len(hour) <= 2 and len(minute) == 2
    return numbers and fits and int(hour) < 24 and int(minute) < 60


def _week_again(code: str, values: Values) -> ResponseReturnValue:
    return _calendar(code, values, {}, "")


@site.post("/admin/calendars/<code>")
@shows_again(_week_again)
def change_calendar(code: str) -> ResponseReturnValue:
    form = request.form

    def command() -> ChangeCalendar:
        week = [hours(form.get(f"day-{n}", ""), f"day-{n}") for n in range(7)]
        version = whole_number(form.get("version", "")) or None
        default = True if form.get("is_default") else None
        return ChangeCalendar(code, form.get("name", ""), week, default, version)

    return answer(
        command,
        lambda errors, refused: _calendar(code, form, errors, refused),
        _("บันทึกปฏิทินแล้ว กำหนดของงานใหม่นับตามนี้"),
        f"/admin/calendars/{code}?year={_year()}",
    )


def _day_again(code: str, values: Values) -> ResponseReturnValue:
    return _calendar(code, values, {}, "", "day")


@site.post("/admin/calendars/<code>/days")
@shows_again(_day_again)
def set_day(code: str) -> ResponseReturnValue:
    form = request.form

    def command() -> SetDay:
        kind = form.get("kind", "")
        spans = HALVES[kind] if kind in HALVES else hours(form.get("hours", ""), "hours")
        return SetDay(
            code, day(form, "day"), form.get("name", ""), form.get("name_en", "").strip(), spans
        )

    return answer(
        command,
        lambda errors, refused: _calendar(code, form, errors, refused, "day"),
        _("บันทึกวันแล้ว"),
        f"/admin/calendars/{code}?year={_year()}#days",
    )


@site.post("/admin/calendars/<code>/days/<day>/remove")
def remove_day(code: str, day: str) -> ResponseReturnValue:
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise NotFound("Expected a day such as 2026-12-31, but got something else.") from None
    return answer(
        lambda: RemoveDay(code, when),
        lambda errors, refused: _calendar(code, None, errors, refused, "days"),
        _("เอาวันออกแล้ว วันนี้เป็นไปตามสัปดาห์ปกติ"),
        f"/admin/calendars/{code}?year={when.year}#days",
    )


@site.post("/admin/calendars/<code>/holidays")
def import_holidays(code: str) -> ResponseReturnValue:
    year = _year()
    made = run(ImportHolidays(code, year))
    message = _("นำเข้าวันหยุด %(n)s วัน วันที่กำหนดเองไว้คงเดิม ตรวจกับมติคณะรัฐมนตรีอีกครั้ง", n=made["imported"])
    flash(message, "ok")
    return redirect(f"/admin/calendars/{code}?year={year}#days", 303)
