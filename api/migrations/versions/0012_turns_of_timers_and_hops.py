"""Turns of timers, and hops of messages

Revision: 0012
After: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COUNTED = ("job", "message_buffer")


def upgrade() -> None:
    """Due timers are looked for agency by agency; what messages lead to counts them."""
    op.create_index("ix_timer_turn", "timer", ["agency_id", "due_at"])
    op.drop_index("ix_timer_due", table_name="timer")
    for table in _COUNTED:
        op.add_column(table, sa.Column("hops", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    for table in _COUNTED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("hops")
    op.create_index("ix_timer_due", "timer", ["due_at"])
    op.drop_index("ix_timer_turn", table_name="timer")
