"""Who has a second factor, and who has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.accounts.models import account
from office.accounts.queries.binds import AGENCY, HAS_FACTOR, owner
from office.people.models import person

_ACCOUNTS = account.join(person, owner(account))
_COUNTS = (
    sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((HAS_FACTOR, 1), else_=0)), 0))
    .select_from(_ACCOUNTS)
    .where(account.c.agency_id == AGENCY)
)
_WITHOUT = (
    sa.select(person.c.id, person.c.username, person.c.name)
    .select_from(_ACCOUNTS)
    .where(account.c.agency_id == AGENCY, ~HAS_FACTOR)
    .order_by(person.c.sort_key, person.c.username)
)

_WITH = (
    sa.select(person.c.username)
    .select_from(_ACCOUNTS)
    .where(
        account.c.agency_id == AGENCY,
        HAS_FACTOR,
        person.c.username.in_(sa.bindparam("usernames", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """How many can sign in, and how many of them have a second factor."""

    accounts: int
    enrolled: int


@dataclass(frozen=True, slots=True)
class WithoutFactor:
    id: UUID
    username: str
    name: str


def second_factors(db: Connection, agency_id: UUID) -> SecondFactors:
    accounts, enrolled = db.execute(_COUNTS, {"agency": agency_id}).one()
    return SecondFactors(int(accounts), int(enrolled))


def with_factor(db: Connection, agency_id: UUID, usernames: Sequence[str]) -> frozenset[str]:
    """Those of the people who have a second factor."""
    found = db.execute(_WITH, {"agency": agency_id, "usernames": list(usernames)})
    return frozenset(found.scalars())


def without_factor(db: Connection, agency_id: UUID, most: int) -> tuple[WithoutFactor, ...]:
    """Who can sign in with a password alone, in dictionary order."""
    rows = db.execute(_WITHOUT.limit(most), {"agency": agency_id})
    return tuple(WithoutFactor(*row) for row in rows)
