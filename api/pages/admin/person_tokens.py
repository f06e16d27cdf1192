"""A person's API tokens: issued, shown once, revoked by an administrator."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from api.pages import tokens, words
from api.pages.admin.acts import answer
from api.pages.admin.persons import account_of, person_again
from api.pages.desk import actor, db
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import NotFound, Rejected
from engine.ids import parse_id
from office.accounts import queries as accounts
from office.accounts.commands import RevokeToken
from office.people.rights import demand


@site.post("/people/<person_id>/tokens")
def issue_token(person_id: str) -> ResponseReturnValue:
    """The page with the token in it, which no other page shows again."""
    demand(actor(), "accounts")
    row = account_of(person_id)
    try:
        made = tokens.issue(row.id)
    except Rejected as refused:
        errors, said = tokens.refusal(refused)
        status = 422 if errors else words.status(refused)
        return person_again(person_id, None, errors, said, "token"), status
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
