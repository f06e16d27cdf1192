"""The registers of sent and received letters, with the columns of the regulation's forms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import thdate, words
from api.pages.desk import actor, db, now, page_number, run
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.paging import window_of
from api.pages.site import site
from engine.ids import parse_id
from office.correspondence import queries as registers
from office.correspondence import rules
from office.correspondence.commands import AcknowledgeReceipt, NoteHandling
from office.people import queries as people

YEARS_BACK = 5
PAGE_SIZE = 50
REGISTERS = (rules.SEND, rules.RECEIVE, rules.ISSUE)


@site.get("/registers")
def register_page() -> ResponseReturnValue:
    ask = _asked()
    page = registers.register(
        db(),
        actor(),
        ask["register"],
        unit=ask["unit"] or None,
        year=int(ask["year"]),
        q=ask["q"],
        page=page_number(),
        page_size=PAGE_SIZE,
    )
    return render_template(
        "registers.html",
        title=_title(ask["register"]),
        tabs=[(which, _tab(which)) for which in _registers()],
        is_secret=ask["register"] in rules.SECRETS,
        receives=ask["register"] in rules.RECEIVED,
        degrees=words.SECRECY,
        page=page,
        window=window_of(page),
        page_url=lambda number: _url(ask, page=number),
        url=partial(_url, ask),
        units=_units(),
        writes=_writes,
        year_text=_year_text(int(ask["year"])),
        years=[(str(y), _year_text(y)) for y in _years()],
        **ask,
    )


def _asked() -> dict[str, str]:
    """What the address asks for; anything unknown falls back to this year's sent letters."""
    args, year = request.args, request.args.get("year", "")
    return {
        "register": which if (which := args.get("register", "")) in _registers() else rules.SEND,
        "year": year if year in {str(one) for one in _years()} else str(_years()[0]),
        "unit": args.get("unit", "")[:60],
        "q": args.get("q", "").strip()[:200],
    }


def _url(ask: Mapping[str, str], **changes: str | int) -> str:
    return "/registers?" + urlencode({k: v for k, v in {**ask, **changes}.items() if v})


def _registers() -> tuple[str, ...]:
    """Those of what is secret are offered to whom they open, and known to nobody else."""
    secret = (which for which in rules.SECRETS if registers.may_open(actor(), which))
    return (*REGISTERS, *secret)


def _tab(which: str) -> str:
    return {
        rules.SEND: _("หนังสือส่ง"),
        rules.RECEIVE: _("หนังสือรับ"),
        rules.ISSUE: _("คำสั่งและประกาศ"),
        rules.SECRET_OUT: _("หนังสือลับส่ง"),
        rules.SECRET_IN: _("หนังสือลับรับ"),
    }[which]


def _title(which: str) -> str:
    if which == rules.SECRET_OUT:
        return _("ทะเบียนส่งข้อมูลข่าวสารลับ (ทขล. 2)")
    if which == rules.SECRET_IN:
        return _("ทะเบียนรับข้อมูลข่าวสารลับ (ทขล. 1)")
    if which == rules.ISSUE:
        return _("ทะเบียนคำสั่ง ประกาศ และหนังสืออื่นที่ออก")
    if which == rules.RECEIVE:
        return _("ทะเบียนหนังสือรับ (แบบที่ 13)")
    return _("ทะเบียนหนังสือส่ง (แบบที่ 14)")


def _writes(entry: registers.EntryRow) -> bool:
    """Whoever belongs to the line's unit, or keeps the registers, writes in it."""
    return actor().may("registry") or f"unit:{entry.unit}" in actor().principals


@site.post("/registers/<entry_id>/acknowledge")
def acknowledge(entry_id: str) -> ResponseReturnValue:
    run(AcknowledgeReceipt(parse_id(entry_id, "entry")))
    flash(_("บันทึกว่ารับทราบแล้ว"), "ok")
    return redirect(_url({"register": request.form.get("register", rules.RECEIVE)}), 303)


@site.post("/registers/<entry_id>/note")
def note_handling(entry_id: str) -> ResponseReturnValue:
    handling = request.form.get("handling", "").strip()
    run(NoteHandling(parse_id(entry_id, "entry"), handling, request.form.get("remark", "").strip()))
    flash(_("บันทึกการปฏิบัติแล้ว"), "ok")
    return redirect(_url({"register": request.form.get("register", rules.SEND)}), 303)


def _years() -> list[int]:
    """The present year in Thailand and some before it."""
    this = thdate.local(now()).year
    return list(range(this, this - YEARS_BACK, -1))


def _year_text(year: int) -> str:
    return str(year + (thdate.BUDDHIST_OFFSET if language() == "th" else 0))


def _units() -> list[Any]:
    """Units whose registers the actor may read; the registry reads all."""
    every = people.units(db(), actor().agency_id)
    if actor().may("registry"):
        return list(every)
    return [unit for unit in every if f"unit:{unit.code}" in actor().principals]
