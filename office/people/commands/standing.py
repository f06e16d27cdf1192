"""Who may lay hands upon another's way in: nobody upon that of somebody who may do more than they.

Whoever names, opens or weakens a way in for somebody may use it, and nobody gets at rights above
their own so. Every command by which a credential of another is set, reset or taken away asks here;
what only ends what is there (sessions, tokens, links, keys) does not: in need it has to be quick.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.errors import Forbidden
from office.people.commands.rows import has_ended, having
from office.people.models import person, person_role, role
from office.people.rights import beyond, demand

#: the refusal's code, which pages have words of
MORE_RIGHTS = "more_rights"


def demand_over(ctx: Context, right: str, person_id: UUID) -> None:
    """Let the actor pass who holds the right, and whatever rights the person has or is to have."""
    demand(ctx.actor, right)
    for row in having(ctx, person, "id", person_id):
        refuse_beyond(ctx, row)


def refuse_beyond(ctx: Context, row: sa.Row[Any]) -> None:
    """Refuse an act upon a person who holds rights that the actor does not, now or from a day to
    come: what is laid in their account would wait for it.
    """
    if ctx.actor.is_system or row.id == ctx.actor.person_id:
        return
    terms = having(ctx, person_role, "person_id", row.id)
    theirs = [
        having(ctx, role, "id", one.role_id)[0] for one in terms if not has_ended(one, ctx.now)
    ]
    refuse_rights(ctx, [right for one in theirs for right in one.rights], row.username)


def refuse_rights(ctx: Context, theirs: Iterable[str], username: str) -> None:
    """Refuse where any of these rights of a person is not the actor's own."""
    above = [] if ctx.actor.is_system else beyond(ctx.actor, theirs)
    if above:
        raise Forbidden(
            f"Expected somebody with no right that you do not hold, but {username} has"
            f" {', '.join(above)}; they do it themselves, or somebody with these rights does.",
            code=MORE_RIGHTS,
        )
