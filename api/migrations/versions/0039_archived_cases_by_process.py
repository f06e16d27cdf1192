"""Archived cases by process

Revision: 0039
After: 0038
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_INDEX = "ix_archived_instance_process"


def upgrade() -> None:
    """The archive lists the cases of one process, and those of the processes granted to somebody."""
    op.create_index(_INDEX, "archived_instance", ["agency_id", "definition_key", "id"])


def downgrade() -> None:
    op.drop_index(_INDEX, "archived_instance")
