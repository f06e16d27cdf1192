"""The load of a unit for its head: by person, what is late, and handing many tasks on at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.desk import actor, db, now, page_number, run
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import ngettext
from api.pages.paging import window_of
from api.pages.site import site
from engine.errors import Invalid, Rejected
from engine.ids import parse_id
from office.workload import queries
from office.workload.commands import ReassignInUnit
from office.workload.queries import NOBODY, PersonLoad, UnitLoad

#: tasks on one page, and so of one form
SHOWN = 50


@site.get("/unit-load")
def unit_load() -> ResponseReturnValue:
    return _page({}, {})


def _page(
    values: Mapping[str, Any], errors: Mapping[str, str], failed: Sequence[tuple[str, str]] = ()
) -> str:
    found, ask = queries.load(db(), actor(), now()), _asked()
    page = queries.tasks(
        db(), actor(), now(), who=ask["who"] or None, late=ask["late"] == "1",
        page=page_number(), page_size=SHOWN,
    )  # fmt: skip
    meet([person.username for person in found.people])
    return render_template(
        "unit_load.html",
        load=found,
        busy=_busiest_first(found),
        idle=[person for person in found.people if not person.tasks],
        total=_total(found),
        nobody=NOBODY,
        page=page,
        window=window_of(page),
        page_url=lambda number: _url(ask, page=number),
        url=lambda **changes: _url(ask, **changes),
        choosable=not actor().reads_only and any(not task.secret for task in page.items),
        chosen=values.get("chosen", ()),
        every=request.args.get("all") == "1",
        errors=errors,
        failed=failed,
        v={"to": values.get("to", ""), "reason": values.get("reason", "")},
        **ask,
    )


def _busiest_first(found: UnitLoad) -> Sequence[PersonLoad]:
    """Whose work is late, then who has much of it: that is what a head looks for."""
    busy = [person for person in found.people if person.tasks]
    return sorted(busy, key=lambda person: (-person.late, -person.tasks))


def _total(found: UnitLoad) -> dict[str, int]:
    parts = [*found.people, found.unclaimed]
    return {"tasks": sum(p.tasks for p in parts), "late": sum(p.late for p in parts)}


def _asked() -> dict[str, str]:
    """What the address, or the form that came from it, asks for."""
    late = "1" if request.values.get("late") == "1" else ""
    return {"who": request.values.get("who", "")[:200], "late": late}


def _url(ask: Mapping[str, str], **changes: Any) -> str:
    asked = urlencode({k: v for k, v in {**ask, **changes}.items() if v})
    return "/unit-load" + (f"?{asked}" if asked else "")


@site.post("/unit-load/reassign")
def reassign_many() -> ResponseReturnValue:
    """Each by the ordinary command; those that it refuses are named with the reason."""
    form = request.form
    chosen = form.getlist("task")[:SHOWN]
    to, reason = form.get("to", ""), form.get("reason", "").strip()
    errors = _errors(chosen, to, reason)
    if errors:
        return _page({"chosen": chosen, "to": to, "reason": reason}, errors), 422
    failed = []
    for text in chosen:
        try:
            run(ReassignInUnit(parse_id(text, "task"), to, reason), part=text)
        except Rejected as refused:
            failed.append((form.get(f"name-{text}", ""), _said(refused)))
    done = len(chosen) - len(failed)
    if done:
        flash(ngettext("มอบหมายแล้ว %(num)d งาน", "มอบหมายแล้ว %(num)d งาน", done), "ok")
    if failed:
        return _page({"to": to, "reason": reason}, {}, failed), 409
    return redirect(_url(_asked()), 303)


def _errors(chosen: Sequence[str], to: str, reason: str) -> dict[str, str]:
    found = {}
    if not chosen:
        found["task"] = _("เลือกงานอย่างน้อยหนึ่งงาน")
    if not to:
        found["to"] = _("เลือกผู้รับงาน")
    if not reason:
        found["reason"] = _("ใส่เหตุผลที่มอบหมายใหม่")
    return found


def _said(refused: Rejected) -> str:
    if isinstance(refused, Invalid):
        codes = {error.code for error in refused.errors}
        if "excluded" in codes:
            return _("ผู้รับทำขั้นก่อนหน้าในเรื่องนี้แล้ว ต้องให้ผู้อื่นทำ")
        return next(iter(words.field_errors(refused).values()))
    return words.say(refused)
