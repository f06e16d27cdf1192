"""Migrations of instances to other versions: who, from where to where, and the way back."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, metadata
from engine.models.columns import agency, moment, own_id, refers
from engine.models.packing import Packed

instance_migration = sa.Table(
    "instance_migration",
    metadata,
    own_id(),
    agency(),
    refers("root_id", "process_instance.id"),
    refers("from_definition_id", "process_definition.id"),
    refers("to_definition_id", "process_definition.id"),
    # element id in the old version -> in the new one, where they differ
    sa.Column("mapping", Json, nullable=False),
    sa.Column("migrated_by", sa.Text, nullable=False),
    moment("migrated_at"),
    # The state before, and what the rows beside it said (None: it moved on at once, and there is
    # no way back). Bytes as they were: the old version reads them.
    sa.Column("state", sa.LargeBinary),
    sa.Column("rows", Packed),
    # the instance has not moved since while its state has this hash and history no later move
    sa.Column("state_sha256", sa.LargeBinary, nullable=False),
    sa.Column("history_seq", sa.Integer, nullable=False),
    moment("undone_at", optional=True),
    sa.Column("undone_by", sa.Text),
    sa.Index("ix_instance_migration_root", "agency_id", "root_id", "id"),
)
