"""One's own API tokens on one's account's page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from api.pages import tokens, words
from api.pages.account import account_page, own_tokens
from api.pages.desk import actor, db, run
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Forbidden, NotFound, Rejected
from engine.ids import parse_id
from office.accounts import queries as accounts
from office.accounts.commands import RevokeToken


@site.post("/account/tokens")
def issue_own_token() -> ResponseReturnValue:
    """The page with the token in it, which no other page shows again."""
    me = actor().person_id
    if me is None:
        raise Forbidden("Expected a person to own the token, but the system is nobody.")
    try:
        made = tokens.issue(me)
    except Rejected as refused:
        errors, said = tokens.refusal(refused)
        status = 422 if errors else words.status(refused)
        return account_page(errors or {"tokens": said}, tok=own_tokens(again=True)), status
    return account_page({}, tok=own_tokens(made))


@site.post("/account/tokens/<token_id>/revoke")
def revoke_own_token(token_id: str) -> ResponseReturnValue:
    wanted, me = parse_id(token_id, "token"), actor()
    held = accounts.tokens(db(), me.agency_id, me.person_id or UUID(int=0))
    if wanted not in {one.id for one in held}:
        raise NotFound("Expected one of your tokens, but there is none with this id.")
    run(RevokeToken(wanted))
    flash(_("ยกเลิกโทเค็นแล้ว"), "ok")
    return redirect("/account#tokens", 303)
