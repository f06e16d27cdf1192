"""The agency's electronic seal

Revision: 0027
After: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The keys of an agency's seal, and which documents bear it."""
    op.create_table(
        "seal_key",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("encrypted_key", sa.LargeBinary(), nullable=True),
        sa.Column("token", engine.db.Json(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("chain", engine.db.Json(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("not_before", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_after", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("enrolled_by", sa.String(length=60), nullable=False),
        sa.Column("enrolled_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", engine.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", engine.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_seal_key_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_seal_key")),
    )
    op.create_table(
        "document_seal",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("sealed_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("stamped_at", engine.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_document_seal_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "document_id"],
            ["document.agency_id", "document.id"],
            name=op.f("fk_document_seal_agency_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_document_seal")),
        sa.UniqueConstraint(
            "agency_id", "document_id", name=op.f("uq_document_seal_agency_id_document_id")
        ),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("document_seal")
    op.drop_table("seal_key")
