"""Acting instruments: who acts for which post, by which order, for how long, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.admin import said
from api.pages.admin.acts import answer, day, optional_day, someone, today, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.ids import parse_id
from office.people import queries as people
from office.people import rules
from office.people.commands import RecordInstrument, RevokeInstrument
from office.people.rights import demand

Values = Mapping[str, Any]
STATES = ("running", "coming", "ended", "revoked")
#: orders that a page shows of each state; the rest is in the API
MOST = 200


@site.get("/admin/acting")
def acting_list() -> ResponseReturnValue:
    return _list({"first_day": today(), "order_date": today()}, {}, "")


def _list(values: Any, errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "people")
    agency = actor().agency_id
    rows = people.instruments(db(), agency, now())
    state = request.args.get("state", "running")
    state = state if state in STATES else "running"
    chosen = values.getlist("kinds") if hasattr(values, "getlist") else []
    return render_template(
        "admin_acting.html",
        sections=open_sections(),
        rows=[row for row in rows if row.state == state][:MOST],
        counts={name: sum(row.state == name for row in rows) for name in STATES},
        state=state,
        modes=said.options(rules.MODES),
        mode=lambda key: said.chosen(rules.MODES, key),
        ended=said.ended,
        positions=[row for row in people.positions(db(), agency) if row.active],
        kinds=[(key, str(text), key in chosen) for key, text in words.KINDS.items()],
        kind=lambda key: str(words.KINDS.get(key, key)),
        v=values,
        errors=errors,
        refused=refused,
    )


def _list_again(values: Values) -> ResponseReturnValue:
    return _list(values, {}, "")


@site.post("/admin/acting")
@shows_again(_list_again)
def record_instrument() -> ResponseReturnValue:
    form = request.form

    def command() -> RecordInstrument:
        return RecordInstrument(
            mode=form.get("mode", ""),
            username=someone(form),
            position=_post(form),
            order_ref=form.get("order_ref", ""),
            order_date=day(form, "order_date"),
            first_day=day(form, "first_day"),
            last_day=optional_day(form, "last_day"),
            kinds=form.getlist("kinds"),
            subjects=[
                line.strip() for line in form.get("subjects", "").splitlines() if line.strip()
            ],
        )

    return answer(
        command,
        lambda errors, refused: _list(form, errors, refused),
        _("บันทึกคำสั่งแล้ว มีผลตามวันที่ในคำสั่งโดยไม่ต้องทำอะไรอีก"),
        "/admin/acting",
    )


def _lines(form: Values) -> list[str]:
    return str(form.get("subjects", "")).splitlines()


def _post(form: Values) -> str:
    code = str(form.get("position", "")).strip()
    if code not in {row.code for row in people.positions(db(), actor().agency_id)}:
        raise wrong("position", _("ไม่มีรหัสตำแหน่งนี้ เลือกจากรายการ"))
    return code


def _beside(instrument_id: str, errors: Mapping[str, str]) -> dict[str, str]:
    """Each line has a field of its own for the reason."""
    return {f"{name}-{instrument_id}": text for name, text in errors.items()}


@site.post("/admin/acting/<instrument_id>/revoke")
def revoke_instrument(instrument_id: str) -> ResponseReturnValue:
    return answer(
        lambda: RevokeInstrument(
            parse_id(instrument_id, "instrument"), request.form.get("reason", "")
        ),
        lambda errors, refused: _list({}, _beside(instrument_id, errors), refused),
        _("ยกเลิกคำสั่งแล้ว สิ่งที่ลงนามไว้ก่อนหน้ายังมีผล"),
        "/admin/acting",
    )
