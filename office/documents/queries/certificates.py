"""Certificates of officials, and of the agency's seal, that run out soon or have run out: such a
key signs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import UtcDateTime
from engine.errors import Forbidden
from engine.queries.page import Page, check_window, count_to_limit
from office.documents.models import seal_key, signing_key

#: How long before its end a certificate is shown: time enough to have another made.
SOON = timedelta(days=60)

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_UNTIL: sa.BindParameter[datetime] = sa.bindparam("until", type_=UtcDateTime)
_COLUMNS = ("id", "subject", "issuer", "serial", "not_after")


def _ending(table: sa.Table, username: sa.ColumnElement[str | None]) -> sa.Select[Any]:
    return sa.select(*(table.c[name] for name in _COLUMNS), username.label("username")).where(
        table.c.agency_id == _AGENCY, table.c.retired_at.is_(None), table.c.not_after < _UNTIL
    )


_BOTH = sa.union_all(
    _ending(signing_key, signing_key.c.username), _ending(seal_key, sa.cast(sa.null(), sa.String))
).subquery()
_EXPIRING = sa.select(_BOTH).order_by(_BOTH.c.not_after, _BOTH.c.id)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """`username` None: it is of the agency's seal."""

    id: str
    username: str | None
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
