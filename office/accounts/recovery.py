"""After a restore nothing that was handed out before opens a door any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from office.accounts.models import api_token, password_reset, session


@dataclass(frozen=True, slots=True)
class Revoked:
    sessions: int
    tokens: int
    resets: int


def revoke_everything(db: Connection, now: datetime) -> Revoked:
    """Of every agency: one that was revoked after the backup would else be good again."""
    return Revoked(
        sessions=_end(db, session.c.revoked_at, now),
        tokens=_end(db, api_token.c.revoked_at, now),
        resets=_end(db, password_reset.c.used_at, now),
    )


def _end(db: Connection, column: sa.Column[datetime], now: datetime) -> int:
    ended = sa.update(column.table).where(column.is_(None)).values({column: now})
    return db.execute(ended).rowcount
