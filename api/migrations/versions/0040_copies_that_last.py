"""Certified copies that last

Revision: 0040
After: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.fencing import raise_fences
from engine.db import UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Their files with archive timestamps more, as signed letters have them."""
    op.create_table(
        "copy_rendition",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("copy_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("stamped_at", UtcDateTime(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "copy_id"],
            ["document_copy.agency_id", "document_copy.id"],
            name=op.f("fk_copy_rendition_agency_id_copy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "blob_id"],
            ["blob.agency_id", "blob.id"],
            name=op.f("fk_copy_rendition_agency_id_blob_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_copy_rendition_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_copy_rendition")),
        sa.UniqueConstraint(
            "agency_id",
            "copy_id",
            "ordinal",
            name=op.f("uq_copy_rendition_agency_id_copy_id_ordinal"),
        ),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("copy_rendition")
