"""Copies of documents

Revision: 0037
After: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.fencing import raise_fences
from engine.db import Json, UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Files that are made of signed ones, and name them by their hash."""
    op.create_table(
        "document_copy",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("of_sha256", sa.String(64), nullable=False),
        sa.Column("told", Json(), nullable=False),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(60), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "document_id"],
            ["document.agency_id", "document.id"],
            name=op.f("fk_document_copy_agency_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "blob_id"],
            ["blob.agency_id", "blob.id"],
            name=op.f("fk_document_copy_agency_id_blob_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_document_copy_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_document_copy")),
        sa.UniqueConstraint(
            "agency_id",
            "document_id",
            "kind",
            "ordinal",
            name=op.f("uq_document_copy_agency_id_document_id_kind_ordinal"),
        ),
        sa.UniqueConstraint(
            "agency_id", "entry_id", name=op.f("uq_document_copy_agency_id_entry_id")
        ),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("document_copy")
