"""Posts under endorsements

Revision: 0041
After: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import Json

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What stood under the name, and the outcome in words; earlier ones have neither. A slip may be
    made before there is a signed file.
    """
    op.add_column("endorsement", sa.Column("position_lines", Json()))
    op.add_column("endorsement", sa.Column("outcome_name", sa.Text()))
    with op.batch_alter_table("document_copy") as batch:
        batch.alter_column("of_sha256", existing_type=sa.String(64), nullable=True)


def downgrade() -> None:
    unsigned = "SELECT count(*) FROM document_copy WHERE of_sha256 IS NULL"
    if op.get_bind().exec_driver_sql(unsigned).scalar():
        raise RuntimeError(
            "Expected no slip of a letter that was not signed, but there are some, which the version"
            " before cannot keep. Delete their rows of document_copy."
        )
    with op.batch_alter_table("document_copy") as batch:
        batch.alter_column("of_sha256", existing_type=sa.String(64), nullable=False)
    op.drop_column("endorsement", "outcome_name")
    op.drop_column("endorsement", "position_lines")
