"""Grants of processes

Revision: 0032
After: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Who may start one process, or see its cases, beside those whom roles and diagrams name."""
    op.create_table(
        "process_grant",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_grant")),
    )
    op.create_index(
        op.f("ix_process_grant_principal"), "process_grant", ["agency_id", "principal"]
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("process_grant")
