"""Whether anybody has come into an agency yet, and who is to come first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.accounts.models import account
from office.accounts.queries.binds import AGENCY
from office.people.models import person

#: An account without a password is nobody's yet. Passwords are replaced and never taken away, so
#: one that anybody of the agency ever set is still there.
_THEIRS = sa.and_(account.c.agency_id == person.c.agency_id, account.c.person_id == person.c.id)
_ACCOUNTS = (
    sa.select(account.c.person_id, person.c.username, account.c.password_hash)
    .join(person, _THEIRS)
    .where(account.c.agency_id == AGENCY)
    .order_by(account.c.password_hash.is_(None), account.c.changed_at, account.c.person_id)
    .limit(1)
)
#: against who comes in meanwhile
_ACCOUNTS_LOCKED = _ACCOUNTS.with_for_update(of=account)


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whoever is to come into a new agency first: the account that it was founded with."""

    person_id: UUID
    username: str


def awaited(db: Connection, agency_id: UUID, *, lock: bool = False) -> Awaited | None:
    """None once somebody of the agency has set a password, and where it has no account."""
    row = db.execute(_ACCOUNTS_LOCKED if lock else _ACCOUNTS, {"agency": agency_id}).first()
    if row is None or row.password_hash is not None:
        return None
    return Awaited(row.person_id, row.username)
