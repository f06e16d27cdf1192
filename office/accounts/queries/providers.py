"""Providers of sign-in, and who is who there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from office.accounts.models import provider_session, sign_in_identity, sign_in_provider
from office.accounts.queries.binds import AGENCY, WHO
from office.accounts.queries.claims import Claimant, claimant
from office.people.models import agency
from office.people.versions import version_of


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider as it is used. The secret stays sealed."""

    agency_id: UUID
    id: UUID
    name: str
    issuer: str
    client_id: str
    sealed_secret: bytes | None = field(repr=False)
    trusts_mfa: bool
    active: bool
    added_at: datetime
    version: str


_PROVIDERS = sa.select(sign_in_provider).order_by(sign_in_provider.c.added_at)
_OF_AGENCY = _PROVIDERS.where(sign_in_provider.c.agency_id == AGENCY)


def _provider(row: Any) -> ProviderRow:
    return ProviderRow(*(*row, version_of(row)))


def providers(db: Connection, agency_id: UUID) -> tuple[ProviderRow, ...]:
    return tuple(_provider(row) for row in db.execute(_OF_AGENCY, {"agency": agency_id}))


def provider(db: Connection, agency_id: UUID, provider_id: UUID) -> ProviderRow:
    found = next((one for one in providers(db, agency_id) if one.id == provider_id), None)
    if found is None:
        raise NotFound("Expected a provider of sign-in of this agency, but there is none.")
    return found


#: As many as a sign-in page can show.
_SHOWN = 8
_ACTIVE = _PROVIDERS.where(sign_in_provider.c.active)
_ALONE = sa.select(sa.func.count()).select_from(agency.alias()).scalar_subquery() == 1
_OFFERED = (
    _ACTIVE.join(agency, agency.c.id == sign_in_provider.c.agency_id)
    .where(
        sa.or_(agency.c.code == sa.bindparam("code"), sa.and_(sa.bindparam("code") == "", _ALONE))
    )
    .limit(_SHOWN)
)
_ONE = _ACTIVE.where(sign_in_provider.c.id == sa.bindparam("id", type_=sa.Uuid))


def offered(db: Connection, agency_code: str = "") -> tuple[ProviderRow, ...]:
    """Those that a sign-in page offers: of the agency with this code, or of the only one there
    is. Where there are several, none stands on the page that all of them share.
    """
    return tuple(_provider(row) for row in db.execute(_OFFERED, {"code": agency_code}))


@dataclass(frozen=True, slots=True)
class Offering:
    """An agency whose own sign-in page offers a provider."""

    code: str
    name: str
    name_en: str


#: As many as a page of agencies can show; the rest is found by its search.
MOST_OFFERING = 50
_OFFERING = (
    sa.select(agency.c.code, agency.c.name, agency.c.name_en)
    .where(
        sa.exists().where(sign_in_provider.c.agency_id == agency.c.id, sign_in_provider.c.active)
    )
    .order_by(agency.c.name, agency.c.code)
    .limit(MOST_OFFERING)
)


def offers(db: Connection, code: str) -> Offering | None:
    """The agency with this code where it is one of several, and offers a provider."""
    row = db.execute(_OFFERING.where(sa.not_(_ALONE), agency.c.code == code)).one_or_none()
    return None if row is None else Offering(*row)


def offering(db: Connection, q: str = "") -> tuple[Offering, ...]:
    """Agencies that can be chosen before a provider is; `q` is part of a name or of the code. None
    where the house has one agency: its providers stand on the page that there is.
    """
    parts = (
        column.icontains(q, autoescape=True)
        for column in (agency.c.name, agency.c.name_en, agency.c.code)
    )
    rows = db.execute(_OFFERING.where(sa.not_(_ALONE), sa.or_(*parts)))
    return tuple(Offering(*row) for row in rows)


def active_provider(db: Connection, provider_id: UUID) -> ProviderRow:
    """One that is in use, whoever asks: nobody is signed in yet."""
    row = db.execute(_ONE, {"id": provider_id}).one_or_none()
    if row is None:
        raise NotFound("Expected a provider of sign-in that is in use, but there is none.")
    return _provider(row)


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """Who a person is at a provider."""

    id: UUID
    person_id: UUID
    issuer: str
    subject: str
    linked_by: str
    linked_at: datetime


_IDENTITY = sa.select(*(sign_in_identity.c[name] for name in IdentityRow.__slots__)).where(
    sign_in_identity.c.agency_id == AGENCY
)
_OF_PERSON = _IDENTITY.where(sign_in_identity.c.person_id == WHO).order_by(
    sign_in_identity.c.linked_at
)
_BY_SUBJECT = _IDENTITY.where(
    sign_in_identity.c.issuer == sa.bindparam("issuer"),
    sign_in_identity.c.subject == sa.bindparam("subject"),
)


def identities(db: Connection, agency_id: UUID, person_id: UUID) -> tuple[IdentityRow, ...]:
    binds = {"agency": agency_id, "who": person_id}
    return tuple(IdentityRow(*row) for row in db.execute(_OF_PERSON, binds))


def linked(db: Connection, agency_id: UUID, issuer: str, subject: str) -> IdentityRow | None:
    binds = {"agency": agency_id, "issuer": issuer, "subject": subject}
    row = db.execute(_BY_SUBJECT, binds).one_or_none()
    return None if row is None else IdentityRow(*row)


def claimant_linked(db: Connection, who: IdentityRow, agency_id: UUID) -> Claimant | None:
    """The active person with an account behind a link."""
    return claimant(db, agency_id, who.person_id)


@dataclass(frozen=True, slots=True)
class ProvidedRow:
    """By which provider a session was opened."""

    provider_id: UUID
    subject: str
    sealed_token: bytes | None = field(repr=False)


_PROVIDED = sa.select(
    provider_session.c.provider_id, provider_session.c.subject, provider_session.c.sealed_token
).where(
    provider_session.c.agency_id == AGENCY,
    provider_session.c.session_id == sa.bindparam("session", type_=sa.Uuid),
)


def provided(db: Connection, agency_id: UUID, session_id: UUID) -> ProvidedRow | None:
    row = db.execute(_PROVIDED, {"agency": agency_id, "session": session_id}).one_or_none()
    return None if row is None else ProvidedRow(*row)
