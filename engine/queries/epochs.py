"""Whether the world outside may hear of this installation."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.epoch import IN_QUARANTINE

_ASK = sa.select(IN_QUARANTINE)


def in_quarantine(db: Connection) -> bool:
    """True from a restore until an operator releases it."""
    return bool(db.execute(_ASK).scalar_one())
