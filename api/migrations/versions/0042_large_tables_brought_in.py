"""Large tables brought in

Revision: 0042
After: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_BROUGHT = "ix_org_event_import"
_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """A file of a whole agency waits here while jobs look through it and carry it out."""
    op.create_table(
        "table_import",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of_table", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("refused", sa.String(length=60), nullable=True),
        sa.Column("plan", sa.String(length=64), nullable=True),
        sa.Column("counts", engine.db.Json(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("lines", engine.db.Json(), nullable=True),
        sa.Column("mistakes", engine.db.Json(), nullable=True),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_table_import_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_table_import")),
    )
    op.create_table(
        "import_part",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_import_part_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "import_id"],
            ["table_import.agency_id", "table_import.id"],
            name=op.f("fk_import_part_agency_id_import_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "import_id", "seq", name=op.f("pk_import_part")),
    )
    op.add_column("org_event", sa.Column("import_id", sa.Uuid(), nullable=True))
    given = sa.text("import_id IS NOT NULL")
    op.create_index(
        _BROUGHT,
        "org_event",
        ["agency_id", "import_id", "id"],
        sqlite_where=given,
        postgresql_where=given,
    )
    raise_fences(op.get_bind())


def downgrade() -> None:
    op.drop_index(_BROUGHT, "org_event")
    with op.batch_alter_table("org_event") as events:
        events.drop_column("import_id")
    op.drop_table("import_part")
    op.drop_table("table_import")
