"""Certificates of officials that run out soon, or have run out: such a key signs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden
from engine.queries.page import Page, check_window, count_to_limit
from office.documents.models import signing_key

#: How long before its end a certificate is shown: time enough to have another made.
SOON = timedelta(days=60)

_EXPIRING = (
    sa.select(
        signing_key.c.id,
        signing_key.c.username,
        signing_key.c.subject,
        signing_key.c.issuer,
        signing_key.c.serial,
        signing_key.c.not_after,
    )
    .where(
        signing_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signing_key.c.retired_at.is_(None),
        signing_key.c.not_after < sa.bindparam("until"),
    )
    .order_by(signing_key.c.not_after, signing_key.c.id)
)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    id: str
    username: str
    subject: str
    issuer: str
    serial: str
    not_after: datetime


def expiring(
    db: Connection, actor: Actor, now: datetime, *, page: int = 1, page_size: int = 20
) -> Page[CertificateRow]:
    """Of keys that are in use, the first to run out first. Needs the right operate or accounts."""
    check_window(page, page_size)
    if not (actor.may("operate") or actor.may("accounts")):
        raise Forbidden("Expected the right operate or accounts to see when certificates run out.")
    given = {"agency": actor.agency_id, "until": now + SOON}
    total = count_to_limit(db, _EXPIRING, given)
    rows = db.execute(_EXPIRING.limit(page_size + 1).offset((page - 1) * page_size), given).all()
    items = [
        CertificateRow(**{**row._mapping, "id": str(row.id)})  # noqa: SLF001 - public name
        for row in rows[:page_size]
    ]
    return Page(items, total, "more" if len(rows) > page_size else None, page, page_size)
