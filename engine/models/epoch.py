"""Epochs of this installation: a restore begins one, or a replica that took over; it is quarantined
until an operator agrees.

No agency: all of them were restored together.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import moment

epoch = sa.Table(
    "epoch",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    # the backup that it began with, or why it is an older database
    sa.Column("cause", sa.Text, nullable=False),
    moment("began_at"),
    # from here on nothing of the world before counts: leases, sessions, tokens, numbers
    moment("fenced_at", optional=True),
    # an operator let jobs, timers and mail go again
    moment("released_at", optional=True),
)

#: Whether the world outside must not hear of us yet.
IN_QUARANTINE = sa.exists().where(epoch.c.released_at.is_(None))
