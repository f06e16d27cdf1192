"""The tables of chains that are being worked on."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata

chain_draft = sa.Table(
    "chain_draft",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    # the process's id
    sa.Column("key", sa.String(60), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # what `stored.dump` writes
    sa.Column("content", Json, nullable=False),
    # counts every change: whoever saves says which one they saw
    sa.Column("revision", sa.Integer, nullable=False),
    # the newest version that was published from here, and the revision that it was
    sa.Column("published_version", sa.Integer),
    sa.Column("published_revision", sa.Integer),
    sa.Column("published_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("updated_by", sa.String(60), nullable=False),
    sa.UniqueConstraint("agency_id", "key"),
)

chain_past = sa.Table(
    "chain_past",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("chain_id", sa.Uuid, primary_key=True),
    # counts what the draft came to, in order
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    # the draft's revision when it came to this last
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("content", Json, nullable=False),
    # who brought it to this, and when
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("changed_by", sa.String(60), nullable=False),
    sa.ForeignKeyConstraint(["agency_id", "chain_id"], ["chain_draft.agency_id", "chain_draft.id"]),
)
