"""Whom letters greet with กราบเรียน: the regulation's list, and the agency's own beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import act, answer
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db
from api.pages.i18n import gettext as _
from api.pages.site import site
from office.documents import policy
from office.documents.commands import NameHonoured, SetGreetingRows, SetGreetings
from office.documents.greetings import FORMS, HONOURED, Greeting
from office.documents.policy import honoured_too
from office.people import queries as people
from office.people.rights import demand

PARTS = ("salutation", "closing", "purpose")
COLUMNS = ("who", *PARTS)
OURS = ("greetings.changed", "greetings.reworded", "greetings.rows_changed")
#: empty rows to fill where there is no script that adds some
EMPTY = 2


@site.get("/admin/greetings")
def greetings_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "registry")
    agency_id = actor().agency_id
    present = "\n".join(honoured_too(db(), agency_id))
    events = people.events_of(db(), agency_id, agency_id, types=OURS)
    return render_template(
        "admin_greetings.html",
        sections=open_sections(),
        ours=sorted(HONOURED),
        names=request.form.get("names", present),
        forms=_forms(policy.manners(db(), agency_id).forms),
        law=FORMS,
        titles={key: said.FIELDS[key] for key in FORMS},
        rows=_rows(policy.greeting_rows(db(), agency_id)),
        own=bool(people.agency(db(), agency_id).policy.get(policy.GREETINGS)),
        errors=errors,
        refused=refused,
        events=said.told(events),
    )


def _rows(stored: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """What stands in the table: as typed, else as it holds; and empty rows to fill."""
    typed = _typed_rows() if "who" in request.form else stored
    return [*typed, *[dict.fromkeys(COLUMNS, "") for _row in range(EMPTY)]]


def _typed_rows() -> list[dict[str, str]]:
    """The rows of which anything was filled in."""
    columns = [request.form.getlist(name) for name in COLUMNS]
    found = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in found if any(text.strip() for text in row.values())]


def _forms(stored: Mapping[str, Greeting]) -> dict[str, dict[str, str]]:
    """What stands in the fields: as typed, else as it holds."""
    return {
        key: {part: request.form.get(f"{key}.{part}", getattr(one, part)) for part in PARTS}
        for key, one in stored.items()
    }


@site.post("/admin/greetings/words")
def change_greeting_words() -> ResponseReturnValue:
    if "reset" in request.form:
        return act(SetGreetings({}), _page, _("กลับไปใช้ถ้อยคำตามระเบียบแล้ว"), "/admin/greetings")
    words = {
        key: {part: request.form.get(f"{key}.{part}", "").strip() for part in PARTS}
        for key in FORMS
    }
    return act(
        SetGreetings(words),
        _page,
        _("บันทึกถ้อยคำแล้ว ใช้กับหนังสือที่ยังไม่ลงนาม"),
        "/admin/greetings",
    )


@site.post("/admin/greetings/rows")
def change_greeting_rows() -> ResponseReturnValue:
    return act(
        SetGreetingRows(_typed_rows()),
        _page,
        _("บันทึกตารางแล้ว ใช้กับหนังสือที่ยังไม่ลงนาม"),
        "/admin/greetings",
    )


@site.post("/admin/greetings")
def change_greetings() -> ResponseReturnValue:
    lines = [line.strip() for line in request.form.get("names", "").splitlines()]
    return answer(
        lambda: NameHonoured([line for line in lines if line]),
        _page,
        _("บันทึกรายชื่อแล้ว ใช้กับหนังสือที่ลงนามจากนี้ไป"),
        "/admin/greetings",
    )
