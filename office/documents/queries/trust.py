"""The authorities that an agency has added to those of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from office.documents.models import trust_anchor
from office.people.rights import demand

_LISTED = (
    sa.select(trust_anchor)
    .where(
        trust_anchor.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        trust_anchor.c.removed_at.is_(None),
    )
    .order_by(trust_anchor.c.subject, trust_anchor.c.id)
)


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """`fingerprint` is the SHA-256 of the certificate, to be compared with the authority's word."""

    id: str
    subject: str
    fingerprint: str
    not_after: datetime
    added_by: str
    added_at: datetime


def anchors_of(db: Connection, actor: Actor) -> list[AnchorRow]:
    """Those that the agency trusts now. Right: accounts."""
    demand(actor, "accounts")
    names = AnchorRow.__dataclass_fields__
    return [
        AnchorRow(**{name: getattr(row, name) for name in names} | {"id": str(row.id)})
        for row in db.execute(_LISTED, {"agency": actor.agency_id})
    ]


def anchor_file(db: Connection, actor: Actor, anchor_id: UUID) -> bytes:
    """The certificate (DER). Right: accounts."""
    demand(actor, "accounts")
    for row in db.execute(_LISTED, {"agency": actor.agency_id}):
        if row.id == anchor_id:
            return bytes(row.certificate)
    raise NotFound("Expected an authority that is trusted, but there is none with this id.")
