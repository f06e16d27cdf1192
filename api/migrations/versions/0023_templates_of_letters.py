"""Templates of letters

Revision: 0023
After: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Words of documents that new ones begin with, of a unit or of the whole agency."""
    op.create_table(
        "letter_template",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=60)),
        sa.Column("content", engine.db.Json(), nullable=False),
        sa.Column("kept_by", sa.String(length=60), nullable=False),
        sa.Column("kept_at", _MOMENT, nullable=False),
        sa.Column("away_at", _MOMENT),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_letter_template_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_letter_template")),
    )
    op.create_index(
        op.f("ix_letter_template_agency_id_name"), "letter_template", ["agency_id", "name"]
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("letter_template")
