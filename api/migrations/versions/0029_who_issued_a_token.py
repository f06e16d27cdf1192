"""Who issued a token

Revision: 0029
After: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A token that another issued opens nothing once its owner holds a post."""
    op.add_column("api_token", sa.Column("issued_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_token", "issued_by")
