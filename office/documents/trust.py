"""Whom an agency trusts: the authorities of the installation, and those it has added itself."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.documents.models import trust_anchor

_OWN = (
    sa.select(trust_anchor.c.certificate)
    .where(
        trust_anchor.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        trust_anchor.c.removed_at.is_(None),
    )
    .order_by(trust_anchor.c.added_at, trust_anchor.c.id)
)


def trusted(db: Connection, agency_id: UUID, installed: Sequence[bytes]) -> tuple[bytes, ...]:
    """Certificates (DER or PEM); `installed` are those of the installation (`Desk.trust`)."""
    return (*installed, *db.scalars(_OWN, {"agency": agency_id}))
