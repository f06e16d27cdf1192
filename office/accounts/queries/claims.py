"""Whom a typed name may mean, and what is kept to prove them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.accounts.models import account, factor, password_reset
from office.accounts.queries.binds import AGENCY, HAS_FACTOR, NOW, WHO, owner
from office.people.models import agency, person


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody whom a typed name may mean, with what proves them."""

    agency_id: UUID
    person_id: UUID
    username: str
    password_hash: str | None
    has_factor: bool


_CLAIMANT = sa.select(
    account.c.agency_id,
    account.c.person_id,
    person.c.username,
    account.c.password_hash,
    HAS_FACTOR.label("has_factor"),
).join_from(account, person, owner(account))
_LOGIN: sa.BindParameter[str] = sa.bindparam("login")
_CLAIMANTS = (
    _CLAIMANT.join(agency, agency.c.id == person.c.agency_id)
    .where(sa.or_(person.c.username == _LOGIN, person.c.email == _LOGIN))
    .order_by(agency.c.created_at)
    .limit(3)
)
_CLAIMANTS_IN = _CLAIMANTS.where(agency.c.code == sa.bindparam("agency_code"))


def claimants(db: Connection, login: str, agency_code: str | None = None) -> tuple[Claimant, ...]:
    """Whom a sign-in name or mail address may mean; the same name may live in several agencies."""
    binds = {"login": login.strip().lower()}
    if agency_code is None:
        return tuple(Claimant(*row) for row in db.execute(_CLAIMANTS, binds))
    rows = db.execute(_CLAIMANTS_IN, {**binds, "agency_code": agency_code})
    return tuple(Claimant(*row) for row in rows)


_CLAIMANT_BY_ID = _CLAIMANT.where(person.c.agency_id == AGENCY, person.c.id == WHO)
_RESET_OWNER = (
    _CLAIMANT.join(password_reset, owner(password_reset))
    .where(password_reset.c.token_sha256 == sa.bindparam("hash"))
    .where(password_reset.c.used_at.is_(None), password_reset.c.expires_at > NOW)
)


def claimant(db: Connection, agency_id: UUID, person_id: UUID) -> Claimant | None:
    row = db.execute(_CLAIMANT_BY_ID, {"agency": agency_id, "who": person_id}).one_or_none()
    return None if row is None else Claimant(*row)


def reset_owner(db: Connection, token_sha256: str, now: datetime) -> Claimant | None:
    """Whose password a mailed token may still set."""
    row = db.execute(_RESET_OWNER, {"hash": token_sha256, "now": now}).one_or_none()
    return None if row is None else Claimant(*row)


@dataclass(frozen=True, slots=True)
class FactorRow:
    id: UUID
    sealed: bytes
    created_at: datetime
    confirmed_at: datetime | None
    used_step: int


_FACTORS = (
    sa.select(
        factor.c.id, factor.c.sealed, factor.c.created_at, factor.c.confirmed_at, factor.c.used_step
    )
    .where(factor.c.agency_id == AGENCY, factor.c.person_id == WHO)
    .order_by(factor.c.created_at.desc())
)


def factors(db: Connection, agency_id: UUID, person_id: UUID) -> tuple[FactorRow, ...]:
    """The confirmed factor and one being enrolled, the newest first."""
    binds = {"agency": agency_id, "who": person_id}
    return tuple(FactorRow(*row) for row in db.execute(_FACTORS, binds))
