"""The agency's live API tokens, whoever holds them: told, and revoked one by one or all of one."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin.acts import answer, someone
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, page_number
from api.pages.i18n import gettext as _
from api.pages.paging import window_of
from api.pages.site import site
from api.pages.tokens import SCOPES
from engine.ids import parse_id
from engine.queries.page import Window
from office.accounts import queries as accounts
from office.accounts.commands import RevokeToken, RevokeTokens
from office.people import queries as people
from office.people.rights import demand

PAGE = "/admin/tokens"
PAGE_SIZE = 50


@site.get(PAGE)
def tokens_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "accounts")
    agency, username = actor().agency_id, request.values.get("username", "").strip().lower()[:60]
    known = people.persons_named(db(), agency, [username]) if username else {}
    window = Window(page_number(), PAGE_SIZE, None)
    found = accounts.live_tokens(db(), agency, now(), window, username or None)
    return render_template(
        "admin_tokens.html",
        sections=open_sections(),
        rows=found.items,
        total=found.total,
        window=window_of(found),
        page_url=lambda to: f"{PAGE}?" + urlencode({"username": username, "page": to}),
        scopes=SCOPES,
        username=username,
        whose=known.get(username),
        unknown=bool(username) and not known,
        errors=errors,
        refused=refused,
    )


@site.post(f"{PAGE}/<token_id>/revoke")
def revoke_live_token(token_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    return answer(lambda: RevokeToken(parse_id(token_id, "token")), _page, _("ยกเลิกโทเค็นแล้ว"), PAGE)


@site.post(f"{PAGE}/revoke-all")
def revoke_all_tokens() -> ResponseReturnValue:
    demand(actor(), "accounts")
    return answer(_all, _page, _("ยกเลิกโทเค็นทั้งหมดของคนนี้แล้ว"), PAGE)


def _all() -> RevokeTokens:
    username = someone(request.form)
    return RevokeTokens(people.person(db(), actor().agency_id, username).id)
