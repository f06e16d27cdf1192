"""Looks at drafts

Revision: 0047
After: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.fencing import raise_fences
from engine.db import Json, UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What each in the route saw of a draft, while its words may change."""
    op.create_table(
        "document_look",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shown", Json(), nullable=False),
        sa.Column("before_at", UtcDateTime()),
        sa.Column("before", Json()),
        sa.ForeignKeyConstraint(
            ["agency_id", "document_id"],
            ["document.agency_id", "document.id"],
            name=op.f("fk_document_look_agency_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_document_look_agency_id")
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "document_id", "username", name=op.f("pk_document_look")
        ),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("document_look")
