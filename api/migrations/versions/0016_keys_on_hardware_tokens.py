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
    op.execute("DELETE FROM signing_key WHERE encrypted_key IS NULL")
    with op.batch_alter_table("signing_key") as batch:
        batch.drop_column("token")
        batch.alter_column("encrypted_key", existing_type=sa.LargeBinary(), nullable=False)
