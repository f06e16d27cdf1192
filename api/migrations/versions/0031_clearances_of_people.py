"""Clearances of people

Revision: 0031
After: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Who may come to know secrets of the state, up to which degree and by whose order."""
    op.create_table(
        "clearance",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(length=60), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_clearance_period")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_clearance_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "person_id"],
            ["person.agency_id", "person.id"],
            name=op.f("fk_clearance_agency_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_clearance")),
    )
    op.create_index(
        op.f("ix_clearance_agency_id_person_id"), "clearance", ["agency_id", "person_id"]
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("clearance")
