"""Whose token an administrator may issue: that of an account of another system."""

from __future__ import annotations

from uuid import UUID

from engine.bus import Context
from engine.errors import Forbidden
from office.documents.access import named_anywhere
from office.people.queries import actor_for
from office.people.rights import holds_post


def check_no_official(ctx: Context, person_id: UUID) -> None:
    """Whoever has a token may act as its owner and read their letters: only an account of another
    system, which has no post and no letter, gets one from an administrator.
    """
    if ctx.actor.is_system:
        return
    theirs = actor_for(ctx.db, ctx.actor.agency_id, person_id, ctx.now)
    if holds_post(theirs):
        has = "holds a post or acts for one"
    elif named_anywhere(ctx.db, theirs):
        has = "is named as a reader of letters"
    else:
        return
    raise Forbidden(
        f"Expected an account of another system, but {theirs.username} {has}; they issue the token"
        " themselves, at their own account's page.",
        code="token_of_official",
    )
