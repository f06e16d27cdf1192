"""Withdrawn definitions

Revision: 0014
After: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Since when nothing is started by a version, and who said so."""
    op.add_column(
        "process_definition", sa.Column("withdrawn_at", engine.db.UtcDateTime(timezone=True))
    )
    op.create_table(
        "definition_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_event")),
    )
    op.create_index("ix_definition_event_key", "definition_event", ["agency_id", "key", "id"])
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("definition_event")
    with op.batch_alter_table("process_definition") as batch:
        batch.drop_column("withdrawn_at")
