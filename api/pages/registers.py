"""The registers of sent and received letters, with the columns of the regulation's forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import thdate
from api.pages.desk import actor, db, now, page_number, run
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.paging import window_of
from api.pages.site import site
from engine.ids import parse_id
from office.correspondence import queries as registers
from office.correspondence.commands import AcknowledgeReceipt, NoteHandling
from office.people import queries as people

YEARS_BACK = 5
PAGE_SIZE = 50


@site.get("/registers")
def register_page() -> ResponseReturnValue:
    args = request.args
    which = "receive" if args.get("register") == "receive" else "send"
    year = _year(args.get("year", ""))
    unit, q = args.get("unit", "")[:60], args.get("q", "").strip()[:200]
    page = registers.register(
        db(),
        actor(),
        which,
        unit=unit or None,
        year=year,
        q=q,
        page=page_number(),
        page_size=PAGE_SIZE,
    )

    def url(**changes: Any) -> str:
        values = {"register": which, "year": year, "unit": unit, "q": q, **changes}
        return "/registers?" + urlencode({k: v for k, v in values.items() if v})

    return render_template(
        "registers.html",
        register=which,
        title=_("ทะเบียนหนังสือรับ (แบบที่ 13)") if which == "receive" else _("ทะเบียนหนังสือส่ง (แบบที่ 14)"),
        page=page,
        window=window_of(page),
        page_url=lambda number: url(page=number),
        url=url,
        q=q,
        unit=unit,
        units=_units(),
        writes=_writes,
        year=year,
        year_text=_year_text(year),
        years=[(y, _year_text(y)) for y in range(_this_year(), _this_year() - YEARS_BACK, -1)],
    )


def _writes(entry: registers.EntryRow) -> bool:
    """Whoever belongs to the line's unit, or keeps the registers, writes in it."""
    return actor().may("registry") or f"unit:{entry.unit}" in actor().principals


@site.post("/registers/<entry_id>/acknowledge")
def acknowledge(entry_id: str) -> ResponseReturnValue:
    run(AcknowledgeReceipt(parse_id(entry_id, "entry")))
    flash(_("บันทึกว่ารับทราบแล้ว"), "ok")
    return redirect("/registers?register=receive", 303)


@site.post("/registers/<entry_id>/note")
def note_handling(entry_id: str) -> ResponseReturnValue:
    handling = request.form.get("handling", "").strip()
    run(NoteHandling(parse_id(entry_id, "entry"), handling, request.form.get("remark", "").strip()))
    flash(_("บันทึกการปฏิบัติแล้ว"), "ok")
    return redirect(f"/registers?register={request.form.get('register', 'send')}", 303)


def _this_year() -> int:
    return thdate.local(now()).year


def _year(text: str) -> int:
    known = text.isdecimal() and _this_year() - YEARS_BACK < int(text) <= _this_year()
    return int(text) if known else _this_year()


def _year_text(year: int) -> str:
    return str(year + (thdate.BUDDHIST_OFFSET if language() == "th" else 0))


def _units() -> list[Any]:
    """Units whose registers the actor may read; the registry reads all."""
    every = people.units(db(), actor().agency_id)
    if actor().may("registry"):
        return list(every)
    return [unit for unit in every if f"unit:{unit.code}" in actor().principals]
