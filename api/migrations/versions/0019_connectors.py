"""Connectors to other systems

Revision: 0019
After: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What an agency's processes may call, and how; the secret is sealed."""
    op.create_table(
        "connector",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("methods", engine.db.Json(), nullable=False),
        sa.Column("paths", engine.db.Json(), nullable=False),
        sa.Column("headers", engine.db.Json(), nullable=False),
        sa.Column("auth", sa.String(length=10), nullable=False),
        sa.Column("auth_name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("timeout", sa.Integer(), nullable=False),
        sa.Column("max_bytes", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("processes", engine.db.Json(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_connector_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_connector")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_connector_agency_id_name")),
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_table("connector")
