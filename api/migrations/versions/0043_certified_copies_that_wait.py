"""Certified copies that wait

Revision: 0043
After: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.fencing import raise_fences
from engine.db import Json, UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """For their certifier's own device, or for a timestamp."""
    op.create_table(
        "certification",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("post", sa.String(60), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("of_sha256", sa.String(64), nullable=False),
        sa.Column("told", Json(), nullable=False),
        sa.Column("blob_id", sa.Uuid()),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("cause", sa.Text()),
        sa.Column("copy_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["agency_id", "document_id"],
            ["document.agency_id", "document.id"],
            name=op.f("fk_certification_agency_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "blob_id"],
            ["blob.agency_id", "blob.id"],
            name=op.f("fk_certification_agency_id_blob_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_certification_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_certification")),
    )
    op.create_index(
        op.f("ix_certification_agency_id_document_id"),
        "certification",
        ["agency_id", "document_id"],
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("certification")
