"""Copies of before

Revision: 0051
After: 0050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_NOT_KNOWN = sa.text("kind = 'certified' AND digest IS NULL")


def upgrade() -> None:
    """Certified copies whose digest was not kept are looked for by the clock, which completes them
    (`office/documents/upkeep`): what their signatures cover stands in their files alone.
    """
    op.create_index(
        "ix_document_copy_not_known", "document_copy", ["agency_id", "id"],
        postgresql_where=_NOT_KNOWN, sqlite_where=_NOT_KNOWN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_document_copy_not_known", table_name="document_copy")
