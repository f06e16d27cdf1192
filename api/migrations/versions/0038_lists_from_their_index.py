"""Lists from their index

Revision: 0038
After: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_INDEX = "ix_task_candidate_live"
_LISTED = ("barred", "free", "priority", "due_at")


def upgrade() -> None:
    """What lists find, count and order a task by stands where they look for it. Candidates of tasks
    that are over are listed no more: theirs are not read, and stay as they are made here.
    """
    _take_time()
    op.add_column(
        "task_candidate",
        sa.Column("free", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "task_candidate",
        sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="0"),
    )
    op.add_column("task_candidate", sa.Column("due_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE task_candidate SET free = (task.state = 'open'), priority = task.priority,"
        " due_at = task.due_at FROM task WHERE task.id = task_candidate.task_id"
        " AND task_candidate.live"
    )
    _index("agency_id", "principal", "task_id", *_LISTED)


def downgrade() -> None:
    _take_time()
    _index("agency_id", "principal", "task_id")
    for name in ("free", "priority", "due_at"):
        op.drop_column("task_candidate", name)


def _take_time() -> None:
    """A large house's rows are not written within what a page may take."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")


def _index(*columns: str) -> None:
    op.drop_index(_INDEX, table_name="task_candidate")
    op.create_index(
        _INDEX, "task_candidate", list(columns),
        postgresql_where=sa.text("live"), sqlite_where=sa.text("live"),
    )  # fmt: skip
