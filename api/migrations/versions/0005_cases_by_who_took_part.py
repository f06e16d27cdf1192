"""Cases by who took part

Revision: 0005
After: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WHO = {"ix_task_assignee": "assignee", "ix_task_returned": "returned_by"}


def upgrade() -> None:
    """A person's cases were looked for by asking every case of the house: seconds among many."""
    op.create_index(
        "ix_task_candidate_principal", "task_candidate", ["agency_id", "principal", "root_id"]
    )
    op.drop_index("ix_task_candidate_root", table_name="task_candidate")
    for name, who in _WHO.items():
        where = sa.text(f"{who} is not null")
        op.create_index(
            name, "task", ["agency_id", who, "root_id"],
            postgresql_where=where, sqlite_where=where,
        )  # fmt: skip


def downgrade() -> None:
    for name in _WHO:
        op.drop_index(name, table_name="task")
    op.create_index(
        "ix_task_candidate_root", "task_candidate", ["agency_id", "root_id", "principal"]
    )
    op.drop_index("ix_task_candidate_principal", table_name="task_candidate")
