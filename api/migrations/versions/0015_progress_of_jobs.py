"""Progress of jobs

Revision: 0015
After: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ASKED = sa.text("asked_by is not null")


def upgrade() -> None:
    """Who follows a job, and how far it has come."""
    op.add_column("job", sa.Column("asked_by", sa.Text()))
    op.add_column("job", sa.Column("progress_done", sa.Integer()))
    op.add_column("job", sa.Column("progress_total", sa.Integer()))
    op.add_column("job", sa.Column("progress_note", sa.Text()))
    op.add_column("job", sa.Column("progress_at", engine.db.UtcDateTime(timezone=True)))
    op.create_index(
        "ix_job_asked_by",
        "job",
        ["agency_id", "asked_by", "id"],
        postgresql_where=_ASKED,
        sqlite_where=_ASKED,
    )


def downgrade() -> None:
    op.drop_index("ix_job_asked_by", table_name="job")
    with op.batch_alter_table("job") as batch:
        for name in ("asked_by", "progress_done", "progress_total", "progress_note", "progress_at"):
            batch.drop_column(name)
