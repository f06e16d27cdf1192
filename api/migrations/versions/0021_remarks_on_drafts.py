"""Remarks on drafts

Revision: 0021
After: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """What readers of a draft say of its words, propose for them, and answer one another."""
    op.create_table(
        "remark",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("paragraph", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text()),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_by", sa.String(length=60)),
        sa.Column("settled_at", _MOMENT),
        sa.ForeignKeyConstraint(
            ["agency_id", "document_id"],
            ["document.agency_id", "document.id"],
            name=op.f("fk_remark_agency_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_remark_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_remark")),
    )
    op.create_index(
        op.f("ix_remark_agency_id_document_id_at"), "remark", ["agency_id", "document_id", "at"]
    )
    op.create_table(
        "remark_reply",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remark_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "remark_id"],
            ["remark.agency_id", "remark.id"],
            name=op.f("fk_remark_reply_agency_id_remark_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_remark_reply_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_remark_reply")),
    )
    op.create_index(
        op.f("ix_remark_reply_agency_id_remark_id_at"),
        "remark_reply",
        ["agency_id", "remark_id", "at"],
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("remark_reply")
    op.drop_table("remark")
