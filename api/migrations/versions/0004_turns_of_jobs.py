"""Turns of jobs

Revision: 0004
After: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Workers look for the first job of each queue of each agency."""
    op.create_index(
        "ix_job_turn",
        "job",
        ["agency_id", "queue", "due_at", "id"],
        postgresql_where=_WAITING,
        sqlite_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_job_turn", table_name="job")
