"""History without an index of types

Revision: 0002
After: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """It was a fifth of what a finished case takes, and nothing looks for a type across cases."""
    op.drop_index("ix_history_event_type", table_name="history_event")


def downgrade() -> None:
    op.create_index(
        "ix_history_event_type", "history_event", ["agency_id", "root_id", "type", "seq"]
    )
