"""Agencies fenced twice

Revision: 0010
After: 0009
"""

from __future__ import annotations

from alembic import op

from api.migrations.fencing import lower_fences, raise_fences

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL only: policies that show a transaction one agency's rows."""
    raise_fences(op.get_bind())


def downgrade() -> None:
    lower_fences(op.get_bind())
