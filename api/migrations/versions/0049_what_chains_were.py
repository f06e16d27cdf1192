"""What drafts of chains were

Revision: 0049
After: 0048
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.fencing import raise_fences
from engine.db import Json, UtcDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What each draft of cards was before its changes, so that they can be taken back."""
    op.create_table(
        "chain_past",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "chain_id"],
            ["chain_draft.agency_id", "chain_draft.id"],
            name=op.f("fk_chain_past_agency_id_chain_id"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_chain_past_agency_id")),
        sa.PrimaryKeyConstraint(
            "agency_id", "chain_id", "position", name=op.f("pk_chain_past")
        ),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("chain_past")
