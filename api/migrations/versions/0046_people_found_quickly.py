"""People found quickly

Revision: 0046
After: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A search read each of an agency's names and folded its case; a signature read all posts for
    the one of its signer, and the sweep all sessions for those that ended.
    """
    # SQLite adds no column that it stores: there it is made at each reading
    stored = op.get_bind().dialect.name != "sqlite"
    sought = sa.Computed("lower(name || ' ' || name_en || ' ' || username)", persisted=stored)
    op.add_column("person", sa.Column("sought", sa.Text, sought))
    op.create_index(op.f("ix_position_agency_id_name"), "position", ["agency_id", "name"])
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_session_expires_at"), "session")
    op.drop_index(op.f("ix_position_agency_id_name"), "position")
    op.drop_column("person", "sought")
