"""Whether the agency takes secret letters: what that turns on, and what is asked of the agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from office.documents.commands import TakeSecretLetters
from office.documents.degrees import takes_secrets
from office.people import queries as people
from office.people.rights import demand

Values = Mapping[str, Any]
PAGE = "/admin/secret-letters"


@site.get(PAGE)
def secret_letters_page() -> ResponseReturnValue:
    return _page({}, {}, "")


def _page(values: Values, errors: Mapping[str, str], refused: str) -> str:
    people.demand_to_see(actor())
    agency_id = actor().agency_id
    cleared = [row for row in people.clearances(db(), agency_id, now()) if row.state == "running"]
    return render_template(
        "admin_secret_letters.html",
        sections=open_sections(),
        taken=takes_secrets(db(), agency_id),
        cleared=len(cleared),
        chooses=actor().may("people"),
        v={
            "order_ref": values.get("order_ref", ""),
            "knows_unencrypted": bool(values.get("knows_unencrypted")),
        },
        errors=errors,
        refused=refused,
        events=said.told(
            people.events_of(db(), agency_id, agency_id, types=("secret_letters.chosen",))
        ),
    )


def _again(values: Values) -> ResponseReturnValue:
    return _page(values, {}, "")


@site.post(PAGE)
@shows_again(_again)
def take_secret_letters() -> ResponseReturnValue:
    demand(actor(), "people")
    form, taken = request.form, request.form.get("taken") == "1"
    return answer(
        lambda: TakeSecretLetters(
            taken, form.get("order_ref", ""), bool(form.get("knows_unencrypted"))
        ),
        lambda errors, refused: _page(form, errors, refused),
        _("เปิดรับหนังสือชั้นความลับแล้ว") if taken else _("ปิดรับหนังสือชั้นความลับฉบับใหม่แล้ว"),
        PAGE,
    )
