"""Nobody takes the last keys out of the house: whoever could still give a right stays able to.

Roles are given by whoever keeps people, and nobody gives what they do not hold. Where the last
person who can give a right loses it, nobody of the agency ever gets it back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import STEWARD
from engine.bus import Context
from engine.errors import Conflict
from office.people.commands.rows import runs
from office.people.models import agency, person, person_role, role
from office.people.queries.moment import AGENCY, joined, now
from office.people.rights import EVERYTHING, RIGHTS
from office.people.together import Together

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
    if isinstance(ctx, Together):
        keys = ctx.noted(Keys, lambda: _watching(ctx))
        before = keys.givable()
        yield
        after = keys.givable()
    else:
        ctx.db.execute(_HELD, {"agency": ctx.actor.agency_id})
        before = _found(ctx).givable()
        yield
        after = _found(ctx).givable()
    lost = sorted({right for was, left in zip(before, after, strict=True)
                   for right in was - left})  # fmt: skip
    if lost:
        raise Conflict(
            f"Expected somebody else who keeps people and can give {', '.join(lost)}, but there is"
            " nobody: it could never be given again. Give the role to another first.",
            code="last_keeper",
        )


class Keys:
    """By how many people each right can be given to others: now, and for as long as nothing
    changes. Where one person's roles change, theirs alone is counted anew.
    """

    def __init__(self, rights: Mapping[UUID, frozenset[str]]) -> None:
        """`rights`: of each role that has any."""
        self._rights = rights
        self._counts: tuple[Counter[str], Counter[str]] = Counter(), Counter()
        self._of: dict[UUID, tuple[frozenset[str], frozenset[str]]] = {}

    def givable(self) -> tuple[frozenset[str], frozenset[str]]:
        now, lasting = self._counts
        return frozenset(now), frozenset(lasting)

    def hold(self, person_id: UUID, terms: Iterable[Any]) -> None:
        """All the person's roles that run: rows with `role_id` and `ends_at`."""
        today: set[str] = set()
        lasting: set[str] = set()
        for row in terms:
            rights = self._rights.get(row.role_id, frozenset())
            today |= rights
            # what only takes away is not counted on to end
            if row.ends_at is None or READ_ONLY in rights:
                lasting |= rights
        before = self._of.pop(person_id, (frozenset(), frozenset()))
        new = self._of[person_id] = _given_by(today), _given_by(lasting)
        for counts, was, are in zip(self._counts, before, new, strict=True):
            counts.update(are)
            for right in was:
                counts[right] -= 1
                if not counts[right]:
                    del counts[right]


def _found(ctx: Context) -> Keys:
    binds = {"agency": ctx.actor.agency_id, "at": ctx.now}
    rights = {row.id: frozenset(row.rights) for row in ctx.db.execute(_ROLES, binds) if row.rights}
    terms: dict[UUID, list[Any]] = defaultdict(list)
    for row in ctx.db.execute(_HOLDERS, {**binds, "roles": list(rights)}):
        terms[row.person_id].append(row)
    keys = Keys(rights)
    for person_id, mine in terms.items():
        keys.hold(person_id, mine)
    return keys


def _watching(ctx: Together) -> Keys:
    """Of many commands that follow one another: counted once, and told whose roles change."""
    ctx.db.execute(_HELD, {"agency": ctx.actor.agency_id})
    keys = _found(ctx)

    def changed(row: Any) -> None:
        [who] = ctx.rows(person, "id", row.person_id)
        terms = ctx.rows(person_role, "person_id", row.person_id) if who.active else []
        keys.hold(row.person_id, [one for one in terms if runs(one, ctx.now)])

    ctx.watch(person_role, changed)
    return keys


def _given_by(held: set[str]) -> frozenset[str]:
    """What one who holds these can give to others."""
    if READ_ONLY in held:
        return frozenset()
    found: set[str] = set()
    if EVERYTHING in held:
        found = {*RIGHTS, *held}
    elif PEOPLE in held:
        found = held
    # whoever runs the installation gives that one again
    return frozenset(found - {READ_ONLY, STEWARD})
