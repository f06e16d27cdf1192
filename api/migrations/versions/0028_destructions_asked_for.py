"""Destructions asked for

Revision: 0028
After: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who asked for a destruction, who decides, and the lines of its list as they were read."""
    op.create_table(
        "destruction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("committee", engine.db.Json(), nullable=False),
        sa.Column("spare_years", sa.Integer(), nullable=False),
        sa.Column("asked_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["process_instance.id"], name=op.f("fk_destruction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
    )
    shown = sa.Column("shown", sa.Text(), nullable=False, server_default="")
    op.add_column("destruction_item", shown)
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_column("destruction_item", "shown")
    op.drop_table("destruction")
