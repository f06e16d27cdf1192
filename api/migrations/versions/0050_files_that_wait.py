"""Files that wait

Revision: 0050
After: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_WAITS = sa.text("held_by LIKE 'upload:%'")


def upgrade() -> None:
    """What was handed in and never sent was looked for among all that is stored, every hour."""
    op.create_index(
        "ix_blob_waiting", "blob", ["created_at", "agency_id"],
        postgresql_where=_WAITS, sqlite_where=_WAITS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_blob_waiting", table_name="blob")
