"""Agencies fenced twice

Revision: 0011
After: 0010
"""

from __future__ import annotations

from alembic import op

from api.migrations.fencing import lower_fences, raise_fences

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL only: policies that show a transaction one agency's rows."""
    raise_fences(op.get_bind())


def downgrade() -> None:
    lower_fences(op.get_bind())
