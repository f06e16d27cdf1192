"""Archived cases destroyed

Revision: 0026
After: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_MOMENTS = ("keep_until", "held_at", "destroyed_at", "approved_at")
_TEXTS = ("held_by", "hold_reason", "approved_by")


def upgrade() -> None:
    """How long archived cases are kept, what holds them, and who said that they go."""
    op.add_column("archive_policy", sa.Column("destroy_years", sa.Integer(), nullable=True))
    for name in _MOMENTS:
        column = sa.Column(name, engine.db.UtcDateTime(timezone=True), nullable=True)
        op.add_column("archived_instance", column)
    for name in _TEXTS:
        op.add_column("archived_instance", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("archived_instance", sa.Column("destruction_id", sa.Uuid(), nullable=True))
    op.create_table(
        "destruction_item",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("destruction_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("spared_by", engine.db.Json(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["archived_instance.id"], name=op.f("fk_destruction_item_case_id")
        ),
        sa.PrimaryKeyConstraint(
            "destruction_id", "ordinal", "agency_id", name=op.f("pk_destruction_item")
        ),
    )
    op.create_index("ix_destruction_item_case", "destruction_item", ["case_id"])
    raise_fences(op.get_bind())


def downgrade() -> None:
    """Refused once a file was destroyed: what stays of it has no other place."""
    if op.get_bind().scalar(
        sa.text("SELECT 1 FROM archived_instance WHERE destroyed_at IS NOT NULL LIMIT 1")
    ):
        raise ValueError("Expected no destroyed cases, but there are: this version has no place.")
    op.drop_table("destruction_item")
    for name in (*_MOMENTS, *_TEXTS, "destruction_id"):
        op.drop_column("archived_instance", name)
    op.drop_column("archive_policy", "destroy_years")
