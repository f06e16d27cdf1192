"""Second factors asked for

Revision: 0022
After: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A session of who has to get a second factor first; those that are open go on without."""
    op.add_column(
        'session',
        sa.Column('must_enrol', sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and what hangs on its rows would go.
    op.drop_column('session', 'must_enrol')
