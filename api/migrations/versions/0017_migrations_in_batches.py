"""Migrations in batches

Revision: 0017
After: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Which running instances go to another version together, and what became of each."""
    op.create_table(
        "migration_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("target_definition_id", sa.Uuid(), nullable=False),
        sa.Column("source_definition_id", sa.Uuid()),
        sa.Column("mapping", engine.db.Json(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("by_person", sa.Uuid()),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("carried_by", sa.Text()),
        sa.Column("carried_at", _MOMENT),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_at", _MOMENT),
        sa.Column("settled_at", _MOMENT),
        sa.ForeignKeyConstraint(
            ["target_definition_id"],
            ["process_definition.id"],
            name=op.f("fk_migration_batch_target_definition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["source_definition_id"],
            ["process_definition.id"],
            name=op.f("fk_migration_batch_source_definition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_batch")),
    )
    op.create_index("ix_migration_batch_key", "migration_batch", ["agency_id", "key", "id"])
    working = sa.text("state in ('checking', 'migrating', 'undoing')")
    op.create_index(
        "uq_migration_batch_working",
        "migration_batch",
        ["agency_id", "key"],
        unique=True,
        postgresql_where=working,
        sqlite_where=working,
    )
    op.create_table(
        "migration_fate",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("from_definition_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("element_id", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.Column("tokens", engine.db.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["migration_batch.id"], name=op.f("fk_migration_fate_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "batch_id", "root_id", name=op.f("pk_migration_fate")
        ),
    )
    op.create_index(
        "ix_migration_fate_outcome",
        "migration_fate",
        ["agency_id", "batch_id", "outcome", "root_id"],
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("migration_fate")
    op.drop_table("migration_batch")
