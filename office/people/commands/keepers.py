"""Nobody takes the last keys out of the house: whoever could still give a right stays able to.

Roles are given by whoever keeps people, and nobody gives what they do not hold. Where the last
person who can give a right loses it, nobody of the agency ever gets it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from engine.actor import STEWARD
from engine.bus import Context
from engine.errors import Conflict
from office.people.models import agency, person, person_role, role
from office.people.queries.moment import AGENCY, joined, now
from office.people.rights import EVERYTHING, RIGHTS

PEOPLE, READ_ONLY = "people", "read_only"

#: Against another who takes the last but one meanwhile; not against rows that refer to it.
_HELD = (
    sa.select(agency.c.id)
    .where(agency.c.id == sa.bindparam("agency"))
    .with_for_update(key_share=True)
)
_ROLES = sa.select(role.c.id, role.c.rights).where(role.c.agency_id == AGENCY)
_HOLDERS = (
    sa.select(person_role.c.person_id, person_role.c.role_id, person_role.c.ends_at)
    .join(person, joined(person_role, "person_id", person))
    .where(person_role.c.agency_id == AGENCY, person.c.active, now(person_role))
    .where(person_role.c.role_id.in_(sa.bindparam("roles", expanding=True)))
)


@contextmanager
def keeping_rights(ctx: Context) -> Iterator[None]:
    """Refuse what takes a right from everybody who could give it to others: from now on, or on a
    day to come. The system may: it founds agencies.
    """
    if ctx.actor.is_system:
        yield
        return
    ctx.db.execute(_HELD, {"agency": ctx.actor.agency_id})
    before = _givable(ctx)
    yield
    lost = sorted({right for was, left in zip(before, _givable(ctx), strict=True)
                   for right in was - left})  # fmt: skip
    if lost:
        raise Conflict(
            f"Expected somebody else who keeps people and can give {', '.join(lost)}, but there is"
            " nobody: it could never be given again. Give the role to another first.",
            code="last_keeper",
        )


def _givable(ctx: Context) -> tuple[frozenset[str], frozenset[str]]:
    """The rights that somebody can give to others: now, and for as long as nothing changes."""
    binds = {"agency": ctx.actor.agency_id, "at": ctx.now}
    rights = {row.id: frozenset(row.rights) for row in ctx.db.execute(_ROLES, binds) if row.rights}
    today: dict[UUID, set[str]] = defaultdict(set)
    lasting: dict[UUID, set[str]] = defaultdict(set)
    for row in ctx.db.execute(_HOLDERS, {**binds, "roles": list(rights)}):
        today[row.person_id] |= rights[row.role_id]
        # what only takes away is not counted on to end
        if row.ends_at is None or READ_ONLY in rights[row.role_id]:
            lasting[row.person_id] |= rights[row.role_id]
    return _given_by(today), _given_by(lasting)


def _given_by(held: Mapping[UUID, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    for each in held.values():
        if READ_ONLY in each:
            continue
        if EVERYTHING in each:
            found |= {*RIGHTS, *each}
        elif PEOPLE in each:
            found |= each
    # whoever runs the installation gives that one again
    return frozenset(found - {READ_ONLY, STEWARD})
