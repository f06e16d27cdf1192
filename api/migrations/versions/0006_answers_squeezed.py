"""Answers squeezed

Revision: 0006
After: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.models.command_log

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there stays as it is, as bytes: the type reads both, and a week later it is gone."""
    with op.batch_alter_table("command_log") as table:
        table.alter_column(
            "answer",
            type_=engine.models.command_log.Squeezed(),
            existing_type=sa.Text(),
            existing_nullable=True,
            postgresql_using="convert_to(answer, 'UTF8')",
        )


def downgrade() -> None:
    """The answers go: a command that is repeated across the step back finds none of its own."""
    op.execute("DELETE FROM command_log")
    with op.batch_alter_table("command_log") as table:
        table.alter_column(
            "answer",
            type_=sa.Text(),
            existing_type=engine.models.command_log.Squeezed(),
            existing_nullable=True,
            postgresql_using="convert_from(answer, 'UTF8')",
        )
