"""A person's API tokens: issued, shown once, revoked by an administrator."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from api.pages.admin.acts import answer, field_errors, say
from api.pages.admin.persons import account_of, person_again
from api.pages.desk import actor, close_db, db, system, whole_number
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Forbidden, Invalid, NotFound
from engine.ids import parse_id
from office.accounts import credentials
from office.accounts import queries as accounts
from office.accounts.commands import RevokeToken
from office.people.rights import demand

USUAL_DAYS = 90


@site.post("/people/<person_id>/tokens")
def issue_token(person_id: str) -> ResponseReturnValue:
    """The page with the token in it, which no other page shows again."""
    demand(actor(), "accounts")
    row, form = account_of(person_id), request.form
    days = whole_number(form.get("days", "")) or USUAL_DAYS
    span, scopes = timedelta(days=days), form.getlist("scopes")
    try:
        made = credentials.issue_token(
            system().bus, actor(), form.get("name", "").strip(), scopes, span, row.id
        )
    except Invalid as wrong:
        return person_again(person_id, form, field_errors(wrong), "", "token"), 422
    except Forbidden as refused:
        return person_again(person_id, form, {}, say(refused), "token"), 403
    close_db()
    return person_again(person_id, None, {}, "", "token", made)


@site.post("/people/<person_id>/tokens/<token_id>/revoke")
def revoke_token(person_id: str, token_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    row, wanted = account_of(person_id), parse_id(token_id, "token")
    if wanted not in {one.id for one in accounts.tokens(db(), actor().agency_id, row.id)}:
        raise NotFound("Expected a token of this person, but there is none with this id.")
    return answer(
        lambda: RevokeToken(wanted),
        lambda errors, refused: person_again(person_id, None, errors, refused, "token"),
        _("ยกเลิกโทเค็นแล้ว"),
        f"/people/{person_id}#tokens",
    )
