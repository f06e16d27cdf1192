"""Keys on hardware tokens

Revision: 0016
After: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A key's bytes, or where on which token it lies."""
    with op.batch_alter_table("signing_key") as batch:
        batch.alter_column("encrypted_key", existing_type=sa.LargeBinary(), nullable=True)
        batch.add_column(sa.Column("token", engine.db.Json()))


def downgrade() -> None:
    kept = op.get_bind().exec_driver_sql("SELECT count(*) FROM signing_key WHERE token IS NOT NULL")
    if kept.scalar():
        raise RuntimeError(
            "Expected no key on a hardware token, but there are some, which the version before"
            " cannot keep. Have their owners enrol others, and delete the rows of those."
        )
    with op.batch_alter_table("signing_key") as batch:
        batch.drop_column("token")
        batch.alter_column("encrypted_key", existing_type=sa.LargeBinary(), nullable=False)
