"""What the statements of this package share: their parameters, and the join to an active person."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import UtcDateTime
from office.accounts.models import factor, passkey
from office.people.models import person

AGENCY = sa.bindparam("agency", type_=sa.Uuid)
WHO = sa.bindparam("who", type_=sa.Uuid)
NOW = sa.bindparam("now", type_=UtcDateTime)
#: sessions that were used after this moment are awake
AWAKE = sa.bindparam("awake", type_=UtcDateTime)


def owner(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The row's person, who must be active."""
    return sa.and_(
        table.c.agency_id == person.c.agency_id, table.c.person_id == person.c.id, person.c.active
    )


#: Whether a person of the statement has a second factor: a code's, or a passkey.
HAS_FACTOR = sa.or_(
    sa.exists()
    .where(factor.c.agency_id == person.c.agency_id, factor.c.person_id == person.c.id)
    .where(factor.c.confirmed_at.is_not(None)),
    sa.exists().where(
        passkey.c.agency_id == person.c.agency_id, passkey.c.person_id == person.c.id
    ),
)
