"""A person's passkeys, and what their devices were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.accounts.models import passkey, passkey_challenge
from office.accounts.queries.binds import AGENCY, WHO


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: UUID
    name: str
    credential: bytes = field(repr=False)
    rp_id: str
    transports: Sequence[str]
    sign_count: int
    created_at: datetime
    used_at: datetime | None


_PASSKEYS = (
    sa.select(*(passkey.c[name] for name in PasskeyRow.__slots__))
    .where(passkey.c.agency_id == AGENCY, passkey.c.person_id == WHO)
    .order_by(passkey.c.created_at, passkey.c.id)
)


def passkeys(db: Connection, agency_id: UUID, person_id: UUID) -> tuple[PasskeyRow, ...]:
    """In the order in which they were enrolled."""
    rows = db.execute(_PASSKEYS, {"agency": agency_id, "who": person_id})
    return tuple(PasskeyRow(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    id: UUID
    nonce: bytes = field(repr=False)
    rp_id: str
    origin: str
    expires_at: datetime
    used_at: datetime | None


_CHALLENGE = (
    sa.select(*(passkey_challenge.c[name] for name in ChallengeRow.__slots__))
    .where(passkey_challenge.c.agency_id == AGENCY, passkey_challenge.c.person_id == WHO)
    .where(passkey_challenge.c.challenge == sa.bindparam("challenge"))
)


def challenge(db: Connection, agency_id: UUID, person_id: UUID, text: str) -> ChallengeRow | None:
    """What was asked of this person by this challenge (hexadecimal)."""
    binds = {"agency": agency_id, "who": person_id, "challenge": text}
    row = db.execute(_CHALLENGE, binds).one_or_none()
    return None if row is None else ChallengeRow(*row)
