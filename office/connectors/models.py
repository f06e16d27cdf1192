"""The table of connectors."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata

connector = sa.Table(
    "connector",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    # what diagrams name it by
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("base_url", sa.Text, nullable=False),
    sa.Column("methods", Json, nullable=False),
    sa.Column("paths", Json, nullable=False),
    sa.Column("headers", Json, nullable=False),
    # one of rules.AUTHS
    sa.Column("auth", sa.String(10), nullable=False),
    sa.Column("auth_name", sa.Text, nullable=False),
    # sealed for this row alone (office.accounts.secrets); never read but by a call
    sa.Column("secret", sa.LargeBinary),
    # seconds
    sa.Column("timeout", sa.Integer, nullable=False),
    sa.Column("max_bytes", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # keys of the processes that may use it
    sa.Column("processes", Json, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    # grows with every change
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("agency_id", "name"),
)
