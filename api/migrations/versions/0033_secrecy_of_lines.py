"""Secrecy of the registers' lines

Revision: 0033
After: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lines of the registers of what is secret say how secret; all that there are, are ordinary."""
    with op.batch_alter_table("register_entry") as batch_op:
        batch_op.add_column(
            sa.Column("secrecy", sa.SmallInteger(), nullable=False, server_default="1")
        )


def downgrade() -> None:
    with op.batch_alter_table("register_entry") as batch_op:
        batch_op.drop_column("secrecy")
