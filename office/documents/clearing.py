"""The engine's Clearances over letters: a case with a secret letter is for those cleared for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.joint import APART
from office.documents import errors
from office.documents.models import document
from office.documents.rules import OPEN_TO_RIGHTS
from office.people import queries as people

_DEGREE = sa.select(document.c.secrecy).where(
    document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    document.c.id == sa.bindparam("id", type_=sa.Uuid),
)


class StoredClearances:
    """Satisfies `engine.ports.Clearances`. A letter's case has its id as business key, and so has
    whatever is asked about it later; a case under another key asks the database nothing.
    """

    def degree(self, db: Connection, agency_id: UUID, business_key: str | None) -> int:
        return degree_of(db, agency_id, business_key)

    def check(self, db: Connection, actor: Actor, business_key: str | None) -> None:
        check_cleared(db, actor, business_key)

    def kept_out(
        self,
        db: Connection,
        agency_id: UUID,
        business_key: str | None,
        usernames: frozenset[str],
        at: datetime,
    ) -> frozenset[str]:
        degree = degree_of(db, agency_id, business_key)
        if degree <= OPEN_TO_RIGHTS:
            return frozenset()
        levels = people.levels_of(db, agency_id, sorted(usernames), at)
        return frozenset(name for name in usernames if levels.get(name, 1) < degree)


def check_cleared(db: Connection, actor: Actor, business_key: str | None) -> None:
    """Let pass whoever the secrecy of the letter with this id does not keep out."""
    if not actor.is_system and degree_of(db, actor.agency_id, business_key) > actor.clearance:
        raise errors.not_cleared(actor.username)


def degree_of(db: Connection, agency_id: UUID, business_key: str | None) -> int:
    """The degree of secrecy of the letter with this id; ปกติ where it is no letter's."""
    try:
        document_id = UUID(business_key or "")
    except ValueError:
        return OPEN_TO_RIGHTS
    binds = {"agency": agency_id, "id": document_id}
    found = db.execute(_DEGREE, binds, execution_options=APART).scalar_one_or_none()
    return OPEN_TO_RIGHTS if found is None else int(found)
