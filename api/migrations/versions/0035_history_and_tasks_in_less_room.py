"""History and tasks in less room

Revision: 0035
After: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_HELD, _HELD_BY_OTHERS = "assignee is not null", "assignee is not null and completed_by is null"


def upgrade() -> None:
    """Keys and indexes no longer repeat the agency of a root, and an event of the root's own does
    not name it twice. Rows that are there stay as they are: both forms are read.
    """
    _take_time()
    _key_history("root_id", "seq", names_root=False)
    _key_candidates("task_id", "principal", "barred")
    _index_tasks(_HELD_BY_OTHERS, "root_id", "element_id", "id")


def downgrade() -> None:
    _take_time()
    op.execute("UPDATE history_event SET instance_id = root_id WHERE instance_id IS NULL")
    _key_history("agency_id", "root_id", "seq", names_root=True)
    _key_candidates("task_id", "principal", "barred", "agency_id")
    _index_tasks(_HELD, "agency_id", "root_id", "element_id", "id")


def _take_time() -> None:
    """The key of a large house's history is not made within what a page may take."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")


def _key_history(*columns: str, names_root: bool) -> None:
    with op.batch_alter_table("history_event") as batch:
        batch.drop_constraint("pk_history_event", type_="primary")
        batch.create_primary_key("pk_history_event", list(columns))
        batch.alter_column("instance_id", existing_type=sa.Uuid(), nullable=not names_root)


def _key_candidates(*columns: str) -> None:
    with op.batch_alter_table("task_candidate") as batch:
        batch.drop_constraint("pk_task_candidate", type_="primary")
        batch.create_primary_key("pk_task_candidate", list(columns))


def _index_tasks(held: str, *columns: str) -> None:
    op.drop_index("ix_task_assignee", table_name="task")
    op.create_index(
        "ix_task_assignee", "task", ["agency_id", "assignee", "root_id"],
        postgresql_where=sa.text(held), sqlite_where=sa.text(held),
    )  # fmt: skip
    op.drop_index("ix_task_root_element", table_name="task")
    op.create_index("ix_task_root_element", "task", list(columns))
