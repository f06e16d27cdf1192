"""What an administrator may do in somebody else's name: never more than in their own."""

from __future__ import annotations

from uuid import UUID

from engine.actor import READ_ONLY
from engine.bus import Context
from engine.errors import Forbidden
from office.people.queries import actor_for


def check_no_less(ctx: Context, person_id: UUID) -> None:
    """Whoever names a way in for somebody may use it: nobody gets at rights above their own so."""
    theirs = actor_for(ctx.db, ctx.actor.agency_id, person_id, ctx.now).rights - {READ_ONLY}
    above = sorted(right for right in theirs if not ctx.actor.may(right))
    if above and not ctx.actor.is_system:
        raise Forbidden(
            f"Expected somebody with no right that you do not hold, but they hold {above[0]!r};"
            " they do it themselves, or somebody with that right does."
        )
