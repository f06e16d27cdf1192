"""Files known by what was signed

Revision: 0044
After: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever brings a file names no agency and no number: its signatures are looked up. Certified
    copies of before are known by their bytes alone.
    """
    op.add_column("document_copy", sa.Column("digest", sa.String(128)))
    op.create_index(op.f("ix_document_copy_digest"), "document_copy", ["digest"])
    op.create_index(op.f("ix_signature_digest"), "signature", ["digest"])


def downgrade() -> None:
    op.drop_index(op.f("ix_signature_digest"), "signature")
    op.drop_index(op.f("ix_document_copy_digest"), "document_copy")
    op.drop_column("document_copy", "digest")
