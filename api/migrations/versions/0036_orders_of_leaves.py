"""Orders of leaves

Revision: 0036
After: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A leave names the orders that were recorded with it; earlier ones name none."""
    orders = sa.Column("orders", sa.Text(), nullable=False, server_default="[]")
    op.add_column("leave", orders)


def downgrade() -> None:
    op.drop_column("leave", "orders")
