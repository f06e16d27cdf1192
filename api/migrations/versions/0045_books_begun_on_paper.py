"""Books begun on paper

Revision: 0045
After: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An agency that comes from paper in the middle of a year goes on where its books stand."""
    op.create_table(
        "book_start",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("started_by", sa.String(length=60), nullable=False),
        sa.Column("started_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("after >= 0 and first > after + 1", name=op.f("ck_book_start_range")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_book_start_agency_id")),
        sa.ForeignKeyConstraint(
            ["agency_id", "book_id"],
            ["letter_book.agency_id", "letter_book.id"],
            name=op.f("fk_book_start_agency_id_book_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_book_start")),
        sa.UniqueConstraint(
            "agency_id", "book_id", "first", name=op.f("uq_book_start_agency_id_book_id_first")
        ),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("book_start")
