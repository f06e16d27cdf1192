"""Files of cases

Revision: 0048
After: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.fencing import raise_fences
from engine.db import UtcDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Which files a case has by its forms, and in which field each came."""
    op.create_table(
        "case_file",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("added_by", sa.String(60), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_file_agency_id")),
        sa.ForeignKeyConstraint(
            ["agency_id", "blob_id"],
            ["blob.agency_id", "blob.id"],
            name=op.f("fk_case_file_agency_id_blob_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "blob_id", name=op.f("pk_case_file")),
    )
    op.create_index("ix_case_file_agency_id_root_id", "case_file", ["agency_id", "root_id"])
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("case_file")
