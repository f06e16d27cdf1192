"""What an administrator may do in somebody else's name: never more than in their own."""

from __future__ import annotations

from uuid import UUID

from engine.actor import READ_ONLY
from engine.bus import Context
from engine.errors import Forbidden
from office.documents.access import named_anywhere
from office.people.queries import actor_for
from office.people.rights import holds_post


def check_no_less(ctx: Context, person_id: UUID) -> None:
    """Whoever names a way in for somebody may use it: nobody gets at rights above their own so."""
    theirs = actor_for(ctx.db, ctx.actor.agency_id, person_id, ctx.now).rights - {READ_ONLY}
    above = sorted(right for right in theirs if not ctx.actor.may(right))
    if above and not ctx.actor.is_system:
        raise Forbidden(
            f"Expected somebody with no right that you do not hold, but they hold {above[0]!r};"
            " they do it themselves, or somebody with that right does."
        )


def check_no_official(ctx: Context, person_id: UUID) -> None:
    """Whoever has a token may act as its owner and read their letters: only an account of another
    system, which has no post and no letter, gets one from an administrator.
    """
    if ctx.actor.is_system:
        return
    check_no_less(ctx, person_id)
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
