"""Commands carried out, with their answers: what makes a repeated command harmless."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import agency, moment

command_log = sa.Table(
    "command_log",
    metadata,
    agency(),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("command_id", sa.Uuid, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    # null only inside the transaction that carries the command out
    sa.Column("answer", sa.Text),
    moment("at"),
    sa.PrimaryKeyConstraint("agency_id", "actor", "command_id"),
    sa.Index("ix_command_log_at", "at"),
)
