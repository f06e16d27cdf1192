"""How people sign in: who has to have a second factor, and the agency's providers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.auth import providers
from api.pages.admin import said
from api.pages.admin.acts import answer
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, close_db, db
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.ids import parse_id
from office.accounts import queries
from office.accounts.commands import ChangeProvider, CompelSecondFactor
from office.accounts.compulsion import WHOM, Compulsion, compulsion
from office.accounts.queries import ProviderRow
from office.people import queries as people
from office.people.rights import demand

PAGE, COMPELLED = "/admin/sign-in", "factor.compelled"
#: people without a second factor that are named
SHOWN = 50


@site.get(PAGE)
def sign_in_settings() -> ResponseReturnValue:
    return _page({}, "")


def _page(
    errors: Mapping[str, str],
    refused: str,
    which: str = "",
    values: Mapping[str, Any] | None = None,
) -> str:
    demand(actor(), "accounts")
    agency = actor().agency_id
    known = queries.providers(db(), agency)
    events = [people.events_of(db(), agency, one.id) for one in known]
    events.append(people.events_of(db(), agency, agency, types=(COMPELLED,)))
    return render_template(
        "admin_sign_in.html",
        sections=open_sections(),
        providers=[_shown(one, which, values or {}) for one in known],
        v=values if which == "add" and values else {},
        errors=errors,
        refused=refused,
        which=which,
        left=providers.left_address(),
        entrance=providers.entrance(people.agency(db(), agency).code),
        rule=_chosen(values) if which == "factor" and values else compulsion(db(), agency),
        whom=said.options(WHOM),
        roles=people.roles(db(), agency),
        factors=queries.second_factors(db(), agency),
        without=queries.without_factor(db(), agency, SHOWN),
        events=said.told(sorted((e for part in events for e in part), key=_at, reverse=True)),
    )


def _chosen(values: Any) -> Compulsion:
    return Compulsion(values.get("whom", ""), values.getlist("roles"))


def _factor_again(values: Mapping[str, Any]) -> ResponseReturnValue:
    return _page({}, "", "factor", values)


@site.post(f"{PAGE}/second-factor")
@shows_again(_factor_again)
def compel_factor() -> ResponseReturnValue:
    chosen = _chosen(request.form)
    return answer(
        lambda: CompelSecondFactor(chosen.whom, chosen.roles),
        lambda errors, refused: _page(errors, refused, "factor", request.form),
        _("บันทึกแล้ว มีผลเมื่อแต่ละคนเข้าสู่ระบบครั้งถัดไป"),
        PAGE,
    )


def _at(event: Any) -> Any:
    return event.at


def _shown(row: ProviderRow, which: str, values: Mapping[str, Any]) -> dict[str, Any]:
    typed = which == str(row.id) and values
    kept = {"name": row.name, "issuer": row.issuer, "client_id": row.client_id}
    return {
        "row": row,
        "v": values if typed else kept | {"trusts_mfa": row.trusts_mfa},
        "back": providers.return_address(row.id),
        "logout": providers.logout_address(row.id),
    }


def _typed() -> dict[str, Any]:
    names = ("name", "issuer", "client_id")
    found: dict[str, Any] = {name: request.form.get(name, "").strip() for name in names}
    return found | {"trusts_mfa": request.form.get("trusts_mfa") == "1"}


def _add_again(values: Mapping[str, Any]) -> ResponseReturnValue:
    return _page({}, "", "add", values)


@site.post(PAGE)
@shows_again(_add_again)
def add_provider() -> ResponseReturnValue:
    """The provider is asked who it is before anything is kept."""
    demand(actor(), "accounts")
    close_db()
    return answer(
        lambda: providers.adding(request.form.get("client_secret", ""), **_typed()),
        lambda errors, refused: _page(errors, refused, "add", request.form),
        _("เพิ่มผู้ให้บริการแล้ว ลงทะเบียนที่อยู่ด้านล่างกับผู้ให้บริการ"),
        PAGE,
    )


def _change_again(provider_id: str, values: Mapping[str, Any]) -> ResponseReturnValue:
    return _page({}, "", provider_id, values)


@site.post(f"{PAGE}/<provider_id>")
@shows_again(_change_again)
def change_provider(provider_id: str) -> ResponseReturnValue:
    row, form = _found(provider_id), request.form
    return answer(
        lambda: providers.changing(
            row, form.get("client_secret", ""), expected=form.get("version"), **_typed()
        ),
        lambda errors, refused: _page(errors, refused, provider_id, form),
        _("บันทึกผู้ให้บริการแล้ว"),
        PAGE,
    )


@site.post(f"{PAGE}/<provider_id>/<what>")
def turn_provider(provider_id: str, what: str) -> ResponseReturnValue:
    """`open` or `close`."""
    row, on = _found(provider_id), what == "open"
    return answer(
        lambda: ChangeProvider(row.id, active=on),
        _page,
        _("เปิดใช้แล้ว") if on else _("ปิดแล้ว ผู้ที่เข้ามาทางนี้ถูกออกจากระบบ"),
        PAGE,
    )


def _found(provider_id: str) -> ProviderRow:
    demand(actor(), "accounts")
    row = queries.provider(db(), actor().agency_id, parse_id(provider_id, "provider"))
    close_db()
    return row
